import type { ListName } from './contract.ts'

export const RUNS = '/runs'
export const NEW_RUN = '/runs/new'
/** Pages of other slices. */
export const IMPORTS = '/imports'
export const BALANCE = '/balance'

export function batchPath(batchId: number): string {
  return `/batches/${batchId}`
}

export function runPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}`
}

export function listPath(id: string, list: ListName): string {
  return `/runs/${encodeURIComponent(id)}/${list}`
}

/** Where people decide its pairs: one after the other, those two differ on, or all. */
export function reviewPath(id: string, mode?: 'disputes' | 'all'): string {
  const path = `/runs/${encodeURIComponent(id)}/pairs`
  return mode === undefined ? path : `${path}/${mode}`
}

export function changesPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}/changes`
}

/** A page of another slice. */
export function childPath(childId: number): string {
  return `/children/${childId}`
}
