import { Button } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { type AccountCode, AccountCodeSchema } from '../whereabouts/index.ts'
import { caseColumns } from './case-columns.tsx'
import { CaseFilter } from './case-filter.tsx'
import { type CaseLine, type CaseList, Due, listCases, Stage } from './contract.ts'
import { words } from './page-words.web.ts'
import { casePath } from './paths.web.ts'
import './cases.css'

const SIZE = 50
const NO_FILTER = { due: undefined, stage: undefined, account: undefined, unit: undefined, page: undefined }

/** Every child of the own branch who is not accounted for, the most urgent first. */
export default function CaseListPage() {
  const [address, change] = useAddressState()
  const go = useGo()
  const [index, setIndex] = useState<number>()
  const page = Number(address.page ?? 1)
  const filter = filterOf(address)
  const cases = useAnswer(listCases, { query: { page, size: SIZE, ...filter } })
  const rows = cases.data?.rows ?? []
  const open = (row: CaseLine) => go(casePath(row.caseId))
  useListKeys({
    count: rows.length,
    index,
    onMove: setIndex,
    onOpen: (at) => {
      const row = rows[at]
      if (row !== undefined) open(row)
    },
    onClose: () => setIndex(undefined),
  })
  const narrow = (members: Parameters<typeof change>[0]) => {
    setIndex(undefined)
    change({ ...members, page: undefined })
  }
  return (
    <div className="stack">
      <Head cases={cases.data} />
      <ProblemNote fault={cases.error} />
      {cases.isPending ? <Pending lines={12} /> : null}
      {cases.data === undefined ? null : cases.data.counts.all === 0 ? (
        <Box>
          <Empty title={words.list.emptyTitle}>
            <p>{words.list.empty}</p>
          </Empty>
        </Box>
      ) : (
        <Box>
          <CaseFilter cases={cases.data} filter={filter} onChange={narrow} />
          <div className={cases.isPlaceholderData ? 'is-old' : undefined}>
            <DataTable
              label={words.list.table}
              columns={caseColumns(cases.data.today)}
              rows={rows}
              keyOf={({ caseId }) => caseId}
              current={index}
              onOpen={open}
              empty={
                <>
                  {words.list.none}{' '}
                  <Button type="link" onClick={() => narrow(NO_FILTER)}>
                    {words.list.clear}
                  </Button>
                </>
              }
            />
            <Pager page={page} size={SIZE} total={cases.data.total} onPage={(next) => change({ page: next })} />
          </div>
        </Box>
      )}
    </div>
  )
}

function Head({ cases }: { readonly cases: CaseList | undefined }) {
  const { counts, today } = cases ?? {}
  const title =
    counts === undefined
      ? words.list.documentTitle
      : counts.all === 0
        ? words.list.titleNone
        : words.list.title(showCount(counts.all))
  return (
    <PageHead
      title={title}
      documentTitle={words.list.documentTitle}
      note={
        counts === undefined || today === undefined
          ? null
          : words.list.note(showDay(today), showCount(counts.overdue), showCount(counts.today))
      }
    />
  )
}

/** What an address asks for; what it does not know is no filter. */
function filterOf(address: Readonly<Record<string, string>>) {
  return {
    due: Due.safeParse(address.due).data,
    stage: Stage.safeParse(address.stage).data,
    account: AccountCodeSchema.safeParse(address.account).data as AccountCode | undefined,
    unitId: /^\d{1,9}$/.test(address.unit ?? '') ? Number(address.unit) : undefined,
  }
}

export type ListFilter = ReturnType<typeof filterOf>
