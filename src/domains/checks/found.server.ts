import { type ChildId, childId, recordId, unitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { openAndPost } from '../cases/server.ts'
import { addTie, type RecordRow, retie, storeRecords } from '../persons/server.ts'
import { evidenceExpiryOn } from '../whereabouts/index.ts'
import { confirmEvidence, findLastClosedDay, makeEvidence, stage } from '../whereabouts/server.ts'
import { hasBatch, listBatchRecords } from './sheet.store.server.ts'
import { isOfAge, type RowVerdict } from './sheet-decide.server.ts'
import type { FoundChild } from './sheet-rules.ts'

export interface FoundRow {
  readonly row: number
  readonly child: FoundChild
  readonly checkedDay: PlainDate
}

export interface FoundOutcome {
  readonly childId: ChildId
  readonly isNew: boolean
  /** The open file on which a result is kept; null: none is needed. */
  readonly caseId: number | null
}

/**
 * [CHECK-11] Children met at the door become children living here, each with a record of its own; by ID number and name an existing
 * child is met again. Who has to be accounted for and stood in no account is opened as a task. The same lines again make nothing.
 */
export async function keepFound(
  tx: Tx,
  { keys, clock }: Pick<Services, 'keys' | 'clock'>,
  actor: Actor,
  found: readonly FoundRow[],
): Promise<ReadonlyMap<number, FoundOutcome>> {
  const today = clock.today()
  const lines = found.map(({ child }) => child)
  const contentKey = keys.blindIndex('check-found', JSON.stringify(lines))
  if (lines.length === 0 || (await hasBatch(tx, actor.unitId, contentKey))) return new Map()
  const { batchId } = await storeRecords(
    tx,
    keys,
    {
      kind: 'floating',
      unitId: actor.unitId,
      units: actor.unitPath,
      asOf: today,
      contentKey,
      rowsFileId: null,
      accountId: actor.accountId,
      now: clock.now(),
      today,
      isPartial: true,
    },
    once(found.map(({ row, child }) => recordOf(row, child))),
  )
  const records = await listBatchRecords(tx, batchId)
  const byRow = new Map(found.map((line) => [line.row, line]))
  const fresh = records.filter(({ isInBooks, row }) => !isInBooks && isOfAge(byRow.get(row)!.child.birth, today))
  await openTasks(tx, actor, { today, fresh: fresh.map((record) => ({ ...record, line: byRow.get(record.row)! })) })
  const after = await listBatchRecords(tx, batchId)
  const isFresh = new Set(fresh.map(({ row }) => row))
  return new Map(
    after.map((record) => [
      record.row,
      { childId: childId(record.childId), isNew: isFresh.has(record.row) || !record.isInBooks, caseId: record.caseId },
    ]),
  )
}

interface FreshChild {
  readonly childId: number
  readonly recordId: number
  readonly line: FoundRow
}

async function openTasks(
  tx: Tx,
  actor: Actor,
  { today, fresh }: { readonly today: PlainDate; readonly fresh: readonly FreshChild[] },
): Promise<void> {
  if (fresh.length === 0) return
  const lastClosed = await findLastClosedDay(tx)
  if (lastClosed === undefined) throw new Problem('ENTRY.NOT_IN_BOOKS')
  // One child may stand in two lines of a sheet.
  const children = [...new Map(fresh.map((child) => [child.childId, child])).values()]
  const entries = []
  for (const { childId: id, recordId: record, line } of children) {
    const living = unitId(line.child.unitId)
    await addTie(tx, {
      childId: childId(id),
      kind: 'living',
      unitId: living,
      from: line.checkedDay,
      source: 'officer',
      recordId: recordId(record),
    })
    const from = line.checkedDay > lastClosed ? line.checkedDay : lastClosed
    entries.push({
      childId: childId(id),
      from,
      obligedFrom: from,
      account: 'to-verify' as const,
      registered: null,
      living,
      school: null,
      evidenceId: await makeEvidence(tx, 'visit'),
      recordId: recordId(record),
      checkedDay: line.checkedDay,
    })
  }
  await retie(
    tx,
    entries.map((entry) => entry.childId),
    today,
  )
  await stage(tx, entries)
  const sourceKey = `found:${entries[0]?.childId ?? ''}`
  const { postingId } = await openAndPost(tx, { source: 'case', sourceKey, authorId: actor.accountId }, today)
  if (postingId === null) throw new Error('new children stood already')
  for (const { evidenceId, checkedDay } of entries) {
    const expiresDay = evidenceExpiryOn('visit', checkedDay)
    await confirmEvidence(tx, { evidenceId, confirmedDay: checkedDay, expiresDay, postingId })
  }
}

function recordOf(row: number, child: FoundChild): RecordRow {
  const { guardian, phone } = child
  return {
    row,
    name: child.name,
    formerName: null,
    citizenId: child.citizenId,
    otherId: null,
    ethnicity: null,
    studentNo: null,
    sex: child.sex,
    birth: child.birth,
    phones: phone === null ? [] : [phone],
    address: child.address,
    householdNo: child.householdNo,
    guardians: guardian === null ? [] : [{ name: guardian, citizenId: null, phone, relation: null }],
    unitId: child.unitId,
    tags: [],
    needsRepair: child.citizenId === null,
    refused: false,
  }
}

async function* once(rows: readonly RecordRow[]): AsyncGenerator<readonly RecordRow[]> {
  yield rows
}

export function foundRows(verdicts: readonly RowVerdict[], today: PlainDate): readonly FoundRow[] {
  return verdicts.flatMap(({ row, found, draft, outcome }) =>
    outcome === 'new' && found !== null ? [{ row, child: found, checkedDay: draft?.checkedDay ?? today }] : [],
  )
}
