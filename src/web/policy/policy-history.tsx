import type { PolicyLine, PolicyValue } from '../../engines/policy/contract.ts'
import { showSpan } from '../format.ts'
import { Tag } from '../kit/tag.tsx'
import { words } from './words.ts'

/** Every value the parameter has had, the newest first, each with its own document. */
export function PolicyHistory({ line }: { readonly line: PolicyLine }) {
  return (
    <div className="policy-history">
      {line.note === null ? null : <p>{line.note}</p>}
      <ol aria-label={words.history}>
        {line.values.map((value) => (
          <li key={`${value.origin}-${value.from}`} className={value.inForce ? 'in-force' : undefined}>
            <b>{value.shown}</b>
            <span className="second">{showSpan(value.from, value.until)}</span>
            <span className="policy-source">{sourceOf(value)}</span>
            <span className="policy-marks">
              <Tag>{originOf(value)}</Tag>{' '}
              <Tag tone={value.confidence === 'to-verify' ? 'passing' : 'plain'}>
                {words.confidences[value.confidence]}
              </Tag>
            </span>
          </li>
        ))}
      </ol>
      <p className="note">
        {words.id} <span className="mono">{line.id}</span> · {words.unit} {line.unit}
      </p>
    </div>
  )
}

export function sourceOf({ source }: PolicyValue): string {
  return [source.title, source.number, source.article].filter((part) => part !== null).join(' ')
}

function originOf({ origin }: PolicyValue): string {
  return origin === 'national' ? words.origins.national : origin
}
