import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import { accountWords } from '../whereabouts/index.ts'
import type { LedgerOutcome, LedgerRow } from './ledger-contract.ts'
import { words } from './page-words.web.ts'

/** Rows by their number in the sheet; what is wrong stands in words below. */
export function LedgerRows({ rows, total }: { readonly rows: readonly LedgerRow[]; readonly total: number }) {
  const note = rows.length < total ? words.sheet.onlyFirst(showCount(rows.length)) : undefined
  return (
    <Box title={words.sheet.check} note={note}>
      <DataTable
        label={words.sheet.check}
        columns={COLUMNS}
        rows={rows}
        keyOf={({ row }) => row}
        below={(row) => (row.findings.length === 0 && row.note === null ? null : <Reasons row={row} />)}
      />
    </Box>
  )
}

function Reasons({ row: { findings, note } }: { readonly row: LedgerRow }) {
  return (
    <ul className="outside-findings">
      {findings.map(({ heading, reason, isRefusing }) => (
        <li key={`${heading}${reason}`} className={isRefusing ? undefined : 'note'}>
          <b>{heading}</b> {reason}
        </li>
      ))}
      {note === null ? null : <li className="note">{note}</li>}
    </ul>
  )
}

const TONES: Readonly<Record<LedgerOutcome, TagTone>> = {
  found: 'brand',
  made: 'brand',
  held: 'plain',
  refused: 'passing',
}

const COLUMNS: readonly Column<LedgerRow>[] = [
  { id: 'row', head: words.sheet.row, width: '56px', isNumber: true, cell: ({ row }) => row },
  { id: 'name', head: words.sheet.name, width: '110px', isTitle: true, cell: ({ name }) => name },
  { id: 'number', head: words.sheet.number, width: '180px', isHiddenOnPhone: true, cell: ({ citizenId }) => citizenId },
  {
    id: 'account',
    head: words.sheet.account,
    cell: ({ account }) => (account === null ? null : accountWords.accounts[account]),
  },
  { id: 'from', head: words.sheet.from, width: '112px', cell: ({ from }) => from },
  { id: 'until', head: words.sheet.until, width: '112px', cell: ({ until }) => until },
  {
    id: 'result',
    head: words.sheet.result,
    width: '110px',
    cell: ({ outcome }) => <Tag tone={TONES[outcome]}>{words.sheet.outcomes[outcome]}</Tag>,
  },
]
