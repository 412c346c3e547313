import { inspectSheet, type SheetLayout } from '../../platform/sheets/index.ts'
import { FIELDS_OF } from './fields.ts'
import type { ImportKind } from './kinds.ts'

interface InspectInput {
  readonly sheetKind: ImportKind
  readonly path: string
  readonly fileName: string
  readonly workDir: string
  readonly signal: AbortSignal
}

export async function inspectKind({ sheetKind, ...input }: InspectInput): Promise<SheetLayout> {
  return inspectSheet({ ...input, fields: FIELDS_OF[sheetKind], countRows: true })
}
