import { useCallback } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { words as kit } from '../../web/words.ts'
import { listUnits, type UnitDetail, UnitKind, type UnitLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { unitPath } from './paths.web.ts'

const SIZE = 50

interface UnitListProps {
  readonly parentId: number
  readonly asOf: string
  readonly kinds: UnitDetail['children']
}

/** Units below, as of a day; a search looks through everything one may see. */
export function UnitList({ parentId, asOf, kinds }: UnitListProps) {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const q = address.q ?? ''
  const kind = UnitKind.safeParse(address.kind).data
  const place = q === '' ? { parentId } : { q }
  const units = useAnswer(listUnits, {
    query: { ...place, page, size: SIZE, asOf, ...(kind === undefined ? {} : { kind }) },
  })
  const search = useCallback((text: string) => change({ q: text, page: undefined }), [change])
  const shown = q === '' ? words.units.here : words.units.found(q)
  return (
    <Box title={shown}>
      <div className="filters">
        <SearchBox label={words.units.search} value={q} onSearch={search} />
        {kinds.length < 2 && kind === undefined ? null : (
          <Choice
            label={words.units.kind}
            none={kit.all}
            value={kind ?? ''}
            options={kinds.map((line) => ({ value: line.kind, label: `${line.kindLabel} ${line.count}` }))}
            onChange={(value) => change({ kind: value, page: undefined })}
          />
        )}
      </div>
      <ProblemNote fault={units.error} />
      {units.isPending ? <Pending lines={10} /> : null}
      {units.data === undefined ? null : (
        <>
          <DataTable
            label={shown}
            columns={COLUMNS}
            rows={units.data.rows}
            keyOf={({ unitId }) => unitId}
            empty={q === '' ? words.units.none : words.units.noneFound}
          />
          <Pager page={page} size={SIZE} total={units.data.total} onPage={(next) => change({ page: next })} />
        </>
      )}
    </Box>
  )
}

const COLUMNS: readonly Column<UnitLine>[] = [
  {
    id: 'name',
    head: words.units.name,
    isTitle: true,
    cell: ({ unitId, name, until }) => (
      <>
        <Link to={unitPath(unitId)}>{name}</Link> {until === null ? null : <Tag>{words.units.closed(until)}</Tag>}
      </>
    ),
  },
  { id: 'kind', head: words.units.kind, width: '140px', cell: ({ kindLabel }) => kindLabel },
  { id: 'code', head: words.units.code, width: '132px', cell: ({ code }) => <span className="second">{code}</span> },
  {
    id: 'children',
    head: words.units.children,
    width: '84px',
    isNumber: true,
    cell: ({ childCount, unitId }) =>
      childCount === 0 ? null : (
        <Count count={childCount} unit={words.units.countUnit} tone="quiet" to={unitPath(unitId)} />
      ),
  },
]
