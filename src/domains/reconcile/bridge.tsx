import { Count } from '../../web/kit/count.tsx'
import type { BalanceLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath } from './paths.web.ts'

interface BridgeProps {
  readonly runId: string
  readonly lines: readonly BalanceLine[]
}

/** Rows received − what is no person to account for = persons to account for. On one line; a column on a phone. */
export function Bridge({ runId, lines }: BridgeProps) {
  const last = lines.length - 1
  const notes = notesOf(lines)
  return (
    <section className="box" aria-label={words.run.bridge}>
      <ol className="bridge">
        {lines.map((line, index) => (
          <li key={line.id} className={index === last ? 'bridge-term bridge-end' : 'bridge-term'}>
            {index === 0 ? null : <span className="bridge-sign">{index === last ? '=' : '−'}</span>}
            <div>
              <div className="bridge-label" title={line.label}>
                <BridgeLabel label={line.label} />
              </div>
              <div className="bridge-figure">
                <Count
                  count={line.count}
                  unit={index === 0 || isOfRows(line) ? words.rows : words.persons}
                  label={line.label}
                  {...linkOf(runId, line)}
                />
              </div>
            </div>
          </li>
        ))}
      </ol>
      {notes.length === 0 ? null : (
        <p className="bridge-notes note">
          {notes.map(({ id, label, note }) => (
            <span key={id}>
              {label}：{note}
            </span>
          ))}
        </p>
      )}
    </section>
  )
}

/** What is counted, and below it the closer word that the label has in brackets or after a comma. */
function BridgeLabel({ label }: { readonly label: string }) {
  const [main, closer] = partsOf(label)
  return (
    <>
      <span>{main}</span> <span className="note">{closer}</span>
    </>
  )
}

function partsOf(label: string): readonly string[] {
  return label.split(/[（），]/).filter((part) => part !== '')
}

/** What does not fit above a figure, and the notes of the server, in a line below. */
function notesOf(lines: readonly BalanceLine[]): readonly { id: string; label: string; note: string }[] {
  return lines.flatMap(({ id, label, note }) => {
    const [main = label, , ...more] = partsOf(label)
    const said = [...more, ...(note === null ? [] : [note])]
    return said.length === 0 ? [] : [{ id, label: main, note: said.join('，') }]
  })
}

/** Until errors and second rows are out, what is counted are rows, not yet persons. */
function isOfRows({ list }: BalanceLine): boolean {
  return list === 'errors' || list === 'duplicates'
}

/** The rows behind a line, as the address of their list. */
export function linkOf(
  runId: string,
  line: BalanceLine,
): { to: string; search: { class: string | undefined } } | Record<never, never> {
  if (line.list === null) return {}
  return { to: listPath(runId, line.list), search: { class: line.class ?? undefined } }
}
