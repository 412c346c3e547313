import { showCount, showDay } from '../../web/format.ts'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import type { RosterRun } from './contract.ts'
import { words } from './page-words.web.ts'
import { foundPath, ROSTERS } from './paths.web.ts'

const COLUMNS: readonly Column<RosterRun>[] = [
  {
    id: 'unit',
    head: words.compared.unit,
    isTitle: true,
    cell: ({ unit }) => (
      <Link to={ROSTERS} search={{ unit: unit.unitId }}>
        {unit.name}
      </Link>
    ),
  },
  { id: 'day', head: words.compared.day, width: '120px', cell: ({ day }) => showDay(day) },
  {
    id: 'schools',
    head: words.compared.schools,
    width: '120px',
    isNumber: true,
    cell: ({ counts }) => showCount(counts.class.schools),
  },
  {
    id: 'absent',
    head: words.compared.namedAbsent,
    width: '140px',
    isNumber: true,
    cell: ({ runId, counts }) => (
      <Count
        count={counts.class.found['named-absent'] ?? 0}
        tone="child"
        to={foundPath(runId)}
        search={{ compared: 'class', class: 'named-absent' }}
        label={words.compared.namedAbsent}
      />
    ),
  },
  {
    id: 'poor',
    head: words.compared.poorOut,
    width: '160px',
    isNumber: true,
    cell: ({ runId, counts }) => (
      <Count
        count={counts.lists.find(({ kind }) => kind === 'poverty')?.found.out ?? 0}
        tone="child"
        to={foundPath(runId)}
        search={{ compared: 'poverty', class: 'out' }}
        label={words.compared.poorOut}
      />
    ),
  },
]

export function BelowBox({ runs }: { readonly runs: readonly RosterRun[] }) {
  return <DataTable label={words.compared.below} columns={COLUMNS} rows={runs} keyOf={({ runId }) => runId} />
}
