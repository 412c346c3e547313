import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { type Batch, readBatch, undoBatch } from './contract.ts'
import { BatchState } from './import-list-page.tsx'
import { words } from './page-words.web.ts'
import { IMPORTS, sheetPath } from './paths.web.ts'
import './imports.css'

const LOOK_AGAIN_MS = 1_000

/** One committed sheet: whose it is, what it speaks of, and the way back. */
export default function BatchPage() {
  const batchId = Number(usePathPart('batchId'))
  const answer = useAnswer(
    readBatch,
    { params: { batchId } },
    { every: (batch) => (batch?.undo != null && batch.undo.state !== 'failed' ? LOOK_AGAIN_MS : false) },
  )
  if (answer.isPending) return <Pending lines={12} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  return <Known batch={answer.data} />
}

function Known({ batch }: { readonly batch: Batch }) {
  return (
    <div className="stack">
      <PageHead
        title={`${words.kinds[batch.kind]} · ${words.batch.title(String(batch.batchId))}`}
        mark={<BatchState batch={batch} />}
        note={`${batch.unit.name} · ${words.sheet.asOf(batch.asOfDay)}`}
      >
        <Link to={IMPORTS} className="button">
          {words.batch.back}
        </Link>
        {batch.mayUndo ? <Undo batch={batch} /> : null}
      </PageHead>
      <UndoState batch={batch} />
      <div className="batch-parts">
        <Facts batch={batch} />
        <Box title={words.batch.covers} note={words.batch.coversNote}>
          <DataTable
            label={words.batch.covers}
            columns={COVER_COLUMNS}
            rows={batch.covers}
            keyOf={({ unitId }) => unitId}
          />
          {batch.coverCount > batch.covers.length ? (
            <p className="box-body note">{words.check.coversMore(showCount(batch.coverCount))}</p>
          ) : null}
        </Box>
      </div>
    </div>
  )
}

const COVER_COLUMNS: readonly Column<Batch['covers'][number]>[] = [
  { id: 'unit', head: words.batch.unit, isTitle: true, cell: ({ name }) => name },
  { id: 'rows', head: words.batch.rows, width: '100px', isNumber: true, cell: ({ rows }) => showCount(rows) },
  {
    id: 'speaks',
    head: words.batch.speaks,
    width: '140px',
    cell: ({ isCurrent }) => (isCurrent ? words.batch.thisOne : <span className="second">{words.batch.newer}</span>),
  },
]

function Facts({ batch }: { readonly batch: Batch }) {
  return (
    <Box title={words.batch.facts}>
      <dl className="facts box-body">
        <dt>{words.list.rowCount}</dt>
        <dd className="figure">{showCount(batch.rowCount)}</dd>
        <dt>{words.list.stored}</dt>
        <dd className="figure">{showCount(batch.storedCount)}</dd>
        <dt>{words.list.refused}</dt>
        <dd className="figure">{showCount(batch.refusedCount)}</dd>
        {batch.asideCount === 0 ? null : (
          <>
            <dt>{words.batch.aside}</dt>
            <dd className="figure">{showCount(batch.asideCount)}</dd>
          </>
        )}
        <dt>{words.list.repair}</dt>
        <dd>
          <span className="figure">{showCount(batch.repairCount)}</span>{' '}
          {batch.repairCount === 0 ? null : <span className="second">{words.batch.repairNote}</span>}
        </dd>
        <dt>{words.list.by}</dt>
        <dd>
          {batch.committedBy} <span className="second">{showInstant(batch.committedAt)}</span>
        </dd>
        <dt>{words.batch.runs}</dt>
        <dd>{words.batch.runsOf(batch.postedRuns)}</dd>
        <dt>{words.batch.sheet}</dt>
        <dd>
          {batch.sheetId === null ? (
            words.batch.sheetGone
          ) : (
            <Link to={sheetPath(batch.sheetId)}>{batch.fileName ?? words.batch.sheet}</Link>
          )}
        </dd>
      </dl>
    </Box>
  )
}

function UndoState({ batch }: { readonly batch: Batch }) {
  if (batch.undoneAt !== null && batch.undo === null) {
    return <Notice>{words.batch.undone(showInstant(batch.undoneAt), batch.undoneBy ?? '')}</Notice>
  }
  if (batch.undo === null) return null
  if (batch.undo.problem !== null) {
    return (
      <div className="notice notice-problem" role="alert">
        <Icon name="alert" size={18} />
        <div>{batch.undo.problem.message}</div>
      </div>
    )
  }
  const percent = Math.floor(batch.undo.percent)
  return (
    <Box>
      <div className="box-body import-sending">
        <span role="status">{words.batch.undoing(percent)}</span>
        <ProgressLine percent={percent} />
      </div>
    </Box>
  )
}

function Undo({ batch }: { readonly batch: Batch }) {
  const queryClient = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const undo = useAction(undoBatch)
  const request = { params: { batchId: batch.batchId } }
  return (
    <>
      <Button icon={<Icon name="undo" size={14} />} onClick={() => setIsOpen(true)}>
        {words.batch.undo}
      </Button>
      <ReasonDialog
        title={words.batch.undoTitle}
        label={words.batch.undoReason}
        confirm={words.batch.undo}
        isOpen={isOpen}
        isBusy={undo.isPending}
        fault={undo.error}
        onReason={(reason) =>
          undo.mutate(
            { ...request, body: { reason } },
            {
              onSuccess: (undoing) => {
                queryClient.setQueryData(keyOf(readBatch, request), undoing)
                void queryClient.invalidateQueries({ queryKey: ['batch.list'] })
                setIsOpen(false)
              },
            },
          )
        }
        onClose={() => {
          setIsOpen(false)
          undo.reset()
        }}
      >
        <p className="second">{words.batch.undoWhat(batch.postedRuns)}</p>
      </ReasonDialog>
    </>
  )
}
