import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { readDifference } from './difference-contract.ts'
import { DIFFERENCE_CAUSES, DIFFERENCE_KINDS, type DifferenceKind } from './difference-rules.ts'
import { differenceWords as words } from './difference-words.ts'
import { changesPath } from './paths.web.ts'

/** What came, went and changed since the run before, and why; every figure leads to its children. */
export function DifferenceBox({ runId }: { readonly runId: string }) {
  const answer = useAnswer(readDifference, { params: { runId } })
  if (answer.isPending) return <Pending lines={2} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  const { before, counts } = answer.data
  if (before === null) return null
  const path = changesPath(runId)
  const countOf = (kind: DifferenceKind, why?: string) =>
    counts.reduce((sum, one) => (one.kind === kind && (why ?? one.why) === one.why ? sum + one.count : sum), 0)
  const kinds = DIFFERENCE_KINDS.filter((kind) => countOf(kind) > 0)
  const causes = DIFFERENCE_CAUSES.filter((why) => counts.some((one) => one.why === why))
  return (
    <Box title={before.number === null ? words.titleAbove : words.title(before.number)} note={showDay(before.asOf)}>
      {kinds.length === 0 ? (
        <p className="box-body second">{words.none}</p>
      ) : (
        <table className="table difference">
          <thead>
            <tr>
              <th scope="col">{words.cause}</th>
              {kinds.map((kind) => (
                <th key={kind} scope="col" className="number" title={words.kindNotes[kind]}>
                  {words.kinds[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {causes.map((why) => (
              <tr key={why}>
                <td>{words.causes[why]}</td>
                {kinds.map((kind) => (
                  <td key={kind} className="number">
                    <Figure count={countOf(kind, why)} kind={kind} to={path} search={{ kind, why }} />
                  </td>
                ))}
              </tr>
            ))}
            <tr className="row-total">
              <td>
                <Link to={path}>{words.seeAll}</Link>
              </td>
              {kinds.map((kind) => (
                <td key={kind} className="number">
                  <Figure count={countOf(kind)} kind={kind} to={path} search={{ kind }} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      )}
    </Box>
  )
}

interface FigureProps {
  readonly count: number
  readonly kind: DifferenceKind
  readonly to: string
  readonly search: { readonly kind: DifferenceKind; readonly why?: string }
}

function Figure({ count, kind, to, search }: FigureProps) {
  if (count === 0) return <span className="figure nil">0</span>
  return (
    <Link to={to} search={search} className={kind === 'new' ? 'figure child count-link' : 'figure count-link'}>
      {showCount(count)}
    </Link>
  )
}
