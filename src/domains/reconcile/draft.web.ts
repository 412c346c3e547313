import { useSyncExternalStore } from 'react'
import { Problem } from '../../kernel/problem.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { upload } from '../../web/api/upload.ts'
import { showBytes } from '../../web/format.ts'
import { type ColumnMap, missingFields, recognisedColumns } from '../imports/index.ts'
import { type SheetInspection, type SheetRole, uploadSheet } from './contract.ts'
import { MAX_SHEET_BYTES } from './run-rules.ts'

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

const EMPTY: Draft = { population: { state: 'empty' }, roll: { state: 'empty' } }

let draft: Draft = EMPTY
const listeners = new Set<() => void>()
const stops = new Map<SheetRole, AbortController>()

export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, () => draft)
}

export async function takeFile(role: SheetRole, file: File): Promise<void> {
  stopSending(role)
  const refusal = findRefusal(file)
  if (refusal !== undefined) {
    put(role, { state: 'refused', file, fault: refusal })
    return
  }
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

/** What the server would refuse after the whole upload is told before it. */
function findRefusal(file: File): Problem | undefined {
  if (file.size === 0) return new Problem('FILE.EMPTY', { file: file.name })
  return file.size > MAX_SHEET_BYTES
    ? new Problem('REQUEST.TOO_LARGE', { limit: showBytes(MAX_SHEET_BYTES) })
    : undefined
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

/** What a run cannot do without and this sheet does not give. */
export function missingOf(intake: Intake): SheetInspection['missing'] {
  return intake.state === 'ready' ? missingFields(intake.inspection, intake.columns) : []
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
