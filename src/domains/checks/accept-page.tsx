import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useEffect, useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { isTyping } from '../../web/kit/search-box.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { acceptColumns } from './accept-columns.tsx'
import {
  acceptComplete,
  acceptReports,
  type CheckLine,
  type CheckList,
  listChecks,
  Result,
  readCheck,
  returnReport,
} from './contract.ts'
import { words } from './page-words.web.ts'
import { CHECKS, checkPath } from './paths.web.ts'
import { saidOf } from './report-words.web.ts'
import type { ResultCode } from './results.ts'
import { checksWords } from './words.ts'
import './checks.css'

const SIZE = 50

/** Results that wait for the district: one by one with the keyboard, or all complete ones of a code at once. */
export default function AcceptPage() {
  const [address, change] = useAddressState()
  const go = useGo()
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const [index, setIndex] = useState<number>()
  const [returning, setReturning] = useState<CheckLine>()
  const page = Number(address.page ?? 1)
  const result = Result.safeParse(address.result).data
  const checks = useAnswer(listChecks, { query: { page, size: SIZE, tab: 'given', result } })
  const accept = useAction(acceptReports)
  const complete = useAction(acceptComplete)
  const back = useAction(returnReport)
  const rows = checks.data?.rows ?? []
  const done = ({ accepted }: { readonly accepted: number }) => {
    if (accepted > 0) void message.success(words.accept.accepted(showCount(accepted)))
    void queryClient.invalidateQueries()
  }
  const acceptOne = (line: CheckLine | undefined) => {
    if (line?.report == null || line.report.missing.length > 0 || accept.isPending) return
    complete.reset()
    accept.mutate({ body: { reportIds: [line.report.reportId] } }, { onSuccess: done })
  }
  useListKeys({
    count: rows.length,
    index,
    onMove: setIndex,
    onOpen: (at) => {
      const row = rows[at]
      if (row !== undefined) go(checkPath(row.caseId))
    },
    onClose: () => setIndex(undefined),
  })
  useKeys(returning === undefined, {
    a: () => acceptOne(index === undefined ? undefined : rows[index]),
    r: () => setReturning(index === undefined ? undefined : rows[index]),
  })
  const refused = [...(accept.data?.refused ?? []), ...(complete.data?.refused ?? [])]
  return (
    <div className="stack">
      <Head checks={checks.data} />
      <ProblemNote fault={checks.error ?? accept.error ?? complete.error} />
      {refused.length === 0 ? null : (
        <Notice tone="passing">
          {words.accept.refusedTitle(showCount(refused.length))}：
          {[...new Set(refused.map(({ reason }) => reason))].join('；')}
        </Notice>
      )}
      {checks.isPending ? <Pending lines={10} /> : null}
      {checks.data === undefined ? null : checks.data.counts.given === 0 ? (
        <Box>
          <Empty title={words.accept.titleNone}>
            <p>{words.accept.empty}</p>
          </Empty>
        </Box>
      ) : (
        <Box>
          <Classes
            checks={checks.data}
            result={result}
            isBusy={complete.isPending}
            onPick={(one) => {
              setIndex(undefined)
              change({ result: one, page: undefined })
            }}
            onComplete={(one) => {
              accept.reset()
              complete.mutate({ body: { result: one } }, { onSuccess: done })
            }}
          />
          <DataTable
            label={words.accept.table}
            columns={acceptColumns({ onAccept: acceptOne, onReturn: setReturning, isBusy: accept.isPending })}
            rows={rows}
            keyOf={({ caseId }) => caseId}
            current={index}
            onOpen={(_, at) => setIndex(at === index ? undefined : at)}
            below={(row) => (row === rows[index ?? -1] ? <Said caseId={row.caseId} /> : null)}
          />
          <Pager page={page} size={SIZE} total={checks.data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
      <ReasonDialog
        title={words.accept.returnTitle(returning?.name ?? '')}
        label={words.accept.reason}
        confirm={words.accept.back1}
        isOpen={returning !== undefined}
        isBusy={back.isPending}
        fault={back.error}
        onReason={(reason) => {
          const reportId = returning?.report?.reportId
          if (reportId === undefined) return
          back.mutate(
            { params: { reportId }, body: { reason } },
            {
              onSuccess: () => {
                setReturning(undefined)
                void queryClient.invalidateQueries()
              },
            },
          )
        }}
        onClose={() => {
          setReturning(undefined)
          back.reset()
        }}
      />
    </div>
  )
}

/** What was said and why the child is a difference: read of the row one stands on, so that each reading is one in the log. */
function Said({ caseId }: { readonly caseId: number }) {
  const found = useAnswer(readCheck, { params: { caseId } })
  const [newest] = found.data?.reports ?? []
  if (found.data === undefined || newest === undefined) return <ProblemNote fault={found.error} />
  return (
    <p className="check-said">
      {found.data.why === null ? null : <span className="second">{checksWords.why[found.data.why]}　</span>}
      {saidOf(newest)} <span className="note">{words.task.by(newest.unit ?? '', showInstant(newest.givenAt))}</span>
    </p>
  )
}

/** Letters beside `j` and `k`. */
function useKeys(isOn: boolean, keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const work = keys[event.key]
      if (work === undefined) return
      event.preventDefault()
      work()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })
}

function Head({ checks }: { readonly checks: CheckList | undefined }) {
  const count = checks?.counts.given
  const title =
    count === undefined
      ? words.accept.documentTitle
      : count === 0
        ? words.accept.titleNone
        : words.accept.title(showCount(count))
  return (
    <PageHead title={title} documentTitle={words.accept.documentTitle} note={words.accept.note}>
      <Link to={CHECKS} className="button">
        {words.accept.back}
      </Link>
    </PageHead>
  )
}

interface ClassesProps {
  readonly checks: CheckList
  readonly result: ResultCode | undefined
  readonly isBusy: boolean
  readonly onPick: (result: ResultCode | undefined) => void
  readonly onComplete: (result: ResultCode) => void
}

function Classes({ checks: { waiting, counts }, result, isBusy, onPick, onComplete }: ClassesProps) {
  const chosen = waiting.find((one) => one.result === result)
  return (
    <>
      <fieldset className="tabs check-tabs" aria-label={words.accept.result}>
        <button type="button" aria-pressed={result === undefined} onClick={() => onPick(undefined)}>
          {words.accept.all(showCount(counts.given))}
        </button>
        {waiting.map((one) => (
          <button
            key={one.result}
            type="button"
            aria-pressed={result === one.result}
            title={checksWords.results[one.result]}
            onClick={() => onPick(one.result)}
          >
            {words.accept.one(`${one.result} ${checksWords.results[one.result]}`, showCount(one.all))}
          </button>
        ))}
      </fieldset>
      <div className="filters">
        {chosen === undefined || chosen.complete === 0 ? null : (
          <Button
            type="primary"
            loading={isBusy}
            title={words.accept.completeWhy(checksWords.results[chosen.result])}
            onClick={() => onComplete(chosen.result)}
          >
            {words.accept.complete(showCount(chosen.complete))}
          </Button>
        )}
        <span className="filters-end key-help note">
          <kbd>j</kbd> <kbd>k</kbd> {words.accept.keys.move} <kbd>a</kbd> {words.accept.keys.accept} <kbd>r</kbd>{' '}
          {words.accept.keys.back} <kbd>Enter</kbd> {words.accept.keys.open}
        </span>
      </div>
    </>
  )
}
