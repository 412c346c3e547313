import { Button } from 'antd'
import type { z } from 'zod'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { FLOW_GROUPS, FLOW_WAYS, type FlowGroup, type FlowWay, listFlowChildren, readFlows } from './contract.ts'
import { words } from './page-words.web.ts'
import { childPath, linePath, OUTSIDE } from './paths.web.ts'
import { outsideWords } from './words.ts'
import './outside.css'

type FlowRow = z.output<(typeof readFlows)['answer']>['rows'][number]
type FlowChild = z.output<(typeof listFlowChildren)['answer']>['rows'][number]

interface Asked {
  readonly schoolYear: number
  readonly group: FlowGroup
  readonly way: FlowWay
}

/** Who left for a school outside, who came back, who came from elsewhere; behind every figure its children. */
export default function FlowPage() {
  const [address, change] = useAddressState()
  const flows = useAnswer(readFlows, {})
  if (flows.isPending) return <Pending lines={8} />
  if (flows.data === undefined) return <PageProblem fault={flows.error} onRetry={() => void flows.refetch()} />
  const { rows, core, unit, day } = flows.data
  const asked = askedOf(address)
  const open = (of: Asked) => change({ year: of.schoolYear, group: of.group, way: of.way })
  return (
    <div className="stack">
      <PageHead title={words.flows.title} note={words.flows.note(unit, showDay(day))}>
        <Link to={OUTSIDE} className="button">
          {words.flows.back}
        </Link>
      </PageHead>
      <Box title={words.flows.table}>
        <DataTable
          label={words.flows.table}
          columns={columnsOf(open)}
          rows={rows}
          keyOf={({ schoolYear, group }) => `${schoolYear}${group}`}
          empty={words.flows.empty}
        />
        <p className="box-body note">{words.flows.base}</p>
        {core.names.length === 0 ? null : (
          <p className="box-body note">
            {words.flows.core(core.names.join('、'), core.source)}{' '}
            {core.isToVerify ? <Tag tone="passing">{words.flows.toVerify}</Tag> : null}
          </p>
        )}
      </Box>
      {asked === undefined ? null : (
        <Children asked={asked} onClose={() => change({ year: undefined, group: undefined, way: undefined })} />
      )}
    </div>
  )
}

function askedOf(address: Readonly<Record<string, string>>): Asked | undefined {
  const group = FLOW_GROUPS.find((known) => known === address.group)
  const way = FLOW_WAYS.find((known) => known === address.way)
  if (group === undefined || way === undefined || !/^\d{4}$/.test(address.year ?? '')) return undefined
  return { schoolYear: Number(address.year), group, way }
}

function columnsOf(open: (of: Asked) => void): readonly Column<FlowRow>[] {
  const figure = (way: FlowWay): Column<FlowRow> => ({
    id: way,
    head: words.flows[way],
    width: '120px',
    isNumber: true,
    cell: ({ schoolYear, group, [way]: count }) =>
      count === 0 ? (
        '0'
      ) : (
        <Button type="link" size="small" onClick={() => open({ schoolYear, group, way })}>
          {showCount(count)}
        </Button>
      ),
  })
  return [
    {
      id: 'year',
      head: words.flows.year,
      isTitle: true,
      cell: ({ schoolYear }) => words.flows.yearOf(String(schoolYear), String(schoolYear + 1)),
    },
    { id: 'group', head: words.flows.group, cell: ({ group }) => outsideWords.groups[group] },
    figure('left'),
    figure('returned'),
    {
      id: 'net',
      head: words.flows.net,
      width: '120px',
      isNumber: true,
      cell: ({ left, returned }) => showCount(left - returned),
    },
    figure('came'),
  ]
}

function Children({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const children = useAnswer(listFlowChildren, { query: asked })
  const title = `${words.flows.yearOf(String(asked.schoolYear), String(asked.schoolYear + 1))} ${outsideWords.groups[asked.group]} ${words.flows[asked.way]}`
  return (
    <Box
      title={words.flows.children(title)}
      note={
        <Button type="link" size="small" onClick={onClose}>
          {words.flows.close}
        </Button>
      }
    >
      <ProblemNote fault={children.error} />
      <DataTable
        label={words.flows.children(title)}
        columns={CHILD_COLUMNS}
        rows={children.data?.rows ?? []}
        keyOf={({ childId, lineId, day }) => `${childId}${lineId}${day}`}
      />
    </Box>
  )
}

const CHILD_COLUMNS: readonly Column<FlowChild>[] = [
  {
    id: 'name',
    head: words.flows.name,
    isTitle: true,
    cell: ({ childId, lineId, name }) =>
      lineId !== null ? (
        <Link to={linePath(lineId)}>{name}</Link>
      ) : childId === null ? (
        name
      ) : (
        <Link to={childPath(childId)}>{name}</Link>
      ),
  },
  { id: 'birth', head: words.flows.birth, cell: ({ birth }) => birth },
  { id: 'place', head: words.flows.place, cell: ({ place }) => place },
  { id: 'day', head: words.flows.day, width: '140px', cell: ({ day }) => day },
]
