import { useAnswer } from '../../web/api/query.ts'
import { showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { useMay, useViewer } from '../../web/viewer.tsx'
import { listRuns, type RunLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath, NEW_RUN, runPath } from './paths.web.ts'
import { isLive, RunStateTag } from './run-state-tag.tsx'
import './reconcile.css'

const SIZE = 20

/** Every run of the unit and of those below it, the newest first. */
export default function RunListPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const mayCreate = useMay('run.create')
  const runs = useAnswer(
    listRuns,
    { query: { page, size: SIZE } },
    { every: (answer) => (answer?.rows.some(isLive) === true ? 3000 : false) },
  )
  const isEmpty = runs.data?.total === 0
  return (
    <div className="stack">
      <PageHead
        title={words.list.title}
        note={words.list.note}
        primary={mayCreate && !isEmpty ? <StartLink /> : null}
      />
      <ProblemNote fault={runs.error} />
      {runs.isPending ? <Pending lines={8} /> : null}
      {isEmpty ? <FirstTime mayCreate={mayCreate} /> : null}
      {runs.data === undefined || isEmpty ? null : (
        <Box>
          <RunTable rows={runs.data.rows} />
          <Pager page={page} size={SIZE} total={runs.data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
    </div>
  )
}

function StartLink() {
  return (
    <Link to={NEW_RUN} className="button button-primary">
      <Icon name="plus" size={14} />
      {words.list.start}
    </Link>
  )
}

function FirstTime({ mayCreate }: { readonly mayCreate: boolean }) {
  return (
    <Box>
      <Empty title={words.list.emptyTitle} action={mayCreate ? <StartLink /> : undefined}>
        <p>{words.list.emptyWhat}</p>
        <ol className="how">
          {words.list.emptySteps.split('\n').map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className="note proof">{words.proof}</p>
      </Empty>
    </Box>
  )
}

function RunTable({ rows }: { readonly rows: readonly RunLine[] }) {
  const { unitId } = useViewer()
  const isManyUnits = rows.some((run) => run.unit.unitId !== unitId)
  return (
    <DataTable
      label={words.list.table}
      columns={isManyUnits ? COLUMNS : COLUMNS.filter(({ id }) => id !== 'unit')}
      rows={rows}
      keyOf={({ runId }) => runId}
    />
  )
}

const COLUMNS: readonly Column<RunLine>[] = [
  {
    id: 'number',
    head: words.list.number,
    width: '116px',
    isTitle: true,
    cell: (run) => (
      <>
        <Link to={runPath(run.runId)}>{words.list.nth(run.number)}</Link>{' '}
        <span className="note">{words.books.purpose[run.purpose]}</span>
      </>
    ),
  },
  { id: 'unit', head: words.list.unit, width: '15%', cell: ({ unit }) => unit.name },
  { id: 'state', head: words.list.state, width: '84px', cell: ({ state }) => <RunStateTag state={state} /> },
  {
    id: 'year',
    head: words.list.year,
    width: '132px',
    isHiddenOnPhone: true,
    cell: ({ schoolYear }) => words.schoolYear(schoolYear),
  },
  {
    id: 'sheets',
    head: words.list.sheets,
    isHiddenOnPhone: true,
    cell: ({ populationFile, rollFile }) => (
      <span title={`${populationFile} × ${rollFile}`}>
        {populationFile} <span className="second">×</span> {rollFile}
      </span>
    ),
  },
  {
    id: 'persons',
    head: words.list.persons,
    width: '112px',
    isNumber: true,
    cell: (run) =>
      run.personsToAccountFor === null ? null : (
        <Count count={run.personsToAccountFor} tone="quiet" to={runPath(run.runId)} />
      ),
  },
  {
    id: 'unexplained',
    head: words.list.unexplained,
    width: '96px',
    isNumber: true,
    cell: (run) =>
      run.unexplained === null ? null : (
        <Count count={run.unexplained} tone="child" to={listPath(run.runId, 'not-found')} />
      ),
  },
  { id: 'by', head: words.list.by, width: '92px', cell: ({ createdBy }) => createdBy },
  {
    id: 'at',
    head: words.list.at,
    width: '146px',
    cell: ({ createdAt }) => <span className="second">{showInstant(createdAt)}</span>,
  },
]
