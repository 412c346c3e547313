import { Link as RouterLink } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Search, toSearch } from '../router/search.ts'

interface LinkProps {
  readonly to: string
  readonly search?: Search
  readonly className?: string
  readonly label?: string
  /** Marks the link of the page one is on. */
  readonly isCurrent?: boolean
  /** Exchanges the address instead of adding one to go back through: tabs and filters. */
  readonly isReplacing?: boolean
  readonly children: ReactNode
}

/** The one link of the product. Paths come from the slices' own helpers, already encoded. */
export function Link({ to, search, className, label, isCurrent, isReplacing, children }: LinkProps) {
  return (
    <RouterLink
      to={to}
      search={toSearch(search)}
      className={className}
      aria-label={label}
      aria-current={isCurrent === true ? 'page' : undefined}
      replace={isReplacing === true}
      activeProps={{}}
      activeOptions={{ exact: true, includeSearch: false }}
    >
      {children}
    </RouterLink>
  )
}
