import { Button } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
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
import { checkColumns } from './check-columns.tsx'
import { type CheckLine, type CheckList, listChecks, TABS, Tab } from './contract.ts'
import { words } from './page-words.web.ts'
import { ACCEPT, checkPath, FORMS, PROGRESS, REPORTS } from './paths.web.ts'
import './checks.css'

const SIZE = 50

/** Every child of the own branch of whom somebody has to find out, the most urgent first. */
export default function CheckListPage() {
  const [address, change] = useAddressState()
  const go = useGo()
  const [index, setIndex] = useState<number>()
  const page = Number(address.page ?? 1)
  const tab = Tab.safeParse(address.tab).data ?? 'all'
  const ownerId = /^\d{1,9}$/.test(address.owner ?? '') ? Number(address.owner) : undefined
  const checks = useAnswer(listChecks, { query: { page, size: SIZE, tab, ownerId } })
  const rows = checks.data?.rows ?? []
  const open = (row: CheckLine) => go(checkPath(row.caseId))
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
      <Head checks={checks.data} />
      <ProblemNote fault={checks.error} />
      {checks.isPending ? <Pending lines={12} /> : null}
      {checks.data === undefined ? null : checks.data.counts.all === 0 && ownerId === undefined ? (
        <Box>
          <Empty title={words.list.emptyTitle}>
            <p>{words.list.empty}</p>
          </Empty>
        </Box>
      ) : (
        <Box>
          <Narrow checks={checks.data} tab={tab} ownerId={ownerId} onChange={narrow} />
          <div className={checks.isPlaceholderData ? 'is-old' : undefined}>
            <DataTable
              label={words.list.table}
              columns={checkColumns(checks.data.today)}
              rows={rows}
              keyOf={({ caseId }) => caseId}
              current={index}
              onOpen={open}
              empty={
                <>
                  {words.list.none}{' '}
                  <Button type="link" onClick={() => narrow({ tab: undefined, owner: undefined })}>
                    {words.list.clear}
                  </Button>
                </>
              }
            />
            <Pager page={page} size={SIZE} total={checks.data.total} onPage={(next) => change({ page: next })} />
          </div>
        </Box>
      )}
    </div>
  )
}

function Head({ checks }: { readonly checks: CheckList | undefined }) {
  const mayAccept = useMay('check.accept')
  const mayReport = useMay('check.report')
  const counts = checks?.counts
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
        checks === undefined || counts === undefined
          ? null
          : words.list.note(showDay(checks.today), showCount(counts.overdue))
      }
      primary={
        mayAccept && counts !== undefined && counts.given > 0 ? (
          <Link to={ACCEPT} className="button button-primary">
            {words.list.accept(showCount(counts.given))}
          </Link>
        ) : null
      }
    >
      <Link to={PROGRESS} className="button">
        {words.list.progress}
      </Link>
      {mayReport ? (
        <>
          <Link to={FORMS} className="button">
            {words.list.forms}
          </Link>
          <Link to={REPORTS} className="button">
            {words.list.reports}
          </Link>
        </>
      ) : null}
    </PageHead>
  )
}

interface NarrowProps {
  readonly checks: CheckList
  readonly tab: Tab
  readonly ownerId: number | undefined
  readonly onChange: (members: Record<string, string | undefined>) => void
}

function Narrow({ checks: { counts, owners }, tab, ownerId, onChange }: NarrowProps) {
  return (
    <>
      <fieldset className="tabs check-tabs" aria-label={words.list.tabsLabel}>
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={tab === one}
            onClick={() => onChange({ tab: one === 'all' ? undefined : one })}
          >
            {words.list.tabs[one]}{' '}
            <span className={one === 'overdue' && counts[one] > 0 ? 'check-due passing' : 'second'}>
              {showCount(counts[one])}
            </span>
          </button>
        ))}
      </fieldset>
      <div className="filters">
        {owners.length < 2 && ownerId === undefined ? null : (
          <Choice
            label={words.list.owner}
            none={words.list.allOwners}
            value={ownerId === undefined ? '' : String(ownerId)}
            options={owners.map(({ unitId, name, count }) => ({
              value: String(unitId),
              label: words.list.ownerCount(name, showCount(count)),
            }))}
            onChange={(owner) => onChange({ owner: owner === '' ? undefined : owner })}
          />
        )}
        <span className="filters-end key-help note">
          <kbd>j</kbd> <kbd>k</kbd> {words.list.keysMove} <kbd>Enter</kbd> {words.list.keysOpen}
        </span>
      </div>
    </>
  )
}
