import { showCount } from '../../web/format.ts'
import type { BookBridge } from './contract.ts'
import { words } from './page-words.web.ts'

/** One line: how rows became persons. */
export function BookBridgeLine({ bridge }: { readonly bridge: BookBridge }) {
  const { rowUnit } = words.bridge
  const parts = [
    { sign: '', label: words.bridge.received, count: bridge.received, unit: rowUnit },
    { sign: '−', label: words.bridge.errors, count: bridge.errors, unit: rowUnit },
    { sign: '−', label: words.bridge.duplicates, count: bridge.duplicates, unit: rowUnit },
    { sign: '−', label: words.bridge.cancelled, count: bridge.cancelled, unit: rowUnit },
    { sign: '−', label: words.bridge.notBegun, count: bridge.notBegun, unit: words.persons },
    { sign: '−', label: words.bridge.closed, count: bridge.closed, unit: words.persons },
    { sign: '+', label: words.bridge.carried, count: bridge.carried, unit: words.persons },
  ]
  return (
    <section className="box book-bridge" aria-label={words.bridge.title}>
      {parts.map(({ sign, label, count, unit }) => (
        <div key={label} className="book-bridge-part">
          {sign === '' ? null : (
            <span className="sign" aria-hidden="true">
              {sign}
            </span>
          )}
          <div>
            <div className="note">{label}</div>
            <b className="figure">{showCount(count)}</b> <span className="unit">{unit}</span>
          </div>
        </div>
      ))}
      <div className="book-bridge-part book-bridge-sum">
        <span className="sign" aria-hidden="true">
          =
        </span>
        <div>
          <div className="note">
            {words.bridge.persons} · {words.bridge.asOf(bridge.asOf)}
          </div>
          <b className="figure">{showCount(bridge.persons + bridge.carried)}</b>{' '}
          <span className="unit">{words.persons}</span>{' '}
          {bridge.since === 0 ? null : <span className="note">{words.bridge.since(signed(bridge.since))}</span>}
        </div>
      </div>
    </section>
  )
}

/** `+11`, `−4`. */
export function signed(count: number): string {
  if (count === 0) return '·'
  return count > 0 ? `+${showCount(count)}` : `−${showCount(-count)}`
}
