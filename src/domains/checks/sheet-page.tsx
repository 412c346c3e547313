import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { writtenOf } from './forms-page.tsx'
import { words } from './page-words.web.ts'
import { FORMS, REPORTS } from './paths.web.ts'
import { type CheckSheet, type CheckSheetRow, commitSheet, readSheet, type SheetCounts } from './sheet-contract.ts'
import './checks.css'

/** What becomes of every row; written only when it is said. */
export default function SheetPage() {
  const sheetId = usePathPart('sheetId')
  const sheet = useAnswer(readSheet, { params: { sheetId } })
  if (sheet.isPending) return <Pending lines={10} />
  if (sheet.data === undefined) return <PageProblem fault={sheet.error} onRetry={() => void sheet.refetch()} />
  const { counts, committedAt, rows } = sheet.data
  return (
    <div className="stack">
      <PageHead title={words.sheet.title} note={`${words.forms.at} ${showInstant(sheet.data.createdAt)}`}>
        <Link to={FORMS} className="button">
          {words.forms.again}
        </Link>
        {committedAt === null ? null : (
          <Link to={REPORTS} className="button">
            {words.list.reports}
          </Link>
        )}
      </PageHead>
      {counts === null ? <Notice tone="passing">{words.sheet.gone}</Notice> : <Counts counts={counts} />}
      {committedAt === null ? null : <Notice>{words.sheet.done}</Notice>}
      {committedAt === null && counts !== null ? <Commit sheet={sheet.data} counts={counts} /> : null}
      {rows.length === 0 ? null : (
        <Box title={words.sheet.look}>
          <DataTable
            label={words.sheet.look}
            columns={COLUMNS}
            rows={rows}
            keyOf={({ row }) => row}
            below={(row) => <Reasons row={row} />}
          />
        </Box>
      )}
    </div>
  )
}

const SHOWN = ['rows', 'given', 'tried', 'closes', 'new', 'known', 'same', 'closed', 'empty', 'refused'] as const

function Counts({ counts }: { readonly counts: SheetCounts }) {
  return (
    <Box>
      <dl className="box-body check-counts">
        {SHOWN.filter((id) => id === 'rows' || counts[id] > 0).map((id) => (
          <div key={id}>
            <dt>{words.sheet.counts[id]}</dt>
            <dd className={id === 'refused' ? 'check-due passing' : undefined}>{showCount(counts[id])}</dd>
          </div>
        ))}
      </dl>
    </Box>
  )
}

function Commit({ sheet, counts }: { readonly sheet: CheckSheet; readonly counts: SheetCounts }) {
  const queryClient = useQueryClient()
  const commit = useAction(commitSheet)
  const request = { params: { sheetId: sheet.sheetId } }
  const written = writtenOf(counts)
  const confirm = () =>
    commit.mutate(request, {
      onSuccess: (answer) => {
        queryClient.setQueryData(keyOf(readSheet, request), answer)
        for (const key of ['check.list', 'check.progress', 'check-sheet.list', 'check.reports'])
          void queryClient.invalidateQueries({ queryKey: [key] })
      },
    })
  return (
    <>
      <ProblemNote fault={commit.error} />
      {written === 0 ? (
        <Notice>{words.sheet.nothing}</Notice>
      ) : (
        <div className="check-foot">
          <span className="second">{counts.refused > 0 ? words.sheet.doWhy : words.sheet.clean}</span>
          <Button type="primary" loading={commit.isPending} onClick={confirm}>
            {words.sheet.do(showCount(written))}
          </Button>
        </div>
      )}
    </>
  )
}

function Reasons({ row: { findings, note } }: { readonly row: CheckSheetRow }) {
  return (
    <ul className="check-reasons">
      {findings.map(({ heading, reason }) => (
        <li key={`${heading}${reason}`}>
          <b>{heading}</b> {reason}
        </li>
      ))}
      {note === null ? null : <li className="note">{note}</li>}
    </ul>
  )
}

const COLUMNS: readonly Column<CheckSheetRow>[] = [
  { id: 'row', head: words.sheet.row, width: '56px', isNumber: true, cell: ({ row }) => row },
  { id: 'name', head: words.sheet.name, isTitle: true, cell: ({ name }) => name },
  {
    id: 'outcome',
    head: words.sheet.result,
    width: '40%',
    cell: ({ outcome }) => (
      <Tag tone={outcome === 'refused' ? 'passing' : 'plain'}>{words.sheet.outcomes[outcome]}</Tag>
    ),
  },
]
