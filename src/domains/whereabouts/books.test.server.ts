import { sql } from 'kysely'
import { type ChildId, childId, type EvidenceId, type PostingId, type UnitId, unitId } from '../../kernel/ids.ts'
import { addDays, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { TestDatabase } from '../../platform/testing/database.ts'
import { confirmEvidence, findEvidence } from './evidence-store.server.ts'
import { postStaged } from './posting.server.ts'
import { drawPosting, type PostingGround } from './posting-store.server.ts'
import { dropUnchanged, type Entry, stage } from './staging-store.server.ts'

export const OPENING = plainDate('2026-09-05')
export const day = (offset: number): PlainDate => addDays(OPENING, offset)

/** Two districts of two townships of two villages and two schools each, and somebody who answers for everything. */
export interface TestBooks {
  readonly city: UnitId
  readonly districts: readonly UnitId[]
  readonly townships: readonly UnitId[]
  readonly villages: readonly UnitId[]
  readonly schools: readonly UnitId[]
  readonly evidence: readonly EvidenceId[]
  readonly batchId: number
  newChildren(count: number, birth?: PlainDate): Promise<ChildId[]>
}

export async function makeTestBooks({ db, admin }: Pick<TestDatabase, 'db' | 'admin'>): Promise<TestBooks> {
  const insert = async (kind: string, code: string, parent: UnitId | null): Promise<UnitId> => {
    const [row] = await admin<{ unit_id: number }>(
      `insert into unit (parent_id, kind, code, name, from_day) values ($1, $2, $3, $3, '2020-01-01') returning unit_id`,
      [parent, kind, code],
    )
    const id = unitId(row!.unit_id)
    if (kind === 'school')
      await admin(`insert into school (unit_id, school_type, is_boarding) values ($1, '211', false)`, [id])
    return id
  }
  const city = await insert('city', '50', null)
  const districts: UnitId[] = []
  const townships: UnitId[] = []
  const villages: UnitId[] = []
  const schools: UnitId[] = []
  for (const d of [1, 2]) {
    const district = await insert('district', `50${d}`, city)
    districts.push(district)
    for (const t of [1, 2]) {
      const township = await insert('township', `50${d}${t}`, district)
      townships.push(township)
      for (const v of [1, 2]) villages.push(await insert('village', `50${d}${t}${v}`, township))
      schools.push(await insert('school', `S50${d}${t}`, district))
    }
  }
  await admin(`insert into account (login, password_hash, created_at, units) values ('keeper', 'x', now(), $1)`, [
    [city],
  ])
  await admin(`insert into staff (name, account_id, units) select 'keeper', account_id, $1 from account`, [[city]])
  const [batch] = await admin<{ batch_id: number }>(
    `insert into source_batch (kind, unit_id, units, as_of_day, content_key, row_count, stored_count, refused_count, repair_count,
       account_id, committed_at) select 'population', $1, $2, $3, 'x', 0, 0, 0, 0, account_id, now() from account returning batch_id`,
    [districts[0], [city, districts[0]], OPENING],
  )
  const evidence = await db.asSystem('test', async (tx) => {
    const posting = await drawPosting(tx, { source: 'run', sourceKey: 'streams', authorId: null })
    const ids: EvidenceId[] = []
    for (const district of districts)
      ids.push(
        await confirmEvidence(tx, {
          kind: 'population',
          unitId: district,
          confirmedDay: OPENING,
          expiresDay: plainDate('2027-03-18'),
          postingId: posting,
        }),
        await findEvidence(tx, 'roll', district),
      )
    return ids
  })
  return {
    city,
    districts,
    townships,
    villages,
    schools,
    evidence,
    batchId: batch!.batch_id,
    newChildren: async (count, birth = plainDate('2015-05-05')) => {
      const rows = await admin<{ child_id: string }>(
        `insert into child (birth_day, sex, units, made_by) select $1, 1, $2, $3 from generate_series(1, $4) returning child_id`,
        [birth, [city], batch!.batch_id, count],
      )
      return rows.map((row) => childId(Number(row.child_id)))
    },
  }
}

/** Posts what is staged as the slice of files does: opens what unexplained entries need, closes what explained ones leave. */
export async function postWithFiles(tx: Tx, ground: PostingGround): Promise<PostingId | null> {
  if ((await dropUnchanged(tx)) === 0) return null
  const posting = await drawPosting(tx, ground)
  await sql`insert into case_file (child_id, stage, owner_unit_id, owner_id, due_day, opened_day, opened_by, units)
    select distinct e.child_id, 'task', (select min(unit_id) from unit), (select min(staff_id) from staff), ${day(30)}::date,
      ${OPENING}::date, ${posting}::bigint, (select units from child c where c.child_id = e.child_id)
    from entry_staging e where e.account_id between 400 and 499 and e.until_day is null
      and not exists (select from case_file f where f.child_id = e.child_id and f.open)`.execute(tx)
  await sql`update entry_staging e set case_id = f.case_id from case_file f
    where f.child_id = e.child_id and f.open and e.account_id between 400 and 499 and e.until_day is null`.execute(tx)
  await postStaged(tx, ground, posting)
  await sql`update case_file f set open = null, closed_day = ${OPENING}::date, closed_by = ${posting}, outcome = 'explained'
    where f.open and exists (select from entry_staging e where e.child_id = f.child_id)
      and not exists (select from whereabouts_span s where s.child_id = f.child_id and s.needs_file)`.execute(tx)
  return posting
}

export async function postEntries(
  db: Database,
  sourceKey: string,
  entries: readonly Entry[],
): Promise<PostingId | null> {
  return db.asSystem('test', async (tx) => {
    await stage(tx, entries)
    return postWithFiles(tx, { source: 'run', sourceKey, authorId: null })
  })
}

/** Every figure of every day, from the movements: base, level, unit, other district, account, evidence, day -> children. */
export async function figuresFromMovements(db: Database, knownAt: number, until: number): Promise<string[]> {
  return figures(
    db,
    sql`select m.base, m.level, m.unit_id, m.other_id, m.account_id, m.evidence_id, d.day::date as day, sum(m.n) as n
      from generate_series(${OPENING}::date, ${day(until)}::date, '1 day') d (day) join balance_movement m on m.day <= d.day
      where m.posting_id <= ${knownAt} group by 1, 2, 3, 4, 5, 6, 7 having sum(m.n) <> 0`,
  )
}

/** The same, counted child by child from the entries. */
export async function figuresFromSpans(db: Database, knownAt: number, until: number): Promise<string[]> {
  return figures(
    db,
    sql`with placed as (
        select s.*, d.day::date as day, (select u.path[2] from unit u where u.unit_id = s.r_unit_id) as r_district,
          (select u.path[2] from unit u where u.unit_id = s.p_unit_id) as p_district,
          (select u.path[2] from unit u where u.unit_id = s.s_school_id) as s_district
        from generate_series(${OPENING}::date, ${day(until)}::date, '1 day') d (day)
          join whereabouts_span s on s.valid @> d.day::date
        where s.posted_by <= ${knownAt} and (s.superseded_by is null or s.superseded_by > ${knownAt})
      )
      select f.base, f.level, f.unit_id, f.other_id, p.account_id, p.evidence_id, p.day, count(*) as n
      from placed p cross join lateral (values ('R', 'leaf', p.r_unit_id, p.s_district), ('R', 'district', p.r_district, p.s_district),
        ('P', 'leaf', p.p_unit_id, null), ('P', 'district', p.p_district, null),
        ('S', 'leaf', p.s_school_id, p.r_district), ('S', 'district', p.s_district, p.r_district)) f (base, level, unit_id, other_id)
      where f.unit_id is not null group by 1, 2, 3, 4, 5, 6, 7`,
  )
}

async function figures(db: Database, query: ReturnType<typeof sql>): Promise<string[]> {
  return db.asSystem('test', async (tx) => {
    const { rows } = await sql<{ line: string }>`
      select concat_ws(' ', base, level, unit_id, coalesce(other_id::text, '-'), account_id, evidence_id, day, n) as line
      from (${query}) q`.execute(tx)
    return rows.map((row) => row.line).sort()
  })
}
