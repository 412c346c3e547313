import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { useAnswer } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { useMay } from '../../web/viewer.tsx'
import { type AccountCode, whereaboutsWords } from '../whereabouts/index.ts'
import { readRun } from './contract.ts'
import { type DifferenceLine, downloadDifference, listDifference } from './difference-contract.ts'
import { DIFFERENCE_CAUSES, DIFFERENCE_KINDS } from './difference-rules.ts'
import { differenceWords as words } from './difference-words.ts'
import { childPath, runPath } from './paths.web.ts'
import './reconcile.css'

const SIZE = 50

/** The children whose account is another one than after the run before. */
export default function DifferencePage() {
  const runId = usePathPart('runId')
  const [address, change] = useAddressState()
  const mayExport = useMay('run.export')
  const page = Number(address['page'] ?? 1)
  const kind = DIFFERENCE_KINDS.find((one) => one === address['kind'])
  const why = DIFFERENCE_CAUSES.find((one) => one === address['why'])
  const run = useAnswer(readRun, { params: { runId } })
  const answer = useAnswer(listDifference, {
    params: { runId },
    query: { page, size: SIZE, ...(kind === undefined ? {} : { kind }), ...(why === undefined ? {} : { why }) },
  })
  if (run.isPending) return <Pending lines={10} />
  if (run.data === undefined) return <PageProblem fault={run.error} onRetry={() => void run.refetch()} />
  return (
    <div className="stack">
      <PageHead title={words.pageTitle(run.data.number)} note={run.data.unit.name}>
        <Link to={runPath(runId)} className="button">
          {words.back}
        </Link>
        {mayExport ? <WorkbookButton runId={runId} /> : null}
      </PageHead>
      <section className="box" aria-label={words.page}>
        <div className="filters">
          <span className="list-note second">{kind === undefined ? '' : words.kindNotes[kind]}</span>
          <div className="filters-end filters-controls">
            <Choice
              label={words.columns.kind}
              none={words.allKinds}
              value={kind ?? ''}
              options={DIFFERENCE_KINDS.map((value) => ({ value, label: words.kinds[value] }))}
              onChange={(value) => change({ kind: value === '' ? undefined : value, page: undefined })}
            />
            <Choice
              label={words.columns.why}
              none={words.allCauses}
              value={why ?? ''}
              options={DIFFERENCE_CAUSES.map((value) => ({ value, label: words.causes[value] }))}
              onChange={(value) => change({ why: value === '' ? undefined : value, page: undefined })}
            />
          </div>
        </div>
        <ProblemNote fault={answer.error} />
        {answer.isPending ? <Pending lines={10} /> : null}
        {answer.data === undefined ? null : (
          <>
            <DataTable
              label={words.page}
              columns={COLUMNS}
              rows={answer.data.rows}
              keyOf={({ childId }) => childId}
              empty={words.empty}
            />
            <Pager page={page} size={SIZE} total={answer.data.total} onPage={(next) => change({ page: next })} />
          </>
        )}
      </section>
    </div>
  )
}

const COLUMNS: readonly Column<DifferenceLine>[] = [
  {
    id: 'name',
    head: words.columns.name,
    isTitle: true,
    width: '150px',
    cell: ({ name, childId }) =>
      name === null ? <span className="second">{words.unseen}</span> : <Link to={childPath(childId)}>{name}</Link>,
  },
  { id: 'birth', head: words.columns.birth, width: '110px', cell: ({ birth }) => birth },
  {
    id: 'citizenId',
    head: words.columns.citizenId,
    width: '176px',
    cell: ({ citizenId }) => <span className="second">{citizenId}</span>,
  },
  {
    id: 'kind',
    head: words.columns.kind,
    width: '104px',
    cell: ({ kind }) => (
      <Tag tone={kind === 'new' ? 'child' : kind === 'resolved' ? 'checked' : 'plain'}>{words.kinds[kind]}</Tag>
    ),
  },
  { id: 'from', head: words.columns.from, cell: ({ from }) => <span className="second">{accountOf(from)}</span> },
  { id: 'to', head: words.columns.to, cell: ({ to }) => accountOf(to) },
  { id: 'why', head: words.columns.why, cell: ({ why }) => words.causes[why] },
]

function accountOf(code: AccountCode | null): string {
  return code === null ? words.notInBooks : whereaboutsWords.account[code]
}

function WorkbookButton({ runId }: { readonly runId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const fetching = useMutation({
    mutationFn: (reason: string) => download(downloadDifference, { params: { runId }, body: { reason } }),
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
    },
  })
  return (
    <>
      <Button icon={<Icon name="download" size={14} />} onClick={() => setIsOpen(true)}>
        {words.download}
      </Button>
      <ReasonDialog
        title={words.download}
        label={words.purpose}
        confirm={words.download}
        isOpen={isOpen}
        isBusy={fetching.isPending}
        fault={fetching.error}
        onReason={(reason) => fetching.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          fetching.reset()
        }}
      />
    </>
  )
}
