import { useMemo } from 'react'
import { plainDate } from '../../kernel/plain-date.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { DistrictMap } from '../../web/map/district-map.tsx'
import { MapLegend } from '../../web/map/map-legend.tsx'
import { MapData, shapesOn } from '../../web/map/shapes.ts'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { accountWords } from './account-words.ts'
import { BASES, type Base } from './accounts.ts'
import { type BookMap, readDays, readMap, readMapShapes } from './contract.ts'
import { legendOf, MAP_COLUMNS, type MapColumn, valuesOf } from './map-values.web.ts'
import { words } from './page-words.web.ts'
import { balancePath, CHILDREN, searchOf } from './paths.web.ts'
import './whereabouts.css'

/** Which districts are at zero, and how old is the proof? */
export default function MapPage() {
  const [address, change] = useAddressState()
  const base: Base = BASES.find((one) => one === address.base) ?? 'R'
  const column: MapColumn = MAP_COLUMNS.find((one) => one === address.column) ?? 'perTenThousand'
  const days = useAnswer(readDays, {})
  const answer = useAnswer(readMap, {
    query: { base, ...(address.asOf === undefined ? {} : { asOf: address.asOf }) },
  })
  const shapes = useAnswer(readMapShapes, {})
  if (isCode(answer.error, 'BOOK.NOT_OPEN')) {
    return (
      <Box>
        <Empty title={words.map.noData} />
      </Box>
    )
  }
  const fault = answer.error ?? shapes.error ?? days.error
  if (fault !== null) return <ProblemNote fault={fault} />
  if (answer.data === undefined || shapes.data === undefined || days.data === undefined) return <Pending lines={14} />
  const map = answer.data
  return (
    <div className="stack">
      <PageHead title={words.map.title} note={words.map.note(accountWords.bases[base], map.asOf)}>
        <Tabs
          label={words.baseSwitch}
          options={BASES.map((one) => [one, accountWords.bases[one]])}
          value={base}
          onChange={(value) => change({ base: value })}
        />
        <Tabs
          label={words.map.by}
          options={MAP_COLUMNS.map((one) => [one, words.map.columns[one]])}
          value={column}
          onChange={(value) => change({ column: value })}
        />
        <Choice
          label={words.asOf}
          value={map.asOf}
          options={days.data.days.map(({ day }) => ({ value: day, label: words.asOfDay(day) }))}
          onChange={(day) => change({ asOf: day === days.data?.lastClosed ? undefined : day })}
        />
      </PageHead>
      <div className="map-parts">
        <Drawing map={map} shapes={shapes.data} column={column} />
        <Districts map={map} />
      </div>
      <p className="note">{words.map.schematic}</p>
    </div>
  )
}

interface DrawingProps {
  readonly map: BookMap
  readonly shapes: unknown
  readonly column: MapColumn
}

function Drawing({ map, shapes, column }: DrawingProps) {
  const go = useGo()
  const drawn = useMemo(() => shapesOn(plainDate(map.asOf), MapData.parse(shapes)), [shapes, map.asOf])
  return (
    <Box className="map-box">
      <DistrictMap
        shapes={drawn}
        values={valuesOf(map.rows, column)}
        label={words.map.label}
        legend={<MapLegend title={words.map.columns[column]} entries={legendOf(map.rows, column)} />}
        onOpen={(code) => {
          const row = map.rows.find((one) => one.code === code)
          if (row !== undefined) go(balancePath(row.unitId), { base: map.base, asOf: map.asOf })
        }}
      />
    </Box>
  )
}

type MapRow = BookMap['rows'][number]

function Districts({ map }: { readonly map: BookMap }) {
  const columns: readonly Column<MapRow>[] = [
    {
      id: 'name',
      head: words.map.district,
      isTitle: true,
      cell: ({ unitId, name }) => <Link to={balancePath(unitId)}>{name}</Link>,
    },
    { id: 'persons', head: words.map.persons, isNumber: true, cell: ({ persons }) => showCount(persons) },
    {
      id: 'unexplained',
      head: words.map.unexplained,
      isNumber: true,
      cell: ({ unitId, name, unexplained }) => (
        <Count
          count={unexplained}
          tone="child"
          label={name}
          to={CHILDREN}
          search={searchOf({ unitId, base: map.base, group: 4, asOf: map.asOf })}
        />
      ),
    },
    {
      id: 'rate',
      head: words.map.rate,
      isNumber: true,
      cell: ({ perTenThousand }) => (perTenThousand === null ? null : perTenThousand.toFixed(1)),
    },
    {
      id: 'fresh',
      head: words.map.fresh,
      isNumber: true,
      cell: ({ fresh, persons }) => (persons === 0 ? null : `${Math.floor((fresh / persons) * 100)}%`),
    },
  ]
  const rows = map.rows.toSorted((a, b) => (b.perTenThousand ?? -1) - (a.perTenThousand ?? -1) || b.persons - a.persons)
  return (
    <Box className="map-table">
      <DataTable label={words.map.title} columns={columns} rows={rows} keyOf={({ unitId }) => unitId} />
    </Box>
  )
}

interface TabsProps<Value extends string> {
  readonly label: string
  readonly options: readonly (readonly [Value, string])[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}

function Tabs<Value extends string>({ label, options, value, onChange }: TabsProps<Value>) {
  return (
    <div className="base-switch" role="tablist" aria-label={label}>
      {options.map(([one, name]) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={one === value}
          className={one === value ? 'on' : undefined}
          onClick={() => onChange(one)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
