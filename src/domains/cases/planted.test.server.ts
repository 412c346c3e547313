import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type AccountId, type ChildId, childId, unitId } from '../../kernel/ids.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Services } from '../../platform/services.ts'
import { type RecordRow, storeRecords } from '../persons/server.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { makeEvidence, openBooks, stage } from '../whereabouts/server.ts'
import { openAndPost } from './posting.server.ts'

export interface Planted {
  readonly name: string
  /** Unit of registration. */
  readonly unit: number
  readonly account: AccountCode
  readonly school?: number
  readonly birth?: string
  readonly from?: string
  readonly pauseUntil?: string
}

const OPENING = plainDate('2026-11-01')

/** Children with names and records, registered and in the books, as an import and a run would leave them. */
export async function plantChildren(
  { db, keys, clock }: Services,
  children: readonly Planted[],
  accountId: AccountId,
): Promise<readonly ChildId[]> {
  return db.asSystem('test.plant', async (tx) => {
    await openBooks(tx, OPENING, clock.now())
    const { rows: city } = await sql<{ unit_id: number }>`select unit_id from unit where parent_id is null`.execute(tx)
    const giver = city[0]?.unit_id ?? 0
    const { batchId } = await storeRecords(
      tx,
      keys,
      {
        kind: 'population',
        unitId: unitId(giver),
        units: [giver],
        asOf: OPENING,
        contentKey: Buffer.from(randomUUID()),
        rowsFileId: null,
        accountId,
        now: clock.now(),
        today: clock.today(),
        isPartial: true,
      },
      pieces(children),
    )
    const { rows } = await sql<{ child_id: number; row: number; record_id: number }>`
      select child_id, row, record_id from source_record where batch_id = ${batchId} order by row`.execute(tx)
    const ids = rows.map((row) => childId(row.child_id))
    const evidenceId = await makeEvidence(tx, 'population')
    await stage(
      tx,
      children.map((child, index) => ({
        childId: ids[index] ?? childId(1),
        from: day(child.from),
        obligedFrom: day(child.from),
        account: child.account,
        registered: unitId(child.unit),
        living: unitId(child.unit),
        school: child.school === undefined ? null : unitId(child.school),
        evidenceId,
        ...(child.pauseUntil === undefined ? {} : { pauseUntil: plainDate(child.pauseUntil) }),
      })),
    )
    await openAndPost(tx, { source: 'run', sourceKey: 'planted', authorId: accountId }, clock.today())
    return ids
  })
}

function day(text: string | undefined): PlainDate {
  return text === undefined ? OPENING : plainDate(text)
}

async function* pieces(children: readonly Planted[]): AsyncGenerator<readonly RecordRow[]> {
  yield children.map(
    (child, index): RecordRow => ({
      row: index + 1,
      name: child.name,
      formerName: null,
      citizenId: null,
      otherId: null,
      ethnicity: null,
      studentNo: null,
      sex: 1,
      birth: plainDate(child.birth ?? '2015-05-05'),
      phones: [],
      address: null,
      householdNo: null,
      guardians: [],
      unitId: child.unit,
      tags: [],
      needsRepair: false,
      refused: false,
    }),
  )
}
