import { Tag } from '../../web/kit/tag.tsx'
import type { ReviewLine, ReviewPair } from './review-contract.ts'
import { words } from './review-page-words.web.ts'

/** Both records thing by thing; what differs stands out by a ground, a line below and a word, not by colour alone. */
export function PairLines({ lines }: { readonly lines: readonly ReviewLine[] }) {
  return (
    <table className="table review-lines">
      <thead>
        <tr>
          <th scope="col">{words.columns.item}</th>
          <th scope="col">{words.columns.left}</th>
          <th scope="col">{words.columns.right}</th>
          <th scope="col">{words.columns.same}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.field} className={line.isSame === false ? 'differs' : undefined}>
            <th scope="row">{words.fields[line.field]}</th>
            <td>
              <Pieces pieces={line.left} />
            </td>
            <td>
              <Pieces pieces={line.right} />
            </td>
            <td>
              {line.isSame === null ? null : (
                <Tag tone={line.isSame ? 'checked' : 'passing'}>{line.isSame ? words.isSame : words.isOther}</Tag>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Pieces({ pieces }: { readonly pieces: ReviewLine['left'] }) {
  if (pieces === null) return <span className="second">{words.missing}</span>
  let at = 0
  return (
    <span className="review-pieces">
      {pieces.map((piece) => {
        at += piece.text.length
        return piece.differs ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>
      })}
    </span>
  )
}

/** What the linkage weighed: a bar to the right speaks for one person, to the left against. */
export function PairWeights({ pair }: { readonly pair: ReviewPair }) {
  const widest = Math.max(1, ...pair.weights.map(({ weight }) => Math.abs(weight)))
  return (
    <section className="box review-weights" aria-label={words.weights}>
      <div className="box-head">
        <h2>{words.weights}</h2>
      </div>
      <ul>
        {pair.weights.map(({ label, weight }) => (
          <li key={label}>
            <span>{label}</span>
            <span className="review-bar" aria-hidden="true">
              <span
                className={weight < 0 ? 'against' : 'for'}
                style={{ width: `${(50 * Math.abs(weight)) / widest}%` }}
              />
            </span>
            <b>{signed(weight)}</b>
          </li>
        ))}
        <li className="review-total">
          <span>{words.total}</span>
          <span className="second">{words.linkAt(signed(pair.linkAt))}</span>
          <b>{signed(pair.total)}</b>
        </li>
      </ul>
      <p className="note">{words.weightsNote}</p>
    </section>
  )
}

function signed(bits: number): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`
}

/** What others said, for who settles, and afterwards. */
export function PairAnswers({ answers }: { readonly answers: ReviewPair['answers'] }) {
  if (answers.length === 0) return null
  return (
    <ul className="review-answers">
      {answers.map(({ turn, verdict, who, note }) => (
        <li key={turn}>
          <span className="second">{words.said(turn)}</span> {who} <Tag>{words.verdicts[verdict]}</Tag> {note}
        </li>
      ))}
    </ul>
  )
}
