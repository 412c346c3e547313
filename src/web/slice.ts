import type { ComponentType } from 'react'
import type { Permission } from '../kernel/scope.ts'
import type { IconName } from './kit/icon.tsx'

/** What a slice mounts in the browser: pages by path, and its entries of the rail. */
export interface WebSlice {
  readonly id: string
  readonly pages: readonly Page[]
  readonly nav: readonly NavEntry[]
  /** What the slice says on top of every page: a search, how old the figures are. */
  readonly top?: TopPiece
}

export interface TopPiece {
  readonly permission: Permission
  readonly load: () => Promise<{ readonly default: ComponentType }>
}

export interface Page {
  /** `/runs/$runId`. */
  readonly path: string
  readonly permission?: Permission
  /** Loaded when it is first opened; each page is a chunk of its own. */
  readonly load: () => Promise<{ readonly default: ComponentType }>
}

export interface NavEntry {
  readonly to: string
  /** Short, it stands under the icon. */
  readonly word: string
  readonly icon: IconName
  readonly permission: Permission
  /** Where a viewer starts: the entry of the lowest rank that may be seen. */
  readonly homeRank: number
}
