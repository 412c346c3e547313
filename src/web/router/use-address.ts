import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { type Search, toSearch } from './search.ts'

/** A named part of the path, e.g. `runId` of `/runs/$runId`. */
export function usePathPart(name: string): string {
  const params: Readonly<Record<string, string | undefined>> = useParams({ strict: false })
  return params[name] ?? ''
}

/** The filters of a page live in its address, so that a list can be sent to a colleague and found again by going back. */
export function useAddressState(): readonly [Readonly<Record<string, string>>, (change: Search) => void] {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' || typeof value === 'number') known[name] = String(value)
  }
  const change = useCallback(
    (members: Search) => {
      void navigate({
        to: pathname,
        search: (before: Record<string, string | number>) => toSearch({ ...before, ...members }),
        replace: true,
      })
    },
    [navigate, pathname],
  )
  return [known, change]
}

export function useGo(): (to: string, search?: Search) => void {
  const navigate = useNavigate()
  return useCallback((to, search) => void navigate({ to, search: toSearch(search) }), [navigate])
}
