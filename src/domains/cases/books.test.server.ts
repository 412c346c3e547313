import { sql } from 'kysely'
import { accountId, type ChildId, childId, unitId } from '../../kernel/ids.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { Services } from '../../platform/services.ts'
import { type TestDatabase, testDatabase } from '../../platform/testing/database.ts'
import { loadTestTown, NANCHUAN, type TestTown, YUZHONG } from '../registry/town.test.server.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { type Entry, makeEvidence, openBooks, stage } from '../whereabouts/server.ts'
import { openAndPost, type Posted, type PostingDraft } from './posting.server.ts'

export const OPENING = plainDate('2026-11-01')

export interface Tied {
  readonly registered?: number
  readonly living?: number
  readonly school?: number
  readonly birth?: string
}

export interface FileRow {
  readonly case_id: number
  readonly child_id: number
  readonly stage: string
  readonly open: boolean | null
  readonly owner_unit_id: number
  readonly owner_id: number
  readonly is_stand_in: boolean
  readonly due_day: string | null
  readonly opened_day: string
  readonly closed_day: string | null
  readonly closed_by: number | null
  readonly outcome: string | null
  readonly units: number[]
}

export interface TestBooks extends TestDatabase {
  readonly town: TestTown
  readonly services: Services
  /** School one (with a head teacher), a village and its township with an officer, all in one district; another district. */
  readonly places: {
    readonly school: number
    readonly village: number
    readonly township: number
    readonly district: number
    readonly other: number
    readonly city: number
  }
  setToday(day: string): void
  /** Children with their ties, not in the books yet. */
  children(count: number, at: Tied): Promise<ChildId[]>
  child(at: Tied): Promise<ChildId>
  post(entries: readonly Partial<Entry>[], draft?: Partial<PostingDraft>): Promise<Posted>
  /** Files of these children, oldest first, as the database has them. */
  files(...children: readonly ChildId[]): Promise<FileRow[]>
  scopeOf(login: string, unit: number): Promise<Scope>
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  staffOf(login: string): Promise<number>
}

/** The test town with open books, and a day that a test may set. */
export async function testBooks(): Promise<TestBooks> {
  const database = await testDatabase()
  let today = plainDate('2026-11-20')
  const clock: Clock = { now: () => new Date('2026-11-20T02:00:00Z'), today: () => today }
  const town = await loadTestTown(database.db, clock)
  const [account] = await database.admin<{ account_id: number }>(
    `select account_id::int from account where login = 'nanchuan-officer'`,
  )
  const author = accountId(account?.account_id ?? 0)
  const system = <T>(work: (tx: Tx) => Promise<T>) => database.db.asSystem('test.books', work)
  await system((tx) => openBooks(tx, OPENING, clock.now()))
  const [village] = await database.admin<{ unit_id: number; parent_id: number }>(
    `select p.unit_id, u.parent_id from post p join unit u using (unit_id) where p.role_id = 'village-officer'`,
  )
  const places = {
    school: town.id('2150000001'),
    village: village?.unit_id ?? 0,
    township: village?.parent_id ?? 0,
    district: town.id(NANCHUAN),
    other: town.id(YUZHONG),
    city: town.id('500000'),
  }
  const evidence = await system((tx) => makeEvidence(tx, 'population'))
  const batch = await system((tx) => insertBatch(tx, places.district, author))
  return {
    ...database,
    town,
    places,
    system,
    services: { db: database.db, clock, log: database.log } as Services,
    setToday: (day) => {
      today = plainDate(day)
    },
    files: (...children) =>
      system(async (tx) => {
        const { rows } = await sql<FileRow>`
          select * from case_file where child_id = any (${[...children]}::bigint[]) order by child_id, case_id`.execute(
          tx,
        )
        return rows
      }),
    scopeOf: async (login, unit) => {
      const [row] = await database.admin<{ account_id: number }>(
        'select account_id::int from account where login = $1',
        [login],
      )
      return { kind: 'unit', unitId: unitId(unit), accountId: accountId(row?.account_id ?? 0) }
    },
    children: (count, at) => system((tx) => insertChildren(tx, { count, batch, at, today: OPENING })),
    child: async (at) => {
      const [id] = await system((tx) => insertChildren(tx, { count: 1, batch, at, today: OPENING }))
      if (id === undefined) throw new Error('no child was made')
      return id
    },
    post: (entries, draft) =>
      system(async (tx) => {
        await stage(
          tx,
          entries.map((entry) => ({
            childId: entry.childId ?? childId(1),
            from: OPENING,
            account: 'to-verify' as AccountCode,
            evidenceId: evidence,
            obligedFrom: OPENING,
            ...entry,
          })),
        )
        return openAndPost(tx, { source: 'run', sourceKey: 'run-1', authorId: author, ...draft }, today)
      }),
    staffOf: async (login) => {
      const [row] = await database.admin<{ staff_id: number }>(
        'select staff_id::int from staff join account using (account_id) where login = $1',
        [login],
      )
      return row?.staff_id ?? 0
    },
  }
}

async function insertBatch(tx: Tx, unit: number, author: number): Promise<number> {
  const { rows } = await sql<{ batch_id: number }>`
    insert into source_batch (kind, unit_id, units, as_of_day, content_key, row_count, stored_count, refused_count, repair_count,
      account_id, committed_at)
    select 'population', unit_id, path, ${OPENING}::date, '\\x00', 0, 0, 0, 0, ${author}, '2026-11-01' from unit where unit_id = ${unit}
    returning batch_id`.execute(tx)
  return rows[0]?.batch_id ?? 0
}

interface NewChildren {
  readonly count: number
  readonly batch: number
  readonly at: Tied
  readonly today: PlainDate
}

async function insertChildren(tx: Tx, { count, batch, at, today }: NewChildren): Promise<ChildId[]> {
  const { rows } = await sql<{ child_id: number }>`
    insert into child (birth_day, sex, units, made_by)
    select ${at.birth ?? '2015-05-05'}::date, 1, '{}', ${batch}::bigint from generate_series(1, ${count}) returning child_id`.execute(
    tx,
  )
  const ids = rows.map((row) => childId(row.child_id))
  for (const [kind, unit] of [
    ['registered', at.registered],
    ['living', at.living],
    ['roll', at.school],
  ] as const) {
    if (unit === undefined) continue
    await sql`insert into tie (child_id, kind, unit_id, valid, source)
      select unnest(${ids}::bigint[]), ${kind}, ${unit}, daterange(${today}, null), 'batch'`.execute(tx)
  }
  await sql`select retie_children(${ids}::bigint[], ${today}::date)`.execute(tx)
  return ids
}

/** Open files as a scope sees them. */
export function seenFiles(db: Database, scope: Scope): Promise<number[]> {
  return db.inScope(scope, async (tx) => {
    const { rows } = await sql<{ case_id: number }>`select case_id from case_file where open order by case_id`.execute(
      tx,
    )
    return rows.map((row) => row.case_id)
  })
}
