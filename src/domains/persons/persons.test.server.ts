import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { accountId, type BatchId, unitId } from '../../kernel/ids.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type Keys, openKeys } from '../../platform/keys.ts'
import { fixedClock } from '../../platform/testing/clock.ts'
import { type TestDatabase, testDatabase } from '../../platform/testing/database.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { loadTestTown, type TestTown } from '../registry/town.test.server.ts'
import type { BatchKind } from './kinds.ts'
import type { RecordRow, StoredBatch } from './record.ts'
import { storeRecords, undoBatchRecords } from './server.ts'

export const TODAY = plainDate('2026-11-24')

export type RowDraft = Partial<RecordRow> & { readonly name: string }

interface StoreOptions {
  readonly giver?: number
  readonly isPartial?: boolean
  /** Rows of a chunk; all in one when left out. */
  readonly chunk?: number
}

export interface TestPersons extends TestDatabase {
  readonly keys: Keys
  readonly town: TestTown
  readonly places: Readonly<
    Record<'city' | 'district' | 'other' | 'town' | 'village' | 'village2' | 'school' | 'school2', number>
  >
  store(kind: BatchKind, asOf: string, rows: readonly RowDraft[], options?: StoreOptions): Promise<StoredBatch>
  undo(batch: BatchId): Promise<void>
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  within<T>(unit: number, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Child of a row of a batch. */
  childOf(batch: StoredBatch, row: number): Promise<number>
}

export async function testPersons(): Promise<TestPersons> {
  const database = await testDatabase()
  const { db, admin } = database
  const clock = fixedClock(`${TODAY}T09:00:00+08:00`)
  const town = await loadTestTown(db, clock)
  const keys = await openKeys({ path: join(await temporaryFolder(), 'keys.json'), db, clock })
  const [villages] = [[...town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)]
  const [first] = await admin<{ parent_id: number }>('select parent_id from unit where unit_id = $1', [villages[0]])
  const places = {
    city: town.id('500000'),
    district: town.id('500119'),
    other: town.id('500103'),
    town: first!.parent_id,
    village: villages[0]!,
    village2: villages[1]!,
    school: town.id('2150000001'),
    school2: town.id('2150000002'),
  }
  const system = <T>(work: (tx: Tx) => Promise<T>) => db.asSystem('test', work, { statementSeconds: 120 })

  return {
    ...database,
    keys,
    town,
    places,
    system,
    async store(kind, asOf, rows, { giver = places.district, isPartial = false, chunk = rows.length } = {}) {
      const [unit] = await admin<{ path: number[] }>('select path from unit where unit_id = $1', [giver])
      const batch = {
        kind,
        unitId: unitId(giver),
        units: unit!.path,
        asOf: plainDate(asOf),
        contentKey: randomBytes(32),
        rowsFileId: null,
        accountId: accountId(1),
        now: clock.now(),
        today: TODAY,
        isPartial,
      }
      const whole = rows.map((row, place) => recordRow(place + 1, row, kind === 'roll' ? null : places.village))
      return system((tx) => storeRecords(tx, keys, batch, chunksOf(whole, Math.max(1, chunk))))
    },
    async undo(batch) {
      await system((tx) => undoBatchRecords(tx, batch, { now: clock.now(), accountId: 1, today: TODAY }))
    },
    within(unit, work) {
      const scope: Scope = {
        kind: unit === places.city ? 'city' : 'unit',
        unitId: unitId(unit),
        accountId: accountId(1),
      }
      return db.inScope(scope, work)
    },
    async childOf({ batchId }, row) {
      const [found] = await admin<{ child_id: string }>(
        'select child_id from source_record where batch_id = $1 and row = $2',
        [batchId, row],
      )
      return Number(found?.child_id)
    },
  }
}

export function recordRow(row: number, draft: RowDraft, place: number | null): RecordRow {
  return {
    row,
    formerName: null,
    citizenId: null,
    otherId: null,
    sex: 1,
    birth: plainDate('2015-03-14'),
    ethnicity: null,
    studentNo: null,
    phones: [],
    address: null,
    householdNo: null,
    guardians: [],
    unitId: place,
    tags: [],
    needsRepair: false,
    refused: false,
    ...draft,
  }
}

export function onRoll(
  schoolId: number | null,
  more: Partial<NonNullable<RecordRow['roll']>> = {},
): NonNullable<RecordRow['roll']> {
  return {
    schoolId,
    schoolYear: 2026,
    grade: 5,
    className: '1',
    statusGroup: 'in-school',
    status: null,
    boarding: null,
    enrolledOn: null,
    ...more,
  }
}

async function* chunksOf(rows: readonly RecordRow[], size: number): AsyncGenerator<readonly RecordRow[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size)
}

/** Open and ended ties as texts, sorted: `registered 17 [2026-11-01,)`. */
export async function tiesOf({ admin }: TestPersons, child: number): Promise<readonly string[]> {
  const rows = await admin<{ line: string }>(
    `select kind || ' ' || unit_id || ' ' || valid::text as line from tie where child_id = $1 order by 1`,
    [child],
  )
  return rows.map(({ line }) => line)
}

export type { PlainDate }
