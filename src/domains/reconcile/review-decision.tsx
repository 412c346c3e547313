import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showShortInstant } from '../../web/format.ts'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { useMay } from '../../web/viewer.tsx'
import { readDecision, withdrawDecision } from './review-contract.ts'
import { words } from './review-page-words.web.ts'
import { PairAnswers, PairLines } from './review-pair-view.tsx'

interface ReviewDecisionProps {
  readonly decisionId: number
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** [DECIDE-2] One decision, opened: what was decided of whom, by whom; and the way back. */
export function ReviewDecision({ decisionId, onClose, onChanged }: ReviewDecisionProps) {
  const mayReview = useMay('run.review')
  const [isAsking, setIsAsking] = useState(false)
  const answer = useAnswer(readDecision, { params: { decisionId } })
  const withdraw = useAction(withdrawDecision)
  const decision = answer.data
  return (
    <Drawer open onClose={onClose} size={720} title={words.decision(String(decisionId))} destroyOnHidden>
      <div className="stack">
        <ProblemNote fault={answer.error} />
        {answer.isPending ? <Pending lines={6} /> : null}
        {decision === undefined ? null : (
          <>
            <p>
              <b>{words.verdicts[decision.verdict]}</b>{' '}
              <span className="second">{words.decidedBy(decision.who, showShortInstant(decision.at))}</span>
            </p>
            {decision.withdrawnAt === null ? null : (
              <Notice tone="passing">{words.withdrawn(showShortInstant(decision.withdrawnAt))}</Notice>
            )}
            {decision.pair === null ? null : (
              <>
                <PairAnswers answers={decision.pair.answers} />
                <PairLines lines={decision.pair.lines} />
              </>
            )}
            {mayReview && decision.withdrawnAt === null ? (
              <Button onClick={() => setIsAsking(true)}>{words.withdraw}</Button>
            ) : null}
          </>
        )}
      </div>
      <ReasonDialog
        title={words.withdraw}
        label={words.reason}
        confirm={words.withdraw}
        isOpen={isAsking}
        isBusy={withdraw.isPending}
        fault={withdraw.error}
        onReason={(reason) =>
          withdraw.mutate(
            { params: { decisionId }, body: { reason } },
            {
              onSuccess: () => {
                setIsAsking(false)
                void answer.refetch()
                onChanged()
              },
            },
          )
        }
        onClose={() => setIsAsking(false)}
      >
        <p className="second">{words.withdrawWhat}</p>
      </ReasonDialog>
    </Drawer>
  )
}
