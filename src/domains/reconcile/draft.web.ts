import { useSyncExternalStore } from 'react'
import { isCode } from '../../web/api/api-problem.ts'
import { upload } from '../../web/api/upload.ts'
import { type SheetInspection, type SheetRole, uploadSheet } from './contract.ts'

/**
 * What the officer has put together for the next run. It lives beside the pages,
 * so that an upload goes on while another page is looked at, and coming back finds it.
 */
export interface Draft {
  readonly population: Intake
  readonly roll: Intake
}

/** empty → sending → ready, or refused with the reason; any of them can start over with another file. */
export type Intake =
  | { readonly state: 'empty' }
  | { readonly state: 'sending'; readonly file: File; readonly doneBytes: number; readonly startedAt: number }
  | { readonly state: 'refused'; readonly file: File; readonly fault: unknown }
  | { readonly state: 'ready'; readonly inspection: SheetInspection; readonly columns: ColumnMap }

/** Field → 0-based column. */
export type ColumnMap = Readonly<Record<string, number>>

const EMPTY: Draft = { population: { state: 'empty' }, roll: { state: 'empty' } }

let draft: Draft = EMPTY
const listeners = new Set<() => void>()
const stops = new Map<SheetRole, AbortController>()

export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, () => draft)
}

export async function takeFile(role: SheetRole, file: File): Promise<void> {
  stopSending(role)
  const stop = new AbortController()
  stops.set(role, stop)
  const sending = { state: 'sending', file, doneBytes: 0, startedAt: performance.now() } as const
  put(role, sending)
  try {
    const inspection = await upload(uploadSheet, { query: { role } }, file, {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => put(role, { ...sending, doneBytes: Math.min(doneBytes, file.size) }),
    })
    put(role, { state: 'ready', inspection, columns: recognisedColumns(inspection) })
  } catch (fault) {
    if (isCode(fault, 'CLIENT.STOPPED')) return
    put(role, { state: 'refused', file, fault })
  }
}

export function stopSending(role: SheetRole): void {
  stops.get(role)?.abort()
  stops.delete(role)
  put(role, { state: 'empty' })
}

/** The officer's own word on where a field stands; undefined takes it away. */
export function mapColumn(role: SheetRole, field: string, column: number | undefined): void {
  const intake = draft[role]
  if (intake.state !== 'ready') return
  const { [field]: _, ...others } = intake.columns
  put(role, { ...intake, columns: column === undefined ? others : { ...others, [field]: column } })
}

/** After a run has started from it. */
export function clearDraft(): void {
  draft = EMPTY
  tell()
}

export function recognisedColumns(inspection: SheetInspection): ColumnMap {
  return Object.fromEntries(
    inspection.columns.flatMap((column) => (column.field === null ? [] : [[column.field, column.index]])),
  )
}

export function missingFields(intake: Intake): readonly { readonly field: string; readonly label: string }[] {
  if (intake.state !== 'ready') return []
  return intake.inspection.fields.filter(({ field, isRequired }) => isRequired && intake.columns[field] === undefined)
}

/** Columns that two fields claim at once. */
export function doubledColumns({ columns }: { readonly columns: ColumnMap }): ReadonlySet<number> {
  const seen = new Set<number>()
  const doubled = new Set<number>()
  for (const column of Object.values(columns)) {
    if (seen.has(column)) doubled.add(column)
    seen.add(column)
  }
  return doubled
}

function put(role: SheetRole, intake: Intake): void {
  draft = { ...draft, [role]: intake }
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
