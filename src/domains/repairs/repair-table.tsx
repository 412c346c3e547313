import { Fragment, type ReactNode } from 'react'
import { Link } from '../../web/kit/link.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import { useNarrow } from '../../web/kit/use-narrow.ts'
import type { RepairLine } from './contract.ts'
import type { RepairState, Side } from './kinds.ts'
import { Marked } from './marked.tsx'
import { words } from './page-words.web.ts'
import { childPath } from './paths.web.ts'
import { repairWords } from './words.ts'

interface RepairTableProps {
  readonly rows: readonly RepairLine[]
  readonly oldDays: number
  readonly current: number | undefined
  /** The row under the keyboard shows what stands below it. */
  readonly isOpen: boolean
  readonly mayDecide: boolean
  readonly onSelect: (index: number) => void
  readonly onRight: (row: RepairLine, side: Side) => void
  /** What stands below the opened row. */
  readonly below: (row: RepairLine) => ReactNode
}

/** Grouped by who mends: one school is one person's morning. */
export function RepairTable(props: RepairTableProps) {
  const isNarrow = useNarrow()
  const groups = groupsOf(props.rows)
  return isNarrow ? <Cards {...props} groups={groups} /> : <Rows {...props} groups={groups} />
}

interface Group {
  readonly key: string
  readonly name: string
  readonly rows: readonly { readonly row: RepairLine; readonly index: number }[]
}

function groupsOf(rows: readonly RepairLine[]): readonly Group[] {
  const groups: { key: string; name: string; rows: { row: RepairLine; index: number }[] }[] = []
  for (const [index, row] of rows.entries()) {
    const key = String(row.group?.id ?? 'none')
    const last = groups.at(-1)
    if (last?.key === key) last.rows.push({ row, index })
    else groups.push({ key, name: row.group?.name ?? words.noGroup, rows: [{ row, index }] })
  }
  return groups
}

const WIDTHS = ['170px', '148px', '25%', '25%', undefined]

