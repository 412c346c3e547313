import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import type { AccountSheetRow, RowOutcome } from './account-sheet-contract.ts'
import { sheetWords as words } from './account-sheet-page-words.web.ts'

/** Rows by their number in the sheet; what is wrong stands at its column and in words below. */
export function AccountSheetRows({
  rows,
  total,
}: {
  readonly rows: readonly AccountSheetRow[]
  readonly total: number
}) {
  const note = rows.length < total ? words.check.onlyFirst(showCount(rows.length)) : undefined
  return (
    <Box title={words.check.title} note={note} className="account-sheet-rows">
      <DataTable
        label={words.check.title}
        columns={COLUMNS}
        rows={rows}
        keyOf={({ row }) => row}
        below={(row) =>
          row.findings.length === 0 && (row.note === null || row.outcome === 'held') ? null : <Reasons row={row} />
        }
      />
    </Box>
  )
}

function Reasons({ row: { findings, note } }: { readonly row: AccountSheetRow }) {
  return (
    <ul className="account-sheet-reasons">
      {findings.map(({ heading, reason }) => (
        <li key={`${heading}${reason}`}>
          <b>{heading}</b> {reason}
        </li>
      ))}
      {note === null ? null : <li className="note">{note}</li>}
    </ul>
  )
}

const TONES: Readonly<Record<RowOutcome, TagTone>> = {
  opened: 'brand',
  given: 'brand',
  held: 'plain',
  refused: 'passing',
}

function cell(id: 'person' | 'login' | 'role' | 'unit' | 'from', empty = '') {
  return (row: AccountSheetRow) => {
    const text = row[id] === '' ? empty : row[id]
    return row.findings.some(({ column }) => column === id) ? (
      <b className="account-sheet-wrong">{text || '—'}</b>
    ) : (
      text
    )
  }
}

/** What was written, and beside it the unit that was found, where that says more. */
function Unit({ row }: { readonly row: AccountSheetRow }) {
  const isSame = row.place === null || row.place === row.unit
  return (
    <>
      {cell('unit')(row)} {isSame ? null : <span className="second">{row.place}</span>}
    </>
  )
}

const COLUMNS: readonly Column<AccountSheetRow>[] = [
  { id: 'row', head: words.check.row, width: '56px', isNumber: true, cell: ({ row }) => row },
  { id: 'person', head: words.check.person, width: '120px', isTitle: true, cell: cell('person') },
  { id: 'login', head: words.check.login, width: '170px', cell: cell('login') },
  { id: 'role', head: words.check.role, width: '140px', cell: cell('role') },
  { id: 'unit', head: words.check.unit, cell: (row) => <Unit row={row} /> },
  { id: 'from', head: words.check.from, width: '112px', cell: cell('from', words.check.today) },
  {
    id: 'result',
    head: words.check.result,
    width: '96px',
    cell: ({ outcome }) => <Tag tone={TONES[outcome]}>{words.check.outcomes[outcome]}</Tag>,
  },
]
