import { useCallback, useEffect, useRef, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import {
  answerPair,
  claimDisputes,
  claimPairs,
  type ReviewOverview,
  type ReviewPair,
  settlePair,
  undoAnswer,
} from './review-contract.ts'
import { words } from './review-page-words.web.ts'
import type { Verdict } from './review-rules.ts'

interface QueueOptions {
  readonly runId: string
  readonly mode: 'looks' | 'disputes'
  /** What can be taken back although the page was left in between; the newest first. */
  readonly recent: ReviewOverview['mine']['recent']
  readonly onChanged: () => void
}

/** Held at once: the one on the screen and those that will be on it before an answer could come over the wire. */
const HELD = 4

/**
 * [REVIEW-7] The pairs in hand. An answer leaves the screen at once and is saved behind it; what is refused comes back to the
 * front with the reason.
 */
export function useReviewQueue({ runId, mode, recent, onChanged }: QueueOptions) {
  const [pairs, setPairs] = useState<readonly ReviewPair[]>([])
  const [history, setHistory] = useState<readonly number[]>([])
  const [fault, setFault] = useState<unknown>()
  const [said, setSaid] = useState<string>()
  const [saving, setSaving] = useState(0)
  const [isPending, setIsPending] = useState(true)
  const answered = useRef(new Set<number>())
  const claim = useAction(mode === 'looks' ? claimPairs : claimDisputes)
  const send = useAction(mode === 'looks' ? answerPair : settlePair)
  const takeBack = useAction(undoAnswer)
  const { mutateAsync: claimMore } = claim

  const refill = useCallback(async () => {
    try {
      const { pairs: given } = await claimMore({ params: { runId }, body: { most: HELD } })
      setPairs((before) => {
        const known = new Set(before.map(({ pairId }) => pairId))
        return [...before, ...given.filter(({ pairId }) => !known.has(pairId) && !answered.current.has(pairId))]
      })
    } catch (error) {
      setFault(error)
    } finally {
      setIsPending(false)
    }
  }, [claimMore, runId])
  useEffect(() => void refill(), [refill])

  const current = pairs[0]
  const undoable = history.at(-1) ?? recent.find(({ pairId }) => !history.includes(pairId))?.pairId

  const answer = async (verdict: Verdict, note: string) => {
    if (current === undefined) return
    const pair = current
    setFault(undefined)
    setSaid(undefined)
    answered.current.add(pair.pairId)
    setPairs((before) => before.filter(({ pairId }) => pairId !== pair.pairId))
    setHistory((before) => [...before, pair.pairId])
    setSaving((n) => n + 1)
    try {
      const body = note.trim() === '' ? { verdict } : { verdict, note: note.trim() }
      await send.mutateAsync({ params: { pairId: pair.pairId }, body })
      setSaid(words.saved)
      if (pairs.length <= 2) await refill()
    } catch (error) {
      setFault(error)
      answered.current.delete(pair.pairId)
      setHistory((before) => before.filter((pairId) => pairId !== pair.pairId))
      setPairs((before) => [pair, ...before])
    } finally {
      setSaving((n) => n - 1)
      onChanged()
    }
  }

  const undo = async () => {
    if (undoable === undefined) return
    setFault(undefined)
    setSaving((n) => n + 1)
    try {
      const pair = await takeBack.mutateAsync({ params: { pairId: undoable } })
      answered.current.delete(pair.pairId)
      setHistory((before) => before.filter((pairId) => pairId !== pair.pairId))
      setPairs((before) => [pair, ...before.filter(({ pairId }) => pairId !== pair.pairId)])
      setSaid(words.undone)
    } catch (error) {
      setFault(error)
    } finally {
      setSaving((n) => n - 1)
      onChanged()
    }
  }

  return {
    current,
    isPending,
    fault,
    said,
    isSaving: saving > 0,
    mayUndo: undoable !== undefined,
    hasMore: pairs.length > 1,
    answer: (verdict: Verdict, note: string) => void answer(verdict, note),
    undo: () => void undo(),
    next: () => setPairs(([first, ...rest]) => (first === undefined ? [] : [...rest, first])),
    previous: () =>
      setPairs((before) => (before.length < 2 ? before : [before[before.length - 1]!, ...before.slice(0, -1)])),
  }
}
