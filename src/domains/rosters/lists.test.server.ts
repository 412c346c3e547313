import { randomUUID } from 'node:crypto'
import type { TestHouse } from '../../app/testing/house.ts'
import { type BatchId, childId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { openAndPost } from '../cases/server.ts'
import type { BatchKind, PresenceMark, RecordRow } from '../persons/index.ts'
import { type StoredBatch, storeRecords } from '../persons/server.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { makeEvidence, openBooks, stage } from '../whereabouts/server.ts'

export interface Line extends Partial<RecordRow> {
  readonly name: string
  /** On a roll, or in a class. */
  readonly school?: number
  readonly grade?: number
  readonly isPaused?: boolean
  readonly mark?: PresenceMark
  readonly absentDays?: number
}

export interface Given {
  readonly kind: BatchKind
  readonly giver: number
  readonly asOf: string
  readonly isPartial?: boolean
}

/** A sheet as an import would have stored it. */
export async function giveList(
  { services: { db, keys, clock }, admin }: TestHouse,
  { kind, giver, asOf, isPartial = false }: Given,
  lines: readonly Line[],
): Promise<StoredBatch> {
  const [unit] = await admin<{ path: number[] }>('select path from unit where unit_id = $1', [giver])
  const [account] = await admin<{ account_id: number }>('select min(account_id)::int as account_id from account')
  return db.asSystem('test.list', (tx) =>
    storeRecords(
      tx,
      keys,
      {
        kind,
        unitId: unitId(giver),
        units: unit!.path,
        asOf: plainDate(asOf),
        contentKey: Buffer.from(randomUUID()),
        rowsFileId: null,
        accountId: account!.account_id as never,
        now: clock.now(),
        today: clock.today(),
        isPartial,
      },
      rowsOf(kind, lines),
    ),
  )
}

async function* rowsOf(kind: BatchKind, lines: readonly Line[]): AsyncGenerator<readonly RecordRow[]> {
  yield lines.map(({ school, grade = 4, isPaused = false, mark = 'present', absentDays, ...line }, index) => ({
    row: index + 1,
    formerName: null,
    citizenId: null,
    otherId: null,
    ethnicity: null,
    studentNo: null,
    sex: 1 as const,
    birth: plainDate('2016-05-05'),
    phones: [],
    address: null,
    householdNo: null,
    guardians: [],
    unitId: null,
    tags: [],
    needsRepair: false,
    refused: false,
    ...(school === undefined
      ? {}
      : {
          roll: {
            schoolId: school,
            schoolYear: 2026,
            grade,
            className: '1',
            statusGroup: isPaused ? ('paused' as const) : ('in-school' as const),
            status: null,
            boarding: null,
            enrolledOn: null,
          },
        }),
    ...(kind === 'attendance' ? { presence: { mark, absentDays: absentDays ?? null } } : {}),
    ...line,
  }))
}

export interface Planted {
  readonly account: AccountCode
  readonly school?: number
}

/** Children of the register of `unit`, in the books as a first comparison left them. */
export async function plantPupils(
  house: TestHouse,
  { giver, unit }: { readonly giver: number; readonly unit: number },
  lines: readonly (Line & Planted)[],
): Promise<readonly number[]> {
  const { db, clock } = house.services
  const register = lines.map(({ account: _, school: __, ...line }) => ({ unitId: unit, ...line }))
  const { batchId } = await giveList(
    house,
    { kind: 'population', giver, asOf: '2026-11-01', isPartial: true },
    register,
  )
  const made = await house.admin<{ child_id: string }>(
    'select child_id from source_record where batch_id = $1 order by row',
    [batchId],
  )
  const children = made.map((row) => Number(row.child_id))
  const author = (await house.actor('nanchuan-officer')).accountId
  await db.asSystem('test.plant', async (tx) => {
    await openBooks(tx, OPENING, clock.now())
    const evidenceId = await makeEvidence(tx, 'population')
    await stage(
      tx,
      lines.map(({ account, school }, index) => ({
        childId: childId(children[index]!),
        from: OPENING,
        obligedFrom: OPENING,
        account,
        registered: unitId(unit),
        living: unitId(unit),
        school: school === undefined ? null : unitId(school),
        evidenceId,
      })),
    )
    await openAndPost(tx, { source: 'run', sourceKey: 'planted', authorId: author }, clock.today())
  })
  return children
}

const OPENING = plainDate('2026-11-01')

/** What stands for a child now. */
export async function accountOf({ admin }: Pick<TestHouse, 'admin'>, child: number): Promise<string | null> {
  const [row] = await admin<{ code: string }>(
    `select a.code from whereabouts_span s join book_account a using (account_id)
     where s.child_id = $1 and s.superseded_by is null and upper_inf(s.valid)`,
    [child],
  )
  return row?.code ?? null
}

export async function childOfRow({ admin }: Pick<TestHouse, 'admin'>, batch: BatchId, row: number): Promise<number> {
  const [found] = await admin<{ child_id: string }>(
    'select child_id from source_record where batch_id = $1 and row = $2',
    [batch, row],
  )
  return Number(found?.child_id)
}
