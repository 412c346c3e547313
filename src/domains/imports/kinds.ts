import { BATCH_KINDS, type BatchKind } from '../persons/index.ts'

export const IMPORT_KINDS = BATCH_KINDS
export type ImportKind = BatchKind

/** What a sheet is ordered by: places of households, schools and their classes, or neither. */
export type SheetShape = 'place' | 'school' | 'loose'

export function shapeOf(kind: ImportKind): SheetShape {
  if (kind === 'roll' || kind === 'attendance') return 'school'
  return kind === 'aid' ? 'loose' : 'place'
}

/** [IMP-4] What is wrong: the row cannot go in; it goes in and stands on the repair list; it is only told. */
export const SEVERITIES = ['refuse', 'repair', 'remind'] as const
export type Severity = (typeof SEVERITIES)[number]

export const SHEET_STATES = ['uploaded', 'checking', 'checked', 'committing', 'committed', 'failed', 'dropped'] as const
export type SheetState = (typeof SHEET_STATES)[number]
