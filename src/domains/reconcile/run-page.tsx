import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDecimal, showShortInstant } from '../../web/format.ts'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { NotFoundPage, PageProblem } from '../../web/shell/page-states.tsx'
import { words as kit } from '../../web/words.ts'
import { LIST_NAMES, type ListName, type Run, readRun } from './contract.ts'
import { words } from './page-words.web.ts'
import { RUNS, reviewPath } from './paths.web.ts'
import { readReview } from './review-contract.ts'
import { words as review } from './review-page-words.web.ts'
import { RunEnded } from './run-ended.tsx'
import { RunList } from './run-list.tsx'
import { RunProgress } from './run-progress.tsx'
import { RunResult } from './run-result.tsx'
import { isLive, RunStateTag } from './run-state-tag.tsx'
import { RunTabs } from './run-tabs.tsx'
import { WorkbookButton } from './workbook-button.tsx'
import './reconcile.css'

/** One run from the first row to the last list. The address of a run outside one's scope is an address of nothing. */
export default function RunPage() {
  const runId = usePathPart('runId')
  const list = usePathPart('list')
  const [address] = useAddressState()
  const run = useAnswer(
    readRun,
    { params: { runId } },
    { every: (answer) => (answer !== undefined && isLive(answer) ? 1000 : false) },
  )
  if (run.isPending) return <Pending lines={10} />
  if (run.data === undefined) return <PageProblem fault={run.error} onRetry={() => void run.refetch()} />
  if (list !== '' && !isListName(list)) return <NotFoundPage />
  return (
    <div className="stack">
      <RunHead run={run.data} />
      {run.isError ? <Notice>{kit.state.stale}</Notice> : null}
      {address['same'] === undefined ? null : <Notice>{words.books.same(run.data.number)}</Notice>}
      <RunBody run={run.data} list={list === '' ? undefined : list} />
    </div>
  )
}

function RunBody({ run, list }: { readonly run: Run; readonly list: ListName | undefined }) {
  if (isLive(run)) return <RunProgress run={run} />
  if (run.summary === null) return <RunEnded run={run} />
  return (
    <>
      <RunTabs runId={run.runId} summary={run.summary} current={list} />
      {list === undefined ? (
        <RunResult run={run} summary={run.summary} />
      ) : (
        <RunList key={list} runId={run.runId} list={list} summary={run.summary} />
      )}
    </>
  )
}

function RunHead({ run }: { readonly run: Run }) {
  const { summary } = run
  const facts = [
    run.unit.name,
    words.schoolYear(run.schoolYear),
    run.startedAt === null ? undefined : words.run.startedAt(showShortInstant(run.startedAt)),
    summary === null ? undefined : words.run.took(showDecimal(summary.elapsedSeconds)),
    summary === null ? undefined : words.run.engine(summary.engine.version),
  ]
  return (
    <PageHead
      title={`${words.run.title(run.number)} · ${words.run.subject}`}
      mark={<RunStateTag state={run.state} />}
      note={facts.filter((fact) => fact !== undefined).join(' · ')}
    >
      <Link to={RUNS} className="button">
        {words.run.back}
      </Link>
      {run.purpose === 'books' && summary !== null ? <ReviewLink runId={run.runId} /> : null}
      {run.mayExport && summary !== null ? <WorkbookButton runId={run.runId} /> : null}
    </PageHead>
  )
}

/** How many pairs wait for the reader. */
function ReviewLink({ runId }: { readonly runId: string }) {
  const { data } = useAnswer(readReview, { params: { runId } })
  const forMe = data?.forMe ?? 0
  return (
    <Link to={reviewPath(runId)} className="button">
      {forMe === 0 ? review.open : review.openLeft(showCount(forMe))}
    </Link>
  )
}

function isListName(text: string): text is ListName {
  return LIST_NAMES.some((name) => name === text)
}
