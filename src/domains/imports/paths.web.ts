export const IMPORTS = '/imports'
export const NEW_IMPORT = '/imports/new'

export function sheetPath(sheetId: string): string {
  return `/imports/${encodeURIComponent(sheetId)}`
}

export function batchPath(batchId: number): string {
  return `/batches/${batchId}`
}
