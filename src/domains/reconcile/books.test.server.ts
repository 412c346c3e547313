import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { name as quoted, text } from '../../engines/linkage/dialect.ts'
import { openSession } from '../../engines/linkage/server/session.ts'
import type { BatchId } from '../../kernel/ids.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { TestDatabase } from '../../platform/testing/database.ts'
import { FIELDS_OF, gradeOf, statusGroupOf } from '../imports/index.ts'
import type { BookKind } from '../persons/index.ts'
import { type RecordRow, readIdentity, storeRecords } from '../persons/server.ts'
import { idOf } from './pipeline-testing.server.ts'

/** A row of a batch, invented in the test. */
export interface TestRow {
  /** Sound ID number; left out: none. */
  readonly id?: string
  readonly name: string
  /** Needed without an ID. */
  readonly birth?: string
  readonly unitId?: number
  readonly schoolId?: number
  readonly grade?: string
  readonly status?: string
  /** Cells of other fields. */
  readonly cells?: Readonly<Record<string, string>>
  /** The row cannot go in. */
  readonly refused?: boolean
}

export interface TestBatch {
  readonly kind: BookKind
  readonly asOf: string
  readonly rows: readonly TestRow[]
}

/** A child of 南川区 by number, on a birthday. */
export function testChild(n: number, birth: string, name: string): TestRow {
  return { id: idOf(birth.replaceAll('-', ''), n, '500119'), name, birth }
}

let batches = 0
let written = 0

/** A batch as a commit leaves it: its records in the database, its checked rows sealed. */
export async function giveBatch(services: Services, actor: Actor, batch: TestBatch): Promise<BatchId> {
  const folder = await mkdtemp(join(tmpdir(), 'books-test-'))
  try {
    const staged = await services.files.stage(createReadStream(await writeRows(folder, batch)))
    batches += 1
    return await services.db.asSystem('test.batch', async (tx) => {
      const file = await services.files.keep(tx, staged, {
        units: actor.unitPath,
        accountId: actor.accountId,
        purpose: 'rows',
        name: batch.kind,
        mediaType: 'application/vnd.apache.parquet',
        keepUntil: null,
      })
      const { batchId } = await storeRecords(
        tx,
        services.keys,
        {
          kind: batch.kind,
          unitId: actor.unitId,
          units: actor.unitPath,
          asOf: plainDate(batch.asOf),
          contentKey: Buffer.from(`test ${batches}`),
          rowsFileId: file.fileId,
          accountId: actor.accountId,
          now: services.clock.now(),
          today: services.clock.today(),
        },
        inOneChunk(batch),
      )
      return batchId
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* inOneChunk(batch: TestBatch): AsyncGenerator<readonly RecordRow[]> {
  yield batch.rows.map((row, at) => recordOf(batch, row, at + 1))
}

function recordOf({ kind, asOf }: TestBatch, row: TestRow, number: number): RecordRow {
  const { group } = statusGroupOf(row.status ?? null)
  return {
    row: number,
    name: row.name,
    formerName: null,
    citizenId: row.id ?? null,
    otherId: null,
    sex: row.id === undefined ? null : Number(row.id[16]) % 2 === 1 ? 1 : 2,
    birth: birthOf(row),
    ethnicity: null,
    studentNo: null,
    phones: [],
    address: null,
    householdNo: null,
    guardians: [],
    unitId: row.schoolId ?? row.unitId ?? null,
    tags: [],
    needsRepair: row.id === undefined,
    refused: row.refused ?? false,
    ...(kind === 'roll'
      ? {
          roll: {
            schoolId: row.schoolId ?? null,
            schoolYear: Number(asOf.slice(0, 4)),
            grade: gradeOf(row.grade ?? null),
            className: null,
            statusGroup: group,
            status: row.status ?? null,
            boarding: null,
            enrolledOn: null,
          },
        }
      : {}),
  }
}

function birthOf({ id, birth }: TestRow): PlainDate | null {
  if (id === undefined) return birth === undefined ? null : plainDate(birth)
  return plainDate(`${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`)
}

/** Rows as a check writes them. */
export async function writeRows(folder: string, { kind, rows }: Omit<TestBatch, 'asOf'>): Promise<string> {
  const fields = FIELDS_OF[kind].map(({ id }) => id)
  const out = join(folder, `${kind}-${++written}.parquet`)
  const session = await openSession({ workDir: folder, memoryLimitMb: 200, threads: 1 })
  try {
    await session.run(
      `CREATE TABLE cells (row INTEGER, ${fields.map((field) => `${quoted(field)} VARCHAR`).join(', ')}, fault VARCHAR, unit_id INTEGER, school_id INTEGER)`,
    )
    await session.append(
      'cells',
      rows.map((row, at) => {
        const cells: Record<string, string | undefined> = {
          name: row.name,
          citizenId: row.id,
          birthDay: row.birth,
          schoolName: row.schoolId === undefined ? undefined : `学校${row.schoolId}`,
          grade: row.grade,
          status: row.status,
          ...row.cells,
        }
        return [
          at + 1,
          ...fields.map((field) => cells[field] ?? null),
          row.refused === true ? 'refused' : null,
          row.unitId ?? null,
          row.schoolId ?? null,
        ]
      }),
    )
    await session.run(`COPY cells TO ${text(out)} (FORMAT parquet)`)
  } finally {
    session.close()
  }
  return out
}

export interface TestEntry {
  readonly child: number
  readonly code: string
  readonly r: number | null
  readonly p: number | null
  readonly s: number | null
  readonly from_day: string
  readonly pause_until: string | null
  readonly open_files: number
}

/** What stands of every child, by name. */
export async function entriesByName({
  services,
  admin,
}: Pick<TestDatabase, 'admin'> & { readonly services: Services }): Promise<ReadonlyMap<string, TestEntry>> {
  const rows = await admin<TestEntry>(`
    select s.child_id::int as child, a.code, s.r_unit_id as r, s.p_unit_id as p, s.s_school_id as s, lower(s.valid)::text as from_day,
      s.pause_until::text, (select count(*)::int from case_file f where f.child_id = s.child_id and f.open) as open_files
    from whereabouts_span s join book_account a using (account_id) where s.superseded_by is null and upper_inf(s.valid)`)
  const known = await services.db.asSystem('test.names', (tx) =>
    readIdentity(
      tx,
      services.keys,
      rows.map(({ child }) => child),
      'plain',
    ),
  )
  const names = new Map([...known].map(([child, { name }]) => [child as number, name]))
  return new Map(rows.map((row) => [names.get(row.child) ?? '', row]))
}
