import type { ReactNode } from 'react'
import { words } from '../words.ts'
import { useNarrow } from './use-narrow.ts'

export interface Column<Row> {
  readonly id: string
  readonly head: string
  readonly cell: (row: Row) => ReactNode
  /** CSS width; columns without share the rest. */
  readonly width?: string
  readonly isNumber?: boolean
  /** Names the row; heads the card on a phone. */
  readonly isTitle?: boolean
  readonly isHiddenOnPhone?: boolean
}

interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly onOpen?: (row: Row, index: number) => void
  /** The row under the keyboard. */
  readonly current?: number | undefined
  readonly isTotal?: (row: Row) => boolean
  /** What stands below an opened row. */
  readonly below?: (row: Row) => ReactNode
  readonly empty?: ReactNode
}

/** A list: 36 px rows with fixed columns and a head that stays; on a phone one card a row. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const isNarrow = useNarrow()
  if (props.rows.length === 0) return <div className="table-empty">{props.empty ?? words.table.empty}</div>
  return isNarrow ? <Cards {...props} /> : <Rows {...props} />
}

function Rows<Row>({ label, columns, rows, keyOf, onOpen, current, isTotal, below }: DataTableProps<Row>) {
  return (
    <table className="table" aria-label={label}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} {...(column.width === undefined ? {} : { style: { width: column.width } })} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={column.isNumber === true ? 'number' : undefined}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <RowLines key={keyOf(row)} below={below?.(row)} span={columns.length}>
            <tr
              className={rowClass(onOpen !== undefined, isTotal?.(row) === true)}
              aria-current={index === current ? 'true' : undefined}
              onClick={onOpen === undefined ? undefined : () => onOpen(row, index)}
            >
              {columns.map((column) => (
                <td key={column.id} className={column.isNumber === true ? 'number' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          </RowLines>
        ))}
      </tbody>
    </table>
  )
}

function RowLines({
  children,
  below,
  span,
}: {
  readonly children: ReactNode
  readonly below: ReactNode
  readonly span: number
}) {
  return (
    <>
      {children}
      {below === undefined || below === null ? null : (
        <tr className="row-below">
          <td colSpan={span}>{below}</td>
        </tr>
      )}
    </>
  )
}

function Cards<Row>({ label, columns, rows, keyOf, onOpen, current, isTotal, below }: DataTableProps<Row>) {
  const title = columns.find((column) => column.isTitle === true) ?? columns[0]
  const rest = columns.filter((column) => column !== title && column.isHiddenOnPhone !== true)
  return (
    <ul className="cards" aria-label={label}>
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the row's name is a button; the click is a wider target for the thumb
        <li
          key={keyOf(row)}
          className={rowClass(onOpen !== undefined, isTotal?.(row) === true)}
          aria-current={index === current ? 'true' : undefined}
          onClick={onOpen === undefined ? undefined : () => onOpen(row, index)}
        >
          <div className="card-title">{title?.cell(row)}</div>
          <dl>
            {rest.map((column) => (
              <CardLine key={column.id} head={column.head} value={column.cell(row)} />
            ))}
          </dl>
          {below?.(row)}
        </li>
      ))}
    </ul>
  )
}

/** What a row does not have takes no room on a phone. */
function CardLine({ head, value }: { readonly head: string; readonly value: ReactNode }) {
  if (value === null || value === undefined || value === '') return null
  return (
    <div>
      <dt>{head}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function rowClass(isOpening: boolean, isTotal: boolean): string | undefined {
  const classes = [isOpening ? 'row-opens' : '', isTotal ? 'row-total' : ''].filter((name) => name !== '')
  return classes.length === 0 ? undefined : classes.join(' ')
}
