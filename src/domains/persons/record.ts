import type { AccountId, BatchId, FileId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { BatchKind, PresenceMark, StatusGroup } from './kinds.ts'

/** Who the child is, as one row says it. Sealed as one value. */
export interface Identity {
  readonly name: string
  readonly formerName: string | null
  /** Sound, 18 characters. */
  readonly citizenId: string | null
  /** Any other document number, or an ID number that is not sound. */
  readonly otherId: string | null
  readonly ethnicity: string | null
  readonly studentNo: string | null
  readonly sex: 1 | 2 | null
  readonly birth: PlainDate | null
}

export interface Guardian {
  readonly name: string | null
  readonly citizenId: string | null
  readonly phone: string | null
  readonly relation: string | null
}

/** How the family is reached. Sealed as one value. */
export interface Contact {
  readonly phones: readonly string[]
  readonly address: string | null
  readonly householdNo: string | null
  readonly guardians: readonly Guardian[]
}

export interface RollFacts {
  /** Null: none of our schools, as the importer found it. */
  readonly schoolId: number | null
  readonly schoolYear: number
  readonly grade: number | null
  readonly className: string | null
  readonly statusGroup: StatusGroup
  /** As the sheet says it, folded. */
  readonly status: string | null
  readonly boarding: boolean | null
  readonly enrolledOn: PlainDate | null
}

/** What a list of a class says of the child on its day. */
export interface Presence {
  readonly mark: PresenceMark
  /** School days in a row without leave; null: not told. */
  readonly absentDays: number | null
}

/** A checked row of a sheet. */
export interface RecordRow extends Identity, Contact {
  /** Data row below the heading, from 1. */
  readonly row: number
  /** Of registration or residence: the nearest unit known. Null: the sheet does not tell. Unused for a roll. */
  readonly unitId: number | null
  readonly roll?: RollFacts | undefined
  /** Of a list of a class, beside where the child sits (`roll`). */
  readonly presence?: Presence | undefined
  /** Blind indexes (`INDEX`) that the check has made already: of the sound ID number, the folded name, the student number. */
  readonly keys?: { readonly id: bigint | null; readonly name: bigint; readonly student: bigint | null } | undefined
  /** Codes of `TAGS`. */
  readonly tags: readonly string[]
  readonly needsRepair: boolean
  /** Cannot go in: counted, not stored. */
  readonly refused: boolean
  /** [ROST-4] Of no age that is looked for (an adult of a household): counted, and left. */
  readonly aside?: boolean | undefined
}

export interface NewBatch {
  readonly kind: BatchKind
  /** Who gives it. */
  readonly unitId: UnitId
  /** Path of the giver. */
  readonly units: readonly number[]
  /** The day the extract speaks of. */
  readonly asOf: PlainDate
  readonly contentKey: Uint8Array
  /** Lines of the sheet above its first row. */
  readonly rowsAbove?: number
  readonly rowsFileId: FileId | null
  readonly accountId: AccountId
  readonly now: Date
  /** The business day: ties that live today make the units. */
  readonly today: PlainDate
  /** One class or one village of a unit: it adds, and what it does not name is not gone. */
  readonly isPartial?: boolean
  /** Rows of a ledger that no sheet spoke of: they make children, and no run reads them. */
  readonly isLedger?: boolean
}

export interface StoredBatch {
  readonly batchId: BatchId
  readonly rowCount: number
  readonly storedCount: number
  readonly refusedCount: number
  readonly asideCount: number
  readonly repairCount: number
  /** Children met for the first time. */
  readonly newChildren: number
  /** Rows with the same content as the child's current record of that kind. */
  readonly unchanged: number
}
