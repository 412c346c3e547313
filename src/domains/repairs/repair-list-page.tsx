import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { isTyping } from '../../web/kit/search-box.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import type { Search } from '../../web/router/search.ts'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { countRepairLines, listRepairs, makeChangeList, type RepairLine, WORKS } from './contract.ts'
import { FIELDS, SIDES, type Side } from './kinds.ts'
import { words } from './page-words.web.ts'
import { CHANGE_LISTS } from './paths.web.ts'
import { RepairDetail } from './repair-detail.tsx'
import { RepairFilter, type RepairListFilter } from './repair-filter.tsx'
import { RepairTable } from './repair-table.tsx'
import { useRepairActs } from './use-repair-acts.web.ts'
import './repairs.css'

const SIZE = 50

/** Whose name or number differs between the register and the roll, school by school: which one is right? */
export default function RepairListPage() {
  const [address, change] = useAddressState()
  const [index, setIndex] = useState<number>()
  const [isOpen, setIsOpen] = useState(false)
  const page = Number(address.page ?? 1)
  const filter = filterOf(address)
  const repairs = useAnswer(listRepairs, { query: { page, size: SIZE, ...filter } })
  const counted = useAnswer(countRepairLines, {})
  const acts = useRepairActs()
  const rows = repairs.data?.rows ?? []
  const mayDecide = repairs.data?.mayDecide === true
  const counts = counted.data ?? repairs.data?.counts
  const right = (row: RepairLine, side: Side, at?: number) => {
    acts.decide(row.repairId, { right: side })
    if (at !== undefined) move(Math.min(at + 1, rows.length - 1))
  }
  const move = (to: number | undefined) => {
    setIndex(to)
    setIsOpen(false)
  }
  useListKeys({
    count: rows.length,
    index,
    onMove: move,
    onOpen: () => setIsOpen(true),
    onClose: () => (isOpen ? setIsOpen(false) : move(undefined)),
  })
  useSideKeys(
    // Rows of another filter that still stand there are not meant.
    mayDecide && !repairs.isPlaceholderData,
    (side) => {
      const row = index === undefined ? undefined : rows[index]
      if (row !== undefined && row[side] !== null && !row.isAlone) right(row, side, index)
    },
    acts.undoLast,
  )
  const narrow = (members: Search) => {
    move(undefined)
    change({ ...members, page: undefined })
  }
  const isEmpty = counts !== undefined && SIDES.every((side) => isNothing(counts[side]))
  return (
    <div className="stack">
      <PageHead
        title={words.title}
        note={repairs.data === undefined ? undefined : words.note(repairs.data.today)}
        primary={
          mayDecide && counts !== undefined && counts[filter.mends].toSend > 0 ? (
            <MakeList count={counts[filter.mends].toSend} filter={filter} onMade={acts.refresh} />
          ) : null
        }
      >
        <Link to={CHANGE_LISTS} className="button">
          {words.list.title}
        </Link>
      </PageHead>
      <ProblemNote fault={repairs.error ?? acts.fault} />
      {repairs.isPending ? <Pending lines={12} /> : null}
      {repairs.data === undefined || counts === undefined ? null : isEmpty ? (
        <Box>
          <Empty title={words.emptyTitle}>
            <p>{words.empty}</p>
          </Empty>
        </Box>
      ) : (
        <Box>
          <RepairFilter
            counts={counts}
            schools={repairs.data.schools}
            mayDecide={mayDecide}
            filter={filter}
            onChange={narrow}
          />
          <div className={repairs.isPlaceholderData ? 'is-old' : undefined}>
            {rows.length === 0 ? (
              <div className="table-empty">
                {words.none}{' '}
                <Button type="link" onClick={() => narrow(NO_FILTER)}>
                  {words.clear}
                </Button>
              </div>
            ) : (
              <RepairTable
                rows={rows}
                oldDays={repairs.data.oldDays}
                current={index}
                mayDecide={mayDecide}
                isOpen={isOpen}
                onSelect={(at) => {
                  setIsOpen(at !== index || !isOpen)
                  setIndex(at)
                }}
                onRight={right}
                below={(row) => (mayDecide ? <RepairDetail key={row.repairId} row={row} acts={acts} /> : null)}
              />
            )}
            <Pager page={page} size={SIZE} total={repairs.data.total} onPage={(next) => narrowTo(next)} />
          </div>
        </Box>
      )}
    </div>
  )

  function narrowTo(next: number) {
    move(undefined)
    change({ page: next })
  }
}

const NO_FILTER = { work: undefined, field: undefined, school: undefined }

function filterOf(address: Readonly<Record<string, string>>): RepairListFilter {
  const field = FIELDS.find((one) => one === address.field)
  return {
    mends: SIDES.find((one) => one === address.mends) ?? 'roll',
    work: WORKS.find((one) => one === address.work) ?? 'open',
    ...(field === undefined ? {} : { field }),
    ...(address.school === undefined ? {} : { schoolId: Number(address.school) }),
  }
}

function isNothing({ open, agreed, dismissed }: { open: number; agreed: number; dismissed: number }): boolean {
  return open + agreed + dismissed === 0
}

/** `1` the register is right, `2` the roll, as they stand from left to right; `u` takes the last one back. */
function useSideKeys(isOn: boolean, onSide: (side: Side) => void, onUndo: () => void): void {
  const latest = useRef({ onSide, onUndo })
  latest.current = { onSide, onUndo }
  useEffect(() => {
    if (!isOn) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '1') latest.current.onSide('register')
      if (event.key === '2') latest.current.onSide('roll')
      if (event.key === 'u') latest.current.onUndo()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [isOn])
}

interface MakeListProps {
  readonly count: number
  readonly filter: RepairListFilter
  readonly onMade: () => void
}

/** Under the school of the filter, or for every school. */
function MakeList({ count, filter, onMade }: MakeListProps) {
  const { message } = App.useApp()
  const go = useGo()
  const making = useAction(makeChangeList)
  const { mends, schoolId } = filter
  return (
    <>
      <Button
        type="primary"
        loading={making.isPending}
        onClick={() =>
          making.mutate(
            { body: { mends, ...(schoolId === undefined ? {} : { schoolId }) } },
            {
              onSuccess: (list) => {
                onMade()
                void message.success(words.list.made(list.number, list.count))
                go(CHANGE_LISTS)
              },
            },
          )
        }
      >
        {schoolId === undefined ? words.list.make(showCount(count)) : words.list.makeSchool}
      </Button>
      <ProblemNote fault={making.error} />
    </>
  )
}