function Rows({
  groups,
  current,
  isOpen,
  onSelect,
  below,
  ...props
}: RepairTableProps & { readonly groups: readonly Group[] }) {
  return (
    <table className="table repair-table" aria-label={words.table}>
      <colgroup>
        {WIDTHS.map((width, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: five columns that never move
          <col key={at} {...(width === undefined ? {} : { style: { width } })} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {[words.child, words.field, words.register, words.roll, words.state].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={`${group.key} ${group.rows[0]?.index}`}>
          <tr className="repair-group">
            <th scope="rowgroup" colSpan={WIDTHS.length}>
              {group.name} <span className="note">{words.groupCount(group.rows.length)}</span>
            </th>
          </tr>
          {group.rows.map(({ row, index }) => (
            <Fragment key={row.repairId}>
              <tr
                className="row-opens"
                aria-current={index === current ? 'true' : undefined}
                onClick={() => onSelect(index)}
              >
                <td>
                  <ChildCell row={row} />
                </td>
                <td>
                  <FieldCell row={row} />
                </td>
                <td>
                  <SideCell {...props} row={row} side="register" />
                </td>
                <td>
                  <SideCell {...props} row={row} side="roll" />
                </td>
                <td>
                  <StateCell row={row} oldDays={props.oldDays} />
                </td>
              </tr>
              {index === current && isOpen ? <Below>{below(row)}</Below> : null}
            </Fragment>
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Below({ children }: { readonly children: ReactNode }) {
  if (children === null) return null
  return (
    <tr className="row-below">
      <td colSpan={WIDTHS.length}>{children}</td>
    </tr>
  )
}

function Cards({
  groups,
  current,
  isOpen,
  onSelect,
  below,
  ...props
}: RepairTableProps & { readonly groups: readonly Group[] }) {
  return groups.map((group) => (
    <section key={`${group.key} ${group.rows[0]?.index}`} aria-label={group.name}>
      <h2 className="repair-group-head">{group.name}</h2>
      <ul className="cards">
        {group.rows.map(({ row, index }) => (
          <li key={row.repairId} aria-current={index === current ? 'true' : undefined}>
            <div className="card-title">
              <ChildCell row={row} />
            </div>
            <p className="repair-card-field">
              <FieldCell row={row} /> <StateCell row={row} oldDays={props.oldDays} />
            </p>
            <div className="repair-card-sides">
              <SideCell {...props} row={row} side="register" isNamed />
              <SideCell {...props} row={row} side="roll" isNamed />
            </div>
            <button
              type="button"
              className="repair-more"
              aria-expanded={index === current && isOpen}
              onClick={() => onSelect(index)}
            >
              {index === current && isOpen ? words.less : words.more}
            </button>
            {index === current && isOpen ? below(row) : null}
          </li>
        ))}
      </ul>
    </section>
  ))
}

function ChildCell({ row }: { readonly row: RepairLine }) {
  return (
    <>
      <Link to={childPath(row.childId)}>{row.name}</Link>{' '}
      {row.grade === null ? null : <span className="second">{words.grade(row.grade, row.className ?? '')}</span>}
    </>
  )
}

function FieldCell({ row }: { readonly row: RepairLine }) {
  return (
    <>
      {repairWords.fields[row.field]}{' '}
      {row.hint === null ? null : <span className="second">{repairWords.hints[row.hint]}</span>}
    </>
  )
}

interface SideCellProps {
  readonly row: RepairLine
  readonly side: Side
  readonly mayDecide: boolean
  readonly onRight: (row: RepairLine, side: Side) => void
  /** On a card the side says its name. */
  readonly isNamed?: boolean
}

/** The value is the button: pressing it says that this side is right. */
function SideCell({ row, side, mayDecide, onRight, isNamed = false }: SideCellProps) {
  const pieces = row[side]
  const isRight = row.rightSide === side
  const name = side === 'roll' ? words.roll : words.register
  const shown = (
    <>
      {isNamed ? <span className="note">{name}</span> : null}
      {pieces === null ? (
        <span className="second">{row.isAlone && row.mends !== side ? words.absent : words.nothing}</span>
      ) : (
        <Value field={row.field} pieces={pieces} />
      )}
      {isRight ? <span className="repair-right">✓</span> : null}
      {row.rightSide === null && row.suggested === side ? <span className="note">{words.suggested}</span> : null}
    </>
  )
  const isOpen = row.state === 'found' || row.state === 'confirmed'
  if (!mayDecide || pieces === null || !isOpen || row.isAlone) return <span className="repair-side">{shown}</span>
  return (
    <button
      type="button"
      className="repair-side"
      aria-pressed={isRight}
      title={words.right(name)}
      onClick={(event) => {
        event.stopPropagation()
        onRight(row, side)
      }}
    >
      {shown}
    </button>
  )
}

function Value({
  field,
  pieces,
}: {
  readonly field: RepairLine['field']
  readonly pieces: NonNullable<RepairLine['roll']>
}) {
  if (field !== 'sex') return <Marked pieces={pieces} />
  return <Marked pieces={pieces.map((piece) => ({ ...piece, text: sexWord(piece.text) }))} />
}

function sexWord(text: string): string {
  return text === '1' || text === '2' ? repairWords.sexes[text] : text
}

const TONES: Readonly<Record<RepairState, TagTone>> = {
  found: 'plain',
  confirmed: 'brand',
  sent: 'plain',
  unchanged: 'passing',
  agreed: 'checked',
  dismissed: 'plain',
  lapsed: 'plain',
}

function StateCell({ row, oldDays }: { readonly row: RepairLine; readonly oldDays: number }) {
  return (
    <span className="repair-state">
      <Tag tone={TONES[row.state]}>{repairWords.states[row.state]}</Tag>
      <span className="second">{stateNote(row)}</span>
      {row.isOld ? <Tag tone="passing">{words.old(oldDays)}</Tag> : null}
    </span>
  )
}

function stateNote(row: RepairLine): string {
  if (row.state === 'agreed' && row.agreedDay !== null) return words.agreedOn(row.agreedDay)
  if (row.state === 'dismissed' && row.dismissCause !== null) return repairWords.causes[row.dismissCause]
  if (row.sentDay !== null) {
    // A school does not see the lists of its district.
    const sent = row.listNumber === null ? words.sentOn(row.sentDay) : words.sent(row.listNumber, row.sentDay)
    return row.rounds === 0 ? sent : `${sent} · ${words.rounds(row.rounds)}`
  }
  if (row.rightValue !== null) return words.other(row.rightValue)
  return words.since(row.foundDay)
}
