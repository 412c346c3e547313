import { Button } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { AnswerQueue } from './answer-queue.tsx'
import { DIRECTIONS, type Direction, FILTERS, type LineFilter, listLines, type OutsideList } from './contract.ts'
import { lineColumns } from './line-columns.tsx'
import { OutsideFilter } from './outside-filter.tsx'
import { words } from './page-words.web.ts'
import { ADD, FLOWS, LEDGERS, linePath } from './paths.web.ts'
import { RequestBox } from './request-box.tsx'
import './outside.css'

const SIZE = 50

/** Children at school outside, from both sides; what waits for an answer is a queue of its own. */
export default function OutsidePage() {
  const [address, change] = useAddressState()
  const direction = DIRECTIONS.find((known) => known === address.direction) ?? 'out'
  const filter = FILTERS.find((known) => known === address.filter)
  const page = Number(address.page ?? 1)
  const place = /^\d{6}$/.test(address.place ?? '') ? address.place : undefined
  const lines = useAnswer(listLines, {
    query: {
      direction,
      page,
      size: SIZE,
      ...(filter === undefined ? {} : { filter }),
      ...(place === undefined ? {} : { place }),
    },
  })
  const narrow = (members: Parameters<typeof change>[0]) => change({ ...members, page: undefined })
  const mayWrite = useMay('outside.write')
  const isQueue = useMay('outside.confirm') && filter === 'to-answer' && direction === 'in'
  if (lines.isPending) return <Pending lines={12} />
  return (
    <div className="stack">
      <Head list={lines.data} direction={direction} mayWrite={mayWrite} />
      <ProblemNote fault={lines.error} />
      {lines.data === undefined ? null : (
        <>
          <Box>
            <OutsideFilter
              list={lines.data}
              direction={direction}
              filter={filter}
              place={place}
              isQueue={isQueue}
              onChange={narrow}
            />
            {isQueue ? (
              <AnswerQueue list={lines.data} />
            ) : (
              <Lines
                list={lines.data}
                direction={direction}
                filter={filter}
                onClear={() => narrow({ filter: undefined, place: undefined })}
              />
            )}
            <Pager page={page} size={SIZE} total={lines.data.total} onPage={(next) => change({ page: next })} />
          </Box>
          {mayWrite && direction === 'out' ? <RequestBox list={lines.data} /> : null}
        </>
      )}
    </div>
  )
}

function Head({
  list,
  direction,
  mayWrite,
}: {
  readonly list: OutsideList | undefined
  readonly direction: Direction
  readonly mayWrite: boolean
}) {
  const count = list?.counts[direction] ?? 0
  const title =
    count === 0
      ? words.list.documentTitle
      : (direction === 'out' ? words.list.titleOut : words.list.titleIn)(showCount(count))
  return (
    <PageHead
      title={title}
      documentTitle={words.list.documentTitle}
      note={list === undefined ? null : words.list.note(showDay(list.today))}
      primary={
        mayWrite ? (
          <Link to={ADD} className="button button-primary">
            {words.list.add}
          </Link>
        ) : null
      }
    >
      <Link to={FLOWS} className="button">
        {words.list.flows}
      </Link>
      <Link to={LEDGERS} className="button">
        {words.list.carry}
      </Link>
    </PageHead>
  )
}

interface LinesProps {
  readonly list: OutsideList
  readonly direction: Direction
  readonly filter: LineFilter | undefined
  readonly onClear: () => void
}

function Lines({ list, direction, filter, onClear }: LinesProps) {
  const go = useGo()
  const [index, setIndex] = useState<number>()
  const { rows, today, expiringDays } = list
  useListKeys({
    count: rows.length,
    index,
    onMove: setIndex,
    onOpen: (at) => {
      const line = rows[at]
      if (line !== undefined) go(linePath(line.lineId))
    },
    onClose: () => setIndex(undefined),
  })
  if (list.counts[direction] === 0 && filter === undefined) {
    return (
      <Empty title={direction === 'out' ? words.list.emptyOutTitle : words.list.none}>
        <p>{direction === 'out' ? words.list.emptyOut : null}</p>
      </Empty>
    )
  }
  return (
    <DataTable
      label={words.list.table}
      columns={lineColumns({ direction, today, expiringDays })}
      rows={rows}
      keyOf={({ lineId }) => lineId}
      current={index}
      onOpen={({ lineId }) => go(linePath(lineId))}
      empty={
        <>
          {words.list.empty}{' '}
          <Button type="link" onClick={onClear}>
            {words.list.clear}
          </Button>
        </>
      }
    />
  )
}
