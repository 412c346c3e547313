import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { DataTable } from '../../web/kit/data-table.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useTight } from '../../web/kit/use-narrow.ts'
import { useAddressState } from '../../web/router/use-address.ts'
import { type ListName, type ResultRow, type RunSummary, readList } from './contract.ts'
import { ListFilter } from './list-filter.tsx'
import { words } from './page-words.web.ts'
import { columnsOf, namesOf } from './row-columns.tsx'
import { RowDetail } from './row-detail.tsx'

const SIZE = 50

interface RunListProps {
  readonly runId: string
  readonly list: ListName
  readonly summary: RunSummary
}

/** One list of a result, masked; the row under the keyboard is told in full beside it. */
export function RunList({ runId, list, summary }: RunListProps) {
  const [address, change] = useAddressState()
  const isTight = useTight()
  const [index, setIndex] = useState<number>()
  const [isOpen, setIsOpen] = useState(false)
  const page = Number(address.page ?? 1)
  const filter = { class: address.class, township: address.township, q: address.q }
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  const answer = useAnswer(readList, { params: { runId, list }, query: { page, size: SIZE, ...filter } })
  const rows = answer.data?.rows ?? []
  const current = index === undefined ? undefined : rows[index]
  const open = (row: ResultRow) => {
    setIndex(rows.indexOf(row))
    setIsOpen(true)
  }
  const leaveRow = () => setIsOpen(false)
  const goTo = (next: number) => {
    setIndex(undefined)
    setIsOpen(false)
    change({ page: next })
  }
  useListKeys({ count: rows.length, index, onMove: setIndex, onOpen: () => setIsOpen(true), onClose: leaveRow })

  const detail =
    isOpen && current !== undefined && index !== undefined ? (
      <RowDetail
        key={current.seq}
        runId={runId}
        list={list}
        row={current}
        place={(page - 1) * SIZE + index + 1}
        total={answer.data?.total ?? 0}
        onPrevious={index > 0 ? () => setIndex(index - 1) : undefined}
        onNext={index < rows.length - 1 ? () => setIndex(index + 1) : undefined}
        onClose={leaveRow}
      />
    ) : null

  return (
    <div className={detail !== null && !isTight ? 'list-with-detail' : undefined}>
      <section className="box" aria-label={words.lists[list]}>
        <ListFilter
          list={list}
          summary={summary}
          filter={filter}
          onChange={(members) => {
            setIndex(undefined)
            change({ ...members, page: undefined })
          }}
        />
        <ProblemNote fault={answer.error} />
        {answer.isPending ? <Pending lines={12} /> : null}
        {answer.data === undefined ? null : (
          <div className={answer.isPlaceholderData ? 'is-old' : undefined}>
            <DataTable
              label={words.lists[list]}
              columns={columnsOf({ list, isShort: detail !== null || isTight, onOpen: open })}
              rows={rows}
              keyOf={({ seq }) => seq}
              current={index}
              onOpen={open}
              empty={
                isFiltered ? (
                  <>
                    {words.filter.none}{' '}
                    <Button
                      type="link"
                      onClick={() => change({ class: undefined, township: undefined, q: undefined, page: undefined })}
                    >
                      {words.filter.clear}
                    </Button>
                  </>
                ) : (
                  words.listEmpty[list]
                )
              }
            />
            <Pager page={page} size={SIZE} total={answer.data.total} onPage={goTo} />
          </div>
        )}
      </section>
      {isTight ? (
        <Drawer
          open={detail !== null}
          onClose={leaveRow}
          placement="bottom"
          size="88%"
          rootClassName="run-list-drawer"
          title={current === undefined ? null : namesOf(current)}
          destroyOnHidden
        >
          {detail}
        </Drawer>
      ) : (
        detail
      )}
    </div>
  )
}
