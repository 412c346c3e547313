import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Actor, Download } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { openIdentity } from '../persons/server.ts'
import type { Asked } from './commands.ts'
import type { ChangeList } from './contract.ts'
import type { Side } from './kinds.ts'
import {
  findList,
  insertList,
  type ListLine,
  type ListRow,
  listLines,
  listListRows,
  listSendable,
  withdrawList,
} from './lists.store.server.ts'
import { openCell } from './seal.server.ts'
import { listRecords, type RecordShown } from './store.ts'
import { repairWords as words } from './words.ts'
import { type Change, writeChangeList } from './workbook.server.ts'

/** A row of the workbook is some two hundred bytes before it is packed; the room is for its parts. */
const BYTES_A_ROW = 2_000

export async function readLists(
  { db }: Services,
  actor: Actor,
  query: { readonly page: number; readonly size: number },
): Promise<{ total: number; page: number; size: number; rows: ChangeList[] }> {
  const { total, rows } = await db.inScope(actor.scope, (tx) => listListRows(tx, query))
  return { total, page: query.page, size: query.size, rows: rows.map((row) => lineOf(row, actor)) }
}

/** [REP-12] What is confirmed in the asker's own branch, of one school or of all of them, under the unit's next number. */
export async function makeList(
  { db, clock }: Services,
  { actor, audit }: Asked,
  { mends, schoolId }: { readonly mends: Side; readonly schoolId?: number | undefined },
): Promise<ChangeList> {
  const ready = await db.inScope(actor.scope, (tx) => listSendable(tx, mends, schoolId))
  if (ready.length === 0) throw new Problem('REPAIR.NOTHING_TO_SEND', { side: words.sides[mends] })
  return db.asSystem('repairs.list', async (tx) => {
    const listId = await insertList(
      tx,
      {
        unitId: actor.unitId,
        units: actor.unitPath,
        mends,
        schoolId: schoolId ?? null,
        accountId: actor.accountId,
        now: clock.now(),
        today: clock.today(),
      },
      ready,
    )
    const row = listId === undefined ? undefined : await findList(tx, listId)
    if (row === undefined) throw new Problem('REPAIR.NOTHING_TO_SEND', { side: words.sides[mends] })
    await audit.record(tx, { target: targetOf(row.list_id) })
    return lineOf(row, actor)
  })
}

/** [REP-13] Made too early: the unit that made it takes it back, until an export has answered it. */
export async function withdrawOne(
  { db, clock }: Services,
  { actor, audit }: Asked,
  listId: number,
): Promise<ChangeList> {
  await seeOwnList({ db }, actor, listId)
  return db.asSystem('repairs.withdraw', async (tx) => {
    if (!(await withdrawList(tx, listId, clock.now()))) throw new Problem('REPAIR.LIST_ANSWERED')
    await audit.record(tx, { target: targetOf(listId) })
    const row = await findList(tx, listId)
    if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return lineOf(row, actor)
  })
}

async function seeOwnList({ db }: Pick<Services, 'db'>, actor: Actor, listId: number): Promise<ListRow> {
  const list = await db.inScope(actor.scope, (tx) => findList(tx, listId))
  if (list === undefined || list.unit_id !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
  return list
}

/** [REP-12] Whole names and numbers leave the house: for a purpose that is kept, by the unit that made the list. */
export async function downloadList(
  services: Services,
  { actor, audit }: Asked,
  { listId, reason: typed }: { readonly listId: number; readonly reason: string },
): Promise<Download> {
  const { db, keys, workFolders, clock } = services
  const list = await seeOwnList({ db }, actor, listId)
  if (list.is_withdrawn) throw new Problem('REPAIR.LIST_WITHDRAWN', { number: list.number })
  const reason = decideLoggedReason(typed, 'RUN.REASON_NEEDED')
  const changes = await db.asSystem('repairs.workbook', async (tx) => {
    const lines = await listLines(tx, listId)
    const records = await listRecords(
      tx,
      lines.flatMap(({ roll_record, register_record }) => [roll_record, register_record].filter((id) => id !== null)),
    )
    return lines.map((line) => changeOf(keys, list.mends, line, records))
  })
  const folder = await workFolders.open(changes.length * BYTES_A_ROW)
  try {
    const out = join(folder.path, 'changes.xlsx')
    await writeChangeList(out, {
      mends: list.mends,
      changes,
      notes: [
        ['number', String(list.number)],
        ['unit', list.unit],
        ['rows', String(changes.length)],
        ['purpose', reason],
        ['taken', `${actor.login} ${clock.today()}`],
      ],
    })
    audit.note({ kind: 'export', target: targetOf(listId), reason })
    const content = createReadStream(out)
    content.once('close', () => void folder.remove())
    return {
      fileName: words.list.fileName(list.school ?? list.unit, list.number, words.sides[list.mends]),
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content,
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

function changeOf(
  keys: Services['keys'],
  mends: Side,
  line: ListLine,
  records: ReadonlyMap<number, RecordShown>,
): Change {
  const told = {
    roll: openCell(keys, 'roll_sealed', line.roll_sealed),
    register: openCell(keys, 'register_sealed', line.register_sealed),
    other: openCell(keys, 'right_sealed', line.right_sealed),
  }
  const roll = line.roll_record === null ? undefined : records.get(line.roll_record)
  const register = line.register_record === null ? undefined : records.get(line.register_record)
  const mended = (mends === 'roll' ? roll : register) ?? roll ?? register
  return {
    repairId: line.repair_id,
    field: line.field,
    before: told[mends],
    after: told[line.right_side],
    evidence: evidenceOf(keys, line, mends === 'roll' ? register : roll),
    identity: openIdentity(keys, mended!.sealed),
    school: roll?.school ?? null,
    place: register?.place?.name ?? null,
    grade: roll?.grade ?? null,
    className: roll?.className ?? null,
  }
}

/** The household book where somebody saw it; else the register that is right, with the day it speaks of. */
function evidenceOf(keys: Services['keys'], line: ListLine, right: RecordShown | undefined): string {
  const page = openCell(keys, 'evidence_sealed', line.evidence_sealed)
  const seen =
    page === null && line.evidence_day === null ? [] : [words.list.household(page ?? ''), line.evidence_day ?? '']
  if (seen.length > 0) return seen.join(' ').trim()
  if (right === undefined || line.right_side === 'other') return ''
  return line.right_side === 'register' ? words.list.registerSays(right.asOf) : words.list.rollSays(right.asOf)
}

function lineOf(
  { list_id, number, mends, unit, school, made_day, count, agreed, unchanged, unit_id, is_withdrawn }: ListRow,
  actor: Actor,
): ChangeList {
  return {
    listId: list_id,
    number,
    mends,
    unit,
    school,
    madeDay: made_day,
    count,
    agreed,
    unchanged,
    isOwn: unit_id === actor.unitId,
    isWithdrawn: is_withdrawn,
  }
}

function targetOf(listId: number): string {
  return `repair-list:${listId}`
}
