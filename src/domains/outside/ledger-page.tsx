import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { useMay } from '../../web/viewer.tsx'
import { accountWords } from '../whereabouts/index.ts'
import { commitLedger, type LedgerCounts, type LedgerSheet, readLedger, undoLedger } from './ledger-contract.ts'
import { LedgerRows } from './ledger-rows.tsx'
import { LedgerSteps } from './ledger-steps.tsx'
import { ledgerWords } from './ledger-words.ts'
import { words } from './page-words.web.ts'
import { LEDGERS } from './paths.web.ts'
import './outside.css'

/** One ledger: what is wrong with it, what it would post, and once posted the way back. */
export default function LedgerPage() {
  const sheetId = usePathPart('sheetId')
  const sheet = useAnswer(readLedger, { params: { sheetId } })
  const mayWrite = useMay('outside.write')
  if (sheet.isPending) return <Pending lines={10} />
  if (sheet.data === undefined) return <PageProblem fault={sheet.error} onRetry={() => void sheet.refetch()} />
  const { kind, asOf, counts, committedAt, undoneAt } = sheet.data
  return (
    <div className="stack">
      <PageHead
        title={ledgerWords.kinds[kind]}
        documentTitle={words.ledgers.documentTitle}
        note={`${words.ledgers.asOf} ${asOf}`}
      >
        <Link to={LEDGERS} className="button">
          {words.sheet.other}
        </Link>
      </PageHead>
      <Box>
        <LedgerSteps current={committedAt === null ? 2 : 4} />
      </Box>
      {undoneAt !== null ? <Notice tone="passing">{words.sheet.undone(showInstant(undoneAt))}</Notice> : null}
      {committedAt !== null && undoneAt === null ? (
        <Notice>{words.sheet.posted(showInstant(committedAt))}</Notice>
      ) : null}
      {counts === null ? <Notice tone="passing">{words.sheet.gone}</Notice> : <Counts counts={counts} />}
      {committedAt === null && counts !== null ? (
        <Check sheet={sheet.data} counts={counts} mayWrite={mayWrite} />
      ) : null}
      {sheet.data.mayUndo ? <Undo sheet={sheet.data} /> : null}
    </div>
  )
}

function Counts({ counts }: { readonly counts: LedgerCounts }) {
  const names = words.sheet.counts
  const figures = [
    { label: names.rows, count: counts.rows, unit: words.sheet.unit },
    { label: names.found, count: counts.found, unit: words.sheet.person },
    { label: names.made, count: counts.made, unit: words.sheet.person },
    { label: names.held, count: counts.held, unit: words.sheet.unit },
    { label: names.refused, count: counts.refused, unit: words.sheet.unit },
  ]
  return (
    <Box>
      <dl className="outside-counts box-body">
        {figures.map(({ label, count, unit }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Count count={count} unit={unit} />
            </dd>
          </div>
        ))}
      </dl>
      {counts.accounts.length === 0 ? null : (
        <p className="box-body second">
          {words.sheet.accounts}{' '}
          {counts.accounts
            .map(({ account, count }) => `${accountWords.accounts[account]} ${showCount(count)}`)
            .join('，')}
        </p>
      )}
    </Box>
  )
}

interface CheckProps {
  readonly sheet: LedgerSheet
  readonly counts: LedgerCounts
  readonly mayWrite: boolean
}

function Check({ sheet, counts, mayWrite }: CheckProps) {
  const queryClient = useQueryClient()
  const commit = useAction(commitLedger)
  const going = counts.found + counts.made
  const request = { params: { sheetId: sheet.sheetId } }
  const confirm = () =>
    commit.mutate(
      { ...request, body: { mode: counts.refused > 0 ? 'good-rows' : 'whole' } },
      {
        onSuccess: (written) => {
          queryClient.setQueryData(keyOf(readLedger, request), written)
          void queryClient.invalidateQueries()
        },
        // What stands against it now is shown row by row.
        onError: () => void queryClient.invalidateQueries({ queryKey: keyOf(readLedger, request) }),
      },
    )
  return (
    <>
      {counts.refused > 0 ? (
        <Notice tone="passing">{words.sheet.mustMend(showCount(counts.refused))}</Notice>
      ) : (
        <Notice>{going === 0 ? words.sheet.nothing : words.sheet.clean}</Notice>
      )}
      <LedgerRows rows={sheet.rows} total={counts.rows} />
      <ProblemNote fault={commit.error} />
      {going === 0 || !mayWrite ? null : (
        <div className="outside-foot">
          <span className="second">{words.sheet.doWhy}</span>
          <Button type={counts.refused > 0 ? 'default' : 'primary'} loading={commit.isPending} onClick={confirm}>
            {counts.refused > 0
              ? words.sheet.doGood(showCount(going), showCount(counts.refused))
              : words.sheet.do(showCount(going))}
          </Button>
        </div>
      )}
    </>
  )
}

function Undo({ sheet }: { readonly sheet: LedgerSheet }) {
  const queryClient = useQueryClient()
  const undo = useAction(undoLedger)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className="outside-foot">
      <Button onClick={() => setIsOpen(true)}>{words.sheet.undo}</Button>
      <ReasonDialog
        title={words.sheet.undoTitle}
        label={words.sheet.undoReason}
        confirm={words.sheet.undoDo}
        isOpen={isOpen}
        isBusy={undo.isPending}
        fault={undo.error}
        onReason={(reason) =>
          undo.mutate(
            { params: { sheetId: sheet.sheetId }, body: { reason } },
            {
              onSuccess: () => {
                setIsOpen(false)
                void queryClient.invalidateQueries()
              },
            },
          )
        }
        onClose={() => setIsOpen(false)}
      >
        <p>{words.sheet.undoWhat}</p>
      </ReasonDialog>
    </div>
  )
}
