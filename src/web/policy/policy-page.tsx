import { useCallback, useState } from 'react'
import { type PolicyLine, type PolicyValue, readPolicy } from '../../engines/policy/contract.ts'
import { useAnswer } from '../api/query.ts'
import { Box } from '../kit/box.tsx'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { NamedDay } from '../kit/day-input.tsx'
import { Icon } from '../kit/icon.tsx'
import { PageHead } from '../kit/page-head.tsx'
import { Pending } from '../kit/pending.tsx'
import { ProblemNote } from '../kit/problem-note.tsx'
import { SearchBox } from '../kit/search-box.tsx'
import { Tag } from '../kit/tag.tsx'
import { useAddressState } from '../router/use-address.ts'
import { useViewer } from '../viewer.tsx'
import { PolicyHistory, sourceOf } from './policy-history.tsx'
import { words } from './words.ts'
import './policy.css'

/** Every number the product decides by: what it is on a day, since when, and by which document. */
export default function PolicyPage() {
  const { today } = useViewer()
  const [address, change] = useAddressState()
  const day = address.day ?? today
  const q = address.q ?? ''
  const policy = useAnswer(readPolicy, { query: { day, ...(q === '' ? {} : { q }) } })
  const search = useCallback((text: string) => change({ q: text }), [change])
  const rows = policy.data?.rows ?? []
  const unsure = rows.filter((line) => currentOf(line)?.confidence === 'to-verify').length
  return (
    <div className="stack">
      <PageHead
        title={words.title}
        note={words.note}
        mark={unsure === 0 ? undefined : <Tag tone="passing">{words.toVerify(unsure)}</Tag>}
      />
      <div className="box filters">
        <NamedDay
          label={words.day}
          value={day}
          onChange={(next) => change({ day: next === today ? undefined : next })}
        />
        <SearchBox label={words.search} value={q} onSearch={search} />
      </div>
      <ProblemNote fault={policy.error} />
      {policy.isPending ? <Pending lines={10} /> : null}
      {policy.data !== undefined && rows.length === 0 ? (
        <Box>
          <p className="table-empty">{q === '' ? words.emptyAll : words.empty}</p>
        </Box>
      ) : null}
      {areasOf(rows).map(([area, lines]) => (
        <Area key={area} area={area} lines={lines} />
      ))}
    </div>
  )
}

function Area({ area, lines }: { readonly area: string; readonly lines: readonly PolicyLine[] }) {
  const [openId, setOpenId] = useState<string>()
  const toggle = (line: PolicyLine) => setOpenId(openId === line.id ? undefined : line.id)
  const name: Column<PolicyLine> = {
    id: 'label',
    head: words.label,
    width: '25%',
    isTitle: true,
    cell: (line) => (
      <button
        type="button"
        className="row-name"
        aria-expanded={openId === line.id}
        aria-label={words.open(line.label)}
        onClick={(event) => {
          event.stopPropagation()
          toggle(line)
        }}
      >
        <Icon name={openId === line.id ? 'down' : 'right'} size={13} /> {line.label}
      </button>
    ),
  }
  return (
    <Box title={area} note={words.count(lines.length)}>
      <DataTable
        label={area}
        columns={[name, ...COLUMNS]}
        rows={lines}
        keyOf={({ id }) => id}
        onOpen={toggle}
        below={(line) => (line.id === openId ? <PolicyHistory line={line} /> : null)}
      />
    </Box>
  )
}

const COLUMNS: readonly Column<PolicyLine>[] = [
  {
    id: 'value',
    head: words.value,
    width: '18%',
    cell: (line) => {
      const value = currentOf(line)
      return value === undefined ? <span className="second">{words.none}</span> : <b>{value.shown}</b>
    },
  },
  {
    id: 'from',
    head: words.from,
    width: '110px',
    cell: (line) => <span className="second">{currentOf(line)?.from}</span>,
  },
  {
    id: 'source',
    head: words.source,
    cell: (line) => {
      const value = currentOf(line)
      if (value === undefined) return null
      return <span title={sourceOf(value)}>{sourceOf(value)}</span>
    },
  },
  {
    id: 'confidence',
    head: words.confidence,
    width: '92px',
    cell: (line) => {
      const value = currentOf(line)
      return value === undefined ? null : <Confidence value={value} />
    },
  },
]

function Confidence({ value }: { readonly value: PolicyValue }) {
  return <Tag tone={value.confidence === 'to-verify' ? 'passing' : 'plain'}>{words.confidences[value.confidence]}</Tag>
}

function currentOf(line: PolicyLine): PolicyValue | undefined {
  return line.values.find(({ inForce }) => inForce)
}

function areasOf(rows: readonly PolicyLine[]): readonly (readonly [string, readonly PolicyLine[]])[] {
  const areas = new Map<string, PolicyLine[]>()
  for (const row of rows) areas.set(row.area, [...(areas.get(row.area) ?? []), row])
  return [...areas]
}
