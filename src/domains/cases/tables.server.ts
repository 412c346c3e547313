import type { Generated } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { UnitKind } from '../registry/index.ts'
import type { Stage } from './rules.ts'

export const OUTCOMES = ['explained', 'reversed', 'merged'] as const
export type Outcome = (typeof OUTCOMES)[number]

export type NoteKind = 'entry' | 'due' | 'owner' | 'merge' | 'unmerge'

/** Tables of this slice, with what it reads of its neighbours to the left. */
export type CaseTables = {
  case_file: {
    case_id: Generated<number>
    child_id: number
    stage: Stage
    open: true | null
    owner_unit_id: number
    owner_id: number | null
    is_stand_in: boolean
    due_day: PlainDate | null
    opened_day: PlainDate
    opened_by: number
    closed_day: PlainDate | null
    closed_by: number | null
    outcome: Outcome | null
    units: number[]
  }
  case_note: {
    note_id: Generated<number>
    child_id: number
    case_id: number | null
    posting_id: number | null
    kind: NoteKind
    sealed: Buffer
    author_id: number
    written_at: Date
  }
  unit: { unit_id: number; parent_id: number | null; kind: UnitKind; name: string; path: number[] }
  staff: { staff_id: number; name: string }
  post: {
    post_id: number
    staff_id: number
    unit_id: number
    role_id: string
    from_day: PlainDate
    until_day: PlainDate | null
  }
}
