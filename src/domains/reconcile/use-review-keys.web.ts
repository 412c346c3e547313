import { useEffect, useRef } from 'react'
import { isTyping } from '../../web/kit/search-box.tsx'
import type { Verdict } from './review-rules.ts'

interface ReviewKeys {
  readonly onVerdict: (verdict: Verdict) => void
  readonly onUndo: () => void
  readonly onNext: () => void
  readonly onPrevious: () => void
  readonly onReveal: () => void
}

const VERDICT_OF: Readonly<Record<string, Verdict>> = { '1': 'same', '2': 'different', '3': 'unsure' }

/** One key a pair: 1, 2, 3 answer, `u` takes back, `j` and `k` go on and back, the space bar shows what is masked. */
export function useReviewKeys(keys: ReviewKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
      if (isTyping(event.target)) return
      const verdict = VERDICT_OF[event.key]
      const act = verdict === undefined ? ACTS[event.key.toLowerCase()] : undefined
      if (verdict === undefined && act === undefined) return
      event.preventDefault()
      if (verdict !== undefined) latest.current.onVerdict(verdict)
      else act?.(latest.current)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

const ACTS: Readonly<Record<string, (keys: ReviewKeys) => void>> = {
  u: (keys) => keys.onUndo(),
  j: (keys) => keys.onNext(),
  k: (keys) => keys.onPrevious(),
  ' ': (keys) => keys.onReveal(),
}
