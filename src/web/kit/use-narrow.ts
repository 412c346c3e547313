import { useSyncExternalStore } from 'react'

/** Below this width a page is one column for one thumb; `style/*.css` uses the same number. */
const PHONE = window.matchMedia('(max-width: 720px)')
/** Below this width a list and a panel do not fit beside each other. */
const TABLET = window.matchMedia('(max-width: 1100px)')

export function useNarrow(): boolean {
  return useMatch(PHONE)
}

export function useTight(): boolean {
  return useMatch(TABLET)
}

function useMatch(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => query.matches,
  )
}
