import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import type { BaseCount } from './contract.ts'
import { words } from './page-words.web.ts'
import { CHILDREN } from './paths.web.ts'

interface BasesProps {
  readonly bases: readonly BaseCount[]
  readonly unitId: number
  readonly day: string
}

/** The sums of the accounts stand beside the persons counted one by one: a base that does not close is told. */
export function BasesBox({ bases, unitId, day }: BasesProps) {
  const group = (id: string, head: string, number: number, read: (base: BaseCount) => number): Column<BaseCount> => ({
    id,
    head,
    width: '104px',
    isNumber: true,
    cell: (row) => (
      <Count
        count={read(row)}
        {...(number === 4 ? { tone: 'child' as const } : {})}
        to={CHILDREN}
        search={{ unit: unitId, base: row.base, group: number, asOf: day }}
        label={head}
      />
    ),
  })
  const columns: readonly Column<BaseCount>[] = [
    { id: 'base', head: words.bases.base, isTitle: true, cell: ({ base }) => <b>{words.bases.names[base]}</b> },
    group('schooled', words.bases.schooled, 1, ({ schooled }) => schooled),
    group('paused', words.bases.paused, 2, ({ paused }) => paused),
    group('closed', words.bases.closed, 3, ({ closed }) => closed),
    group('unexplained', words.bases.unexplained, 4, ({ unexplained }) => unexplained),
    group('roll-only', words.bases.rollOnly, 5, ({ rollOnly }) => rollOnly),
    {
      id: 'sum',
      head: words.bases.sum,
      width: '104px',
      isNumber: true,
      cell: (row) => <b className="figure">{showCount(sumOf(row))}</b>,
    },
    { id: 'closes', head: '', width: '220px', cell: (row) => <Closes base={row} /> },
  ]
  return (
    <Box title={words.bases.title}>
      <DataTable label={words.bases.table} columns={columns} rows={bases} keyOf={({ base }) => base} />
    </Box>
  )
}

export function sumOf({ base, schooled, paused, closed, unexplained, rollOnly }: BaseCount): number {
  return schooled + paused + closed + unexplained + (base === 'S' ? rollOnly : 0)
}

function Closes({ base }: { readonly base: BaseCount }) {
  const closes = sumOf(base) === base.persons
  const text = closes ? words.bases.closes(showCount(base.persons)) : words.bases.differs(showCount(base.persons))
  return <Tag tone={closes ? 'checked' : 'child'}>{text}</Tag>
}
