import { useAnswer } from '../../web/api/query.ts'
import { showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { listReports, type UnitReport } from './contract.ts'
import { words } from './page-words.web.ts'
import { CHECKS, checkPath } from './paths.web.ts'
import { ResultLabel } from './result-label.tsx'
import './checks.css'

const SIZE = 50

/** What the own unit said, and what came of it; also of children who are no longer its own. */
export default function ReportsPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const reports = useAnswer(listReports, { query: { page, size: SIZE } })
  return (
    <div className="stack">
      <PageHead title={words.reports.title} note={words.reports.note}>
        <Link to={CHECKS} className="button">
          {words.reports.back}
        </Link>
      </PageHead>
      <ProblemNote fault={reports.error} />
      {reports.isPending ? <Pending lines={10} /> : null}
      {reports.data === undefined ? null : (
        <Box>
          <DataTable
            label={words.reports.title}
            columns={COLUMNS}
            rows={reports.data.rows}
            keyOf={({ reportId }) => reportId}
            empty={words.reports.empty}
          />
          <Pager page={page} size={SIZE} total={reports.data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
    </div>
  )
}

const CLOSED_BY: Readonly<Record<string, string>> = words.closedBy

const COLUMNS: readonly Column<UnitReport>[] = [
  {
    id: 'name',
    head: words.reports.name,
    width: '140px',
    isTitle: true,
    cell: ({ name, caseId }) =>
      name === null ? <span className="second">{words.reports.gone}</span> : <Link to={checkPath(caseId)}>{name}</Link>,
  },
  {
    id: 'result',
    head: words.reports.result,
    cell: ({ result }) => (result === null ? words.task.noResult : <ResultLabel code={result} />),
  },
  { id: 'checked', head: words.reports.checked, width: '112px', cell: ({ checkedDay }) => checkedDay },
  {
    id: 'given',
    head: words.reports.given,
    width: '170px',
    isHiddenOnPhone: true,
    cell: ({ givenAt }) => <span className="second">{showInstant(givenAt)}</span>,
  },
  {
    id: 'fate',
    head: words.reports.fate,
    width: '36%',
    cell: ({ fate, isAutomatic, closedBy }) => (
      <>
        <Tag tone={fate === 'returned' ? 'passing' : fate === 'accepted' ? 'checked' : 'plain'}>
          {isAutomatic ? words.automatic : words.fates[fate]}
        </Tag>{' '}
        {fate === 'overtaken' && closedBy !== null ? <span className="second">{CLOSED_BY[closedBy]}</span> : null}
      </>
    ),
  },
]
