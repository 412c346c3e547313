import { batchId as toBatchId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { TestDatabase } from '../../platform/testing/database.ts'
import { type RecordRow, storeRecords, undoBatchRecords } from '../persons/server.ts'
import { type RecordPair, recordRepairs } from './server.ts'

export interface TestSheet {
  readonly kind: 'population' | 'roll'
  readonly asOf: string
  readonly rows: readonly TestRow[]
}

export interface TestRow {
  readonly name: string
  readonly citizenId?: string
  readonly otherId?: string
  readonly studentNo?: string
  readonly formerName?: string
  readonly birth?: string
  readonly sex?: 1 | 2
  /** School of a roll, place of a register. */
  readonly at: number
  readonly needsRepair?: boolean
}

let sheets = 0

/** A stored sheet with its rows, as an import leaves them. */
export async function giveSheet(services: Services, actor: Actor, sheet: TestSheet): Promise<number> {
  sheets += 1
  return services.db.asSystem('test.sheet', async (tx) => {
    const { batchId } = await storeRecords(
      tx,
      services.keys,
      {
        kind: sheet.kind,
        unitId: actor.unitId,
        units: actor.unitPath,
        asOf: plainDate(sheet.asOf),
        contentKey: Buffer.from(`repairs ${sheets}`),
        rowsFileId: null,
        accountId: actor.accountId,
        now: services.clock.now(),
        today: services.clock.today(),
      },
      inOneChunk(sheet),
    )
    return batchId
  })
}

async function* inOneChunk(sheet: TestSheet): AsyncGenerator<readonly RecordRow[]> {
  yield sheet.rows.map((row, at) => recordOf(sheet, row, at + 1))
}

function recordOf({ kind, asOf }: TestSheet, row: TestRow, number: number): RecordRow {
  const id = row.citizenId
  const birth = id === undefined ? row.birth : `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
  return {
    row: number,
    name: row.name,
    formerName: row.formerName ?? null,
    citizenId: id ?? null,
    otherId: row.otherId ?? null,
    sex: id === undefined ? (row.sex ?? null) : Number(id[16]) % 2 === 1 ? 1 : 2,
    birth: birth === undefined ? null : plainDate(birth),
    ethnicity: null,
    studentNo: row.studentNo ?? null,
    phones: [],
    address: null,
    householdNo: null,
    guardians: [],
    unitId: row.at,
    tags: [],
    needsRepair: row.needsRepair ?? false,
    refused: false,
    ...(kind === 'roll'
      ? {
          roll: {
            schoolId: row.at,
            schoolYear: Number(asOf.slice(0, 4)),
            grade: 4,
            className: '2班',
            statusGroup: 'in-school' as const,
            status: '在读',
            boarding: null,
            enrolledOn: null,
          },
        }
      : {}),
  }
}

/** The record of a row of a batch, and the child it speaks of. */
export async function recordAt(
  admin: TestDatabase['admin'],
  batchId: number,
  row: number,
): Promise<{ readonly recordId: number; readonly childId: number }> {
  const [found] = await admin<{ record_id: string; child_id: string }>(
    'select record_id, child_id from source_record where batch_id = $1 and row = $2',
    [batchId, row],
  )
  return { recordId: Number(found!.record_id), childId: Number(found!.child_id) }
}

export async function record(services: Services, pairs: readonly RecordPair[]): Promise<number> {
  return services.db.asSystem('test.record', (tx) =>
    recordRepairs(tx, services.keys, { source: 'run', sourceKey: 'test', day: plainDate('2026-09-20') }, pairs),
  )
}

export async function undoSheet(services: Services, actor: Actor, batchId: number): Promise<void> {
  await services.db.asSystem('test.undo', (tx) =>
    undoBatchRecords(tx, toBatchId(batchId), {
      now: services.clock.now(),
      accountId: actor.accountId,
      today: services.clock.today(),
    }),
  )
}
