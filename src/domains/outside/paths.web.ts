export const OUTSIDE = '/outside'
export const ADD = '/outside/add'
export const FLOWS = '/outside/flows'
export const LEDGERS = '/outside/ledgers'

export function linePath(lineId: number): string {
  return `/outside/line/${lineId}`
}

export function ledgerPath(sheetId: string): string {
  return `/outside/ledgers/${sheetId}`
}

/** The child's own page stands in another slice. */
export function childPath(childId: number): string {
  return `/children/${childId}`
}
