import { useEffect, useRef } from 'react'
import { isTyping } from './search-box.tsx'

interface ListKeys {
  readonly count: number
  readonly index: number | undefined
  readonly onMove: (index: number) => void
  readonly onOpen: (index: number) => void
  readonly onClose: () => void
}

/** `j` and `k` walk a list, Enter opens what they stand on, Escape closes it. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const { count, index, onMove, onOpen, onClose } = latest.current
      if (event.key === 'Escape') onClose()
      if (count === 0) return
      if (event.key === 'j') onMove(Math.min((index ?? -1) + 1, count - 1))
      if (event.key === 'k') onMove(Math.max((index ?? 1) - 1, 0))
      if (event.key === 'Enter' && index !== undefined && !isControl(event.target)) onOpen(index)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

/** Enter on a button or a link is its own. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a') !== null
}
