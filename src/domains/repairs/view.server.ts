import { maskCitizenId } from '../../kernel/mask.ts'
import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Keys } from '../../platform/keys.ts'
import { openIdentity } from '../persons/server.ts'
import type { RepairLine } from './contract.ts'
import { OPEN_STATES, type RepairState } from './kinds.ts'
import { markedPair, type Piece } from './marks.ts'
import { oldDaysOn } from './policy.ts'
import { openCell } from './seal.server.ts'
import { listRecords, type RecordShown, type RepairRow } from './store.ts'

/** Who was found on this day or later is not old yet. */
export function oldBefore(today: PlainDate): PlainDate {
  return addDays(today, -oldDaysOn(today))
}

const OPEN: ReadonlySet<RepairState> = new Set(OPEN_STATES)

/** [REP-5] Lines as they are shown: the name in full, numbers masked but for a slip. */
export async function linesOf(
  system: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  keys: Pick<Keys, 'open'>,
  rows: readonly RepairRow[],
  today: PlainDate,
): Promise<RepairLine[]> {
  if (rows.length === 0) return []
  const ids = rows.flatMap((row) => [row.anchor_record, ...(row.register_record === null ? [] : [row.register_record])])
  const records = await system((tx) => listRecords(tx, ids))
  return rows.flatMap((row) => {
    const anchor = records.get(row.anchor_record)
    const register = row.register_record === null ? undefined : records.get(row.register_record)
    return anchor === undefined ? [] : [lineOf(keys, row, { anchor, register, before: oldBefore(today) })]
  })
}

function lineOf(
  keys: Pick<Keys, 'open'>,
  row: RepairRow,
  { anchor, register, before }: { anchor: RecordShown; register: RecordShown | undefined; before: PlainDate },
): RepairLine {
  const [roll, told] = markedPair(
    row.field,
    openCell(keys, 'roll_sealed', row.roll_sealed),
    openCell(keys, 'register_sealed', row.register_sealed),
  )
  const right = openCell(keys, 'right_sealed', row.right_sealed)
  const page = openCell(keys, 'evidence_sealed', row.evidence_sealed)
  return {
    repairId: row.repair_id,
    childId: anchor.childId,
    name: openIdentity(keys, anchor.sealed).name,
    group: groupOf(row, anchor, register),
    grade: anchor.grade,
    className: anchor.className,
    field: row.field,
    register: copied(told),
    roll: copied(roll),
    isAlone: row.roll_record === null || row.register_record === null,
    hint: row.hint,
    suggested: row.suggested,
    rightSide: row.right_side,
    rightValue: right !== null && row.field === 'citizen-id' ? maskCitizenId(right) : right,
    evidence: page === null && row.evidence_day === null ? null : { page: page ?? '', day: row.evidence_day },
    mends: row.mends,
    state: row.state,
    foundDay: row.found_day,
    isOld: OPEN.has(row.state) && row.found_day < before,
    sentDay: row.sent_day,
    listNumber: row.list_number,
    rounds: row.rounds,
    agreedDay: row.agreed_day,
    dismissCause: row.dismiss_cause,
  }
}

function groupOf(row: RepairRow, anchor: RecordShown, register: RecordShown | undefined): RepairLine['group'] {
  if (row.mends === 'register' && register?.place != null) return register.place
  if (row.school_id !== null && anchor.school !== null) return { id: row.school_id, name: anchor.school }
  return anchor.place
}

function copied(pieces: readonly Piece[] | null): { text: string; isDifferent: boolean }[] | null {
  return pieces === null ? null : [...pieces]
}
