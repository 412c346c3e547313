import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { useMay } from '../../web/viewer.tsx'
import { type Run, readRun } from './contract.ts'
import { NEW_RUN, reviewPath, runPath } from './paths.web.ts'
import { type ReviewOverview, readReview } from './review-contract.ts'
import { ReviewDecision } from './review-decision.tsx'
import { ReviewDesk } from './review-desk.tsx'
import { ReviewList } from './review-list.tsx'
import { ReviewModelBox } from './review-model-box.tsx'
import { words } from './review-page-words.web.ts'
import './review.css'

const MODES = ['looks', 'disputes', 'all'] as const
type Mode = (typeof MODES)[number]

/** Where people decide what the machine could not: one pair after the other, by one key each. */
export default function ReviewPage() {
  const runId = usePathPart('runId')
  const run = useAnswer(readRun, { params: { runId } })
  const overview = useAnswer(readReview, { params: { runId } })
  if (run.isPending || overview.isPending) return <Pending lines={10} />
  if (run.data === undefined || overview.data === undefined)
    return <PageProblem fault={run.error ?? overview.error} onRetry={() => void overview.refetch()} />
  return <Review run={run.data} overview={overview.data} onChanged={() => void overview.refetch()} />
}

interface ReviewProps {
  readonly run: Run
  readonly overview: ReviewOverview
  readonly onChanged: () => void
}

function Review({ run, overview, onChanged }: ReviewProps) {
  const [address, change] = useAddressState()
  const asked = usePathPart('mode')
  const mayReview = useMay('run.review')
  const maySettle = useMay('run.review-settle')
  const modes = MODES.filter((mode) => mode === 'all' || (mode === 'looks' ? mayReview : maySettle))
  const mode = modes.find((one) => one === asked) ?? modes[0] ?? 'all'
  const decision = Number(address['decision'] ?? 0)
  const openDecision = (decisionId: number) => change({ decision: decisionId })
  return (
    <div className="stack review-page">
      <PageHead title={words.title(run.number)} note={run.unit.name}>
        <Link to={runPath(run.runId)} className="button">
          {words.toRun}
        </Link>
      </PageHead>
      {overview.total === 0 ? (
        <Empty title={words.nothing}>{run.purpose === 'trial' ? words.trial : words.nothingWhat}</Empty>
      ) : (
        <>
          <Standing overview={overview} />
          <nav className="tabs" aria-label={words.modesLabel}>
            {modes.map((one) => (
              <Link key={one} to={pathOf(run.runId, one)} isCurrent={one === mode} isReplacing>
                {words.modes[one]} <ModeCount mode={one} overview={overview} />
              </Link>
            ))}
          </nav>
          {mode === 'all' ? (
            <>
              <ReviewModelBox />
              <ReviewList runId={run.runId} onDecision={openDecision} />
            </>
          ) : (
            <ReviewDesk
              key={mode}
              runId={run.runId}
              mode={mode}
              recent={overview.mine.recent}
              onChanged={onChanged}
              onDecision={openDecision}
            />
          )}
        </>
      )}
      {decision > 0 ? (
        <ReviewDecision decisionId={decision} onClose={() => change({ decision: undefined })} onChanged={onChanged} />
      ) : null}
    </div>
  )
}

function pathOf(runId: string, mode: Mode): string {
  return mode === 'looks' ? reviewPath(runId) : reviewPath(runId, mode)
}

function ModeCount({ mode, overview }: { readonly mode: Mode; readonly overview: ReviewOverview }) {
  const of = (...states: readonly string[]) =>
    overview.byState.reduce((sum, { state, count }) => (states.includes(state) ? sum + count : sum), 0)
  const count = mode === 'all' ? overview.total : mode === 'looks' ? of('open', 'second') : of('dispute')
  return <span className="second">{showCount(count)}</span>
}

/** How far, how fast, and how far two agree. */
function Standing({ overview }: { readonly overview: ReviewOverview }) {
  const { total, done, mine, agreement, unread } = overview
  const facts = [
    words.done(showCount(done), showCount(total)),
    mine.answered === 0 ? undefined : words.mine(showCount(mine.answered)),
    mine.pace === null ? undefined : words.pace(showCount(mine.pace)),
    agreementSaid(mine.agreement, words.myAgreement),
    agreementSaid(agreement, words.agreement),
  ]
  return (
    <>
      <div className="box box-body review-standing">
        <ProgressLine percent={(100 * done) / total} label={words.progress} />
        <p title={words.kappaWhat}>{facts.filter((fact) => fact !== undefined).join(' · ')}</p>
      </div>
      {unread === 0 ? null : (
        <Notice>
          {words.unread(showCount(unread))} <Link to={NEW_RUN}>{words.again}</Link>
        </Notice>
      )}
    </>
  )
}

function agreementSaid(
  { pairs, agreed, kappa }: ReviewOverview['agreement'],
  say: (percent: string, pairs: string) => string,
): string | undefined {
  if (pairs === 0) return undefined
  const said = say(showCount(Math.round((100 * agreed) / pairs)), showCount(pairs))
  return kappa === null ? said : `${said} ${words.kappa(kappa.toFixed(2))}`
}
