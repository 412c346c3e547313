import { useSyncExternalStore } from 'react'

/** Below this width a page is one column for one thumb; `style/*.css` uses the same number. */
const NARROW = window.matchMedia('(max-width: 720px)')

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      NARROW.addEventListener('change', changed)
      return () => NARROW.removeEventListener('change', changed)
    },
    () => NARROW.matches,
  )
}
