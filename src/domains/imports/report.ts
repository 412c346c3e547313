import type { FindingCount, ImportNote } from './contract.ts'

/** A note without its sentence, which is made when it is read: names of units may change. */
export interface StoredNote {
  readonly code: Exclude<ImportNote['code'], 'other-kind'>
  readonly count: number | null
  readonly unitId: number | null
  readonly day: string | null
  readonly batchId: number | null
}

/** What a check found, in clear beside the sheet: counts and ids, no value of a row. */
export interface StoredReport {
  readonly rows: number
  readonly refusedRows: number
  readonly repairRows: number
  readonly remindedRows: number
  /** Left out of reports of before such lists were read. */
  readonly asideRows?: number
  readonly counts: readonly FindingCount[]
  readonly effect: {
    readonly newChildren: number
    readonly changed: number
    readonly unchanged: number
    readonly repeats: number
  }
  readonly notes: readonly StoredNote[]
  /** The largest first, at most 50. */
  readonly covers: readonly { readonly unitId: number; readonly rows: number }[]
  readonly coverCount: number
  readonly seconds: number
}

export function noteOf(code: StoredNote['code'], more: Partial<Omit<StoredNote, 'code'>> = {}): StoredNote {
  return { code, count: null, unitId: null, day: null, batchId: null, ...more }
}
