import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { isReason, LEAST_REASON } from '../../kernel/reason.ts'
import { ApiProblem } from '../../web/api/api-problem.ts'
import { useAction } from '../../web/api/query.ts'
import { Empty } from '../../web/kit/empty.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useMay } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { type ReviewLine, type ReviewOverview, type ReviewPair, revealPair } from './review-contract.ts'
import { words } from './review-page-words.web.ts'
import { PairAnswers, PairLines, PairWeights } from './review-pair-view.tsx'
import { VERDICTS, type Verdict } from './review-rules.ts'
import { useReviewKeys } from './use-review-keys.web.ts'
import { useReviewQueue } from './use-review-queue.web.ts'

interface ReviewDeskProps {
  readonly runId: string
  readonly mode: 'looks' | 'disputes'
  readonly recent: ReviewOverview['mine']['recent']
  readonly onChanged: () => void
  readonly onDecision: (decisionId: number) => void
}

/** One pair at a time. An answer is saved while the next pair stands already on the screen. */
export function ReviewDesk({ runId, mode, recent, onChanged, onDecision }: ReviewDeskProps) {
  const queue = useReviewQueue({ runId, mode, recent, onChanged })
  const [note, setNote] = useState('')
  const [reason, setReason] = useState('')
  const reasonInput = useRef<HTMLElement>(null)
  const { current } = queue
  const shown = useShown(current, reason, () => reasonInput.current?.querySelector('input')?.focus())
  const answer = (verdict: Verdict) => {
    queue.answer(verdict, note)
    setNote('')
  }
  useReviewKeys({
    onVerdict: answer,
    onUndo: queue.undo,
    onNext: queue.next,
    onPrevious: queue.previous,
    onReveal: shown.toggle,
  })
  if (queue.isPending) return <Pending lines={10} />
  return (
    <>
      <ProblemNote fault={queue.fault}>
        <OpenDecision fault={queue.fault} onDecision={onDecision} />
      </ProblemNote>
      {current === undefined ? (
        <Empty title={mode === 'looks' ? words.none : words.noDisputes}>
          {mode === 'looks' ? words.noneWhat : words.noDisputesWhat}
        </Empty>
      ) : (
        <div className="review-desk">
          <section className="box review-pair" aria-live="polite">
            <div className="box-head">
              <h2>{current.turn === null ? words.states[current.state] : words.turns[current.turn]}</h2>
              <Tag tone={current.kind === 'sample' ? 'brand' : 'plain'}>{words.kinds[current.kind]}</Tag>
            </div>
            <PairAnswers answers={current.answers} />
            <PairLines lines={shown.lines ?? current.lines} />
            <ProblemNote fault={shown.fault} />
          </section>
          <div className="stack">
            <PairWeights pair={current} />
            <div className="box box-body review-writing">
              <Field label={words.note} hint={words.noteHint}>
                {(names) => (
                  <Input {...names} maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
                )}
              </Field>
              {shown.may ? (
                <section ref={reasonInput} aria-label={words.sitting}>
                  <Field
                    label={words.sitting}
                    hint={words.sittingHint}
                    fault={
                      shown.isAsking && !isReason(reason)
                        ? `${words.sittingNeeded}（${kit.reason.hint(LEAST_REASON)}）`
                        : undefined
                    }
                  >
                    {(names) => (
                      <Input
                        {...names}
                        maxLength={200}
                        value={reason}
                        onChange={(event) => setReason(event.target.value)}
                      />
                    )}
                  </Field>
                </section>
              ) : null}
            </div>
          </div>
        </div>
      )}
      <div className="review-actions">
        {VERDICTS.map((verdict) => (
          <Button
            key={verdict}
            size="large"
            type={verdict === 'same' ? 'primary' : 'default'}
            disabled={current === undefined}
            onClick={() => answer(verdict)}
          >
            {words.verdicts[verdict]} <kbd>{words.keys[verdict]}</kbd>
          </Button>
        ))}
        <Button disabled={!queue.mayUndo} onClick={queue.undo}>
          {words.undo} <kbd>{words.keys.undo}</kbd>
        </Button>
        <Button disabled={current === undefined || !shown.may} onClick={shown.toggle}>
          {shown.lines === undefined ? words.reveal : words.hide} <kbd>{words.keys.reveal}</kbd>
        </Button>
        <Button disabled={!queue.hasMore} onClick={queue.next}>
          {words.next} <kbd>{words.keys.next}</kbd>
        </Button>
        <span className="second review-saved" role="status">
          {queue.isSaving ? words.saving : queue.said}
        </span>
      </div>
    </>
  )
}

/** The numbers of the pair on the screen, and of no other: they are forgotten with it. */
function useShown(current: ReviewPair | undefined, reason: string, ask: () => void) {
  const may = useMay('run.reveal')
  const reveal = useAction(revealPair)
  const [shown, setShown] = useState<{ readonly pairId: number; readonly lines: ReviewLine[] }>()
  const [isAsking, setIsAsking] = useState(false)
  const pairId = current?.pairId
  const isShown = shown !== undefined && shown.pairId === pairId
  const { reset } = reveal
  // biome-ignore lint/correctness/useExhaustiveDependencies: another pair begins masked
  useEffect(() => reset(), [pairId, reset])
  const toggle = () => {
    if (pairId === undefined || !may) return
    if (isShown) return setShown(undefined)
    if (!isReason(reason)) {
      setIsAsking(true)
      return ask()
    }
    reveal.mutate(
      { params: { pairId }, body: { reason: reason.trim() } },
      { onSuccess: ({ lines }) => setShown({ pairId, lines }) },
    )
  }
  return { may, isAsking, toggle, lines: isShown ? shown.lines : undefined, fault: reveal.error }
}

/** [DECIDE-2] What a refusal names is one click away. */
function OpenDecision({ fault, onDecision }: { readonly fault: unknown; readonly onDecision: (id: number) => void }) {
  if (!(fault instanceof ApiProblem) || fault.code !== 'REVIEW.CONTRADICTS') return null
  const number = Number(fault.words['number'])
  return <Button onClick={() => onDecision(number)}>{words.contradiction(String(number))}</Button>
}
