import { useAnswer } from '../../web/api/query.ts'
import { showCount, showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { type BatchLine, type ImportLine, listBatches, listSheets } from './contract.ts'
import { words } from './page-words.web.ts'
import { batchPath, NEW_IMPORT, sheetPath } from './paths.web.ts'
import './imports.css'

const SIZE = 50
/** Sheets still on their way are few; older ones are found on the next page of a longer list. */
const OPEN_SIZE = 20

/** What is on its way into the books, and the batches that are in. */
export default function ImportListPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const mayWrite = useMay('import.write')
  const sheets = useAnswer(listSheets, { query: { page: 1, size: OPEN_SIZE } })
  const batches = useAnswer(listBatches, { query: { page, size: SIZE } })
  const open = (sheets.data?.rows ?? []).filter(({ state }) => state !== 'committed' && state !== 'dropped')
  const isEmpty = batches.data?.total === 0 && open.length === 0
  return (
    <div className="stack">
      <PageHead
        title={words.list.title}
        note={words.list.note}
        primary={
          mayWrite ? (
            <Link to={NEW_IMPORT} className="button button-primary">
              {words.list.start}
            </Link>
          ) : null
        }
      />
      <ProblemNote fault={sheets.error ?? batches.error} />
      {batches.isPending ? <Pending lines={8} /> : null}
      {isEmpty ? (
        <Box>
          <Empty title={words.list.emptyTitle}>
            <p>{words.list.emptyWhat}</p>
            <ol>
              {words.list.emptySteps.split('\n').map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </Empty>
        </Box>
      ) : null}
      {open.length === 0 ? null : <OpenSheets sheets={open} />}
      {batches.data === undefined || batches.data.total === 0 ? null : (
        <Box title={words.list.batches}>
          <Batches batches={batches.data.rows} />
          <Pager page={page} size={SIZE} total={batches.data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
    </div>
  )
}

const SHEET_COLUMNS: readonly Column<ImportLine>[] = [
  {
    id: 'file',
    head: words.list.file,
    isTitle: true,
    cell: (sheet) => <Link to={sheetPath(sheet.sheetId)}>{sheet.fileName}</Link>,
  },
  { id: 'kind', head: words.list.kind, width: '110px', cell: ({ kind }) => words.kinds[kind] },
  { id: 'state', head: words.list.state, width: '140px', cell: ({ state }) => <Tag>{words.states[state]}</Tag> },
  {
    id: 'rows',
    head: words.list.rowCount,
    width: '96px',
    isNumber: true,
    cell: ({ rows }) => (rows === null ? null : showCount(rows)),
  },
  {
    id: 'refused',
    head: words.severities.refuse,
    width: '96px',
    isNumber: true,
    cell: ({ refusedRows }) => (refusedRows === null ? null : showCount(refusedRows)),
  },
  { id: 'by', head: words.list.by, width: '120px', isHiddenOnPhone: true, cell: ({ createdBy }) => createdBy },
  { id: 'at', head: words.list.at, width: '120px', cell: ({ createdAt }) => showShortInstant(createdAt) },
]

function OpenSheets({ sheets }: { readonly sheets: readonly ImportLine[] }) {
  const go = useGo()
  return (
    <Box title={words.list.open}>
      <DataTable
        label={words.list.openTable}
        columns={SHEET_COLUMNS}
        rows={sheets}
        keyOf={({ sheetId }) => sheetId}
        onOpen={({ sheetId }) => go(sheetPath(sheetId))}
      />
    </Box>
  )
}

const BATCH_COLUMNS: readonly Column<BatchLine>[] = [
  {
    id: 'kind',
    head: words.list.kind,
    isTitle: true,
    width: '180px',
    cell: (batch) => (
      <Link to={batchPath(batch.batchId)}>
        {words.kinds[batch.kind]} <span className="second">{words.batch.title(String(batch.batchId))}</span>
      </Link>
    ),
  },
  { id: 'unit', head: words.list.unit, cell: ({ unit }) => unit.name },
  { id: 'asOf', head: words.list.asOf, width: '110px', cell: ({ asOfDay }) => asOfDay },
  { id: 'state', head: words.list.state, width: '130px', cell: (batch) => <BatchState batch={batch} /> },
  {
    id: 'stored',
    head: words.list.stored,
    width: '100px',
    isNumber: true,
    cell: ({ storedCount }) => showCount(storedCount),
  },
  {
    id: 'refused',
    head: words.list.refused,
    width: '100px',
    isNumber: true,
    cell: ({ refusedCount }) => showCount(refusedCount),
  },
  {
    id: 'repair',
    head: words.list.repair,
    width: '100px',
    isNumber: true,
    cell: ({ repairCount }) => showCount(repairCount),
  },
  {
    id: 'by',
    head: words.list.by,
    width: '190px',
    isHiddenOnPhone: true,
    cell: ({ committedBy, committedAt }) => (
      <>
        {committedBy} <span className="second">{showShortInstant(committedAt)}</span>
      </>
    ),
  },
]

export function BatchState({ batch }: { readonly batch: BatchLine }) {
  if (batch.undoneAt !== null) return <Tag>{words.list.undone}</Tag>
  if (batch.undo !== null)
    return <Tag tone="passing">{batch.undo.state === 'failed' ? words.list.undoFailed : words.list.undoing}</Tag>
  return batch.isCurrent ? <Tag tone="brand">{words.list.current}</Tag> : <Tag>{words.list.older}</Tag>
}

function Batches({ batches }: { readonly batches: readonly BatchLine[] }) {
  const go = useGo()
  return (
    <DataTable
      label={words.list.batches}
      columns={BATCH_COLUMNS}
      rows={batches}
      keyOf={({ batchId }) => batchId}
      onOpen={({ batchId }) => go(batchPath(batchId))}
    />
  )
}
