import { Button } from 'antd'
import { useState } from 'react'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import type { Check } from './contract.ts'
import { words } from './page-words.web.ts'

/** Names on one line. */
const FEW = 3

const COLUMNS: readonly Column<Check>[] = [
  {
    id: 'check',
    head: words.checks.check,
    isTitle: true,
    width: '164px',
    cell: ({ check }) => <b>{words.checks.names[check]}</b>,
  },
  {
    id: 'source',
    head: words.checks.source,
    width: '226px',
    isHiddenOnPhone: true,
    cell: ({ check }) => <span className="second">{words.checks.sources[check]}</span>,
  },
  { id: 'day', head: words.checks.day, width: '196px', cell: (check) => <Days check={check} /> },
  {
    id: 'rows',
    head: words.checks.rows,
    width: '96px',
    isNumber: true,
    cell: ({ rows }) => <span className={rows === 0 ? 'figure nil' : 'figure'}>{showCount(rows)}</span>,
  },
  {
    id: 'handed',
    head: words.checks.handedIn,
    width: '140px',
    isNumber: true,
    cell: (check) => <Handed check={check} />,
  },
  { id: 'missing', head: words.checks.missing, cell: (check) => <Missing check={check} /> },
]

export function ChecksBox({ checks, month }: { readonly checks: readonly Check[]; readonly month: string }) {
  return (
    <Box title={words.checks.title} note={words.checks.note(month)}>
      <DataTable label={words.checks.table} columns={COLUMNS} rows={checks} keyOf={({ check }) => check} />
    </Box>
  )
}

function Days({ check: { from, until } }: { readonly check: Check }) {
  if (from === null || until === null) return <span className="second">{words.checks.nothing}</span>
  return <span className="nowrap">{from === until ? showDay(until) : `${from} – ${until}`}</span>
}

function Handed({ check: { check, handedIn, due } }: { readonly check: Check }) {
  const of = check === 'population' || check === 'poverty' ? words.checks.ofDistricts : words.checks.ofSchools
  return <span className="nowrap">{of(showCount(handedIn), showCount(due))}</span>
}

function Missing({ check: { missing, due, handedIn } }: { readonly check: Check }) {
  const [isOpen, setIsOpen] = useState(false)
  const count = due - handedIn
  if (count === 0) return <Tag tone="checked">{words.checks.none}</Tag>
  const names = missing.map(({ name }) => name)
  if (names.length <= FEW) return <span className="rosters-wrap">{names.join('、')}</span>
  return (
    <span className="rosters-wrap">
      {isOpen ? names.join('、') : words.checks.more(names.slice(0, FEW).join('、'), showCount(count))}{' '}
      <Button type="link" size="small" className="rosters-more" onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? words.checks.fold : words.checks.all}
      </Button>
    </span>
  )
}
