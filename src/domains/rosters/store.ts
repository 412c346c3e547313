import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { RunCounts } from './contract.ts'
import type { Compared } from './rules.ts'

export interface RunRow {
  readonly runId: string
  readonly unitId: number
  readonly madeBy: number
  readonly madeAt: Date
  readonly day: PlainDate
  readonly batchIds: readonly number[]
  readonly counts: RunCounts
  readonly posted: number
  readonly opened: number
  /** One of its lists was undone: what it posted was taken back. */
  readonly isUndone: boolean
}

const RUN = sql`r.run_id as "runId", r.unit_id as "unitId", r.made_by as "madeBy", r.made_at as "madeAt", r.day, r.batch_ids as "batchIds",
  r.counts, r.posted, r.opened, not coalesce((select bool_and(batch_counts(b)) from unnest(r.batch_ids) b), true) as "isUndone"`

export async function findNewestRun(tx: Tx, unitId: number): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select ${RUN} from roster_run r where r.unit_id = ${unitId}
    order by r.made_at desc, r.run_id desc limit 1`.execute(tx)
  return rows[0]
}

export async function findRun(tx: Tx, runId: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select ${RUN} from roster_run r where r.run_id = ${runId}`.execute(tx)
  return rows[0]
}

/** The newest comparison of each unit below `unitId`. */
export async function listNewestBelow(tx: Tx, unitId: number): Promise<readonly RunRow[]> {
  const { rows } = await sql<RunRow>`select * from (
      select distinct on (r.unit_id) ${RUN} from roster_run r join unit u on u.unit_id = r.unit_id
      where u.path @> array[${unitId}::int] and r.unit_id <> ${unitId}
      order by r.unit_id, r.made_at desc, r.run_id desc) n order by n."unitId"`.execute(tx)
  return rows
}

export interface NewRun {
  readonly runId: string
  readonly unitId: number
  readonly units: readonly number[]
  readonly madeBy: number
  readonly madeAt: Date
  readonly day: PlainDate
  readonly batchIds: readonly number[]
  readonly counts: RunCounts
  readonly posted: number
  readonly opened: number
}

export interface NewFinding {
  readonly child_id: number
  readonly compared: Compared
  readonly class: string
  readonly ground: string | null
  readonly school_id: number | null
  readonly other_id: number | null
  readonly absent_days: number | null
  readonly unit_id: number | null
  readonly household: string | null
  readonly stood: number | null
  readonly posted: number | null
}

export async function insertRun(tx: Tx, run: NewRun, findings: readonly NewFinding[]): Promise<void> {
  await sql`insert into roster_run (run_id, unit_id, units, made_by, made_at, day, batch_ids, counts, posted, opened)
    values (${run.runId}, ${run.unitId}, ${[...run.units]}::int[], ${run.madeBy}, ${run.madeAt}, ${run.day}, ${[...run.batchIds]}::bigint[],
      ${JSON.stringify(run.counts)}::jsonb, ${run.posted}, ${run.opened})`.execute(tx)
  await sql`insert into roster_finding (run_id, child_id, compared, class, ground, school_id, other_id, absent_days, unit_id, household, stood, posted)
    select ${run.runId}, child_id, compared, class, ground, school_id, other_id, absent_days, unit_id, household, stood, posted
    from jsonb_to_recordset(${JSON.stringify(findings)}::jsonb) as f (child_id bigint, compared text, class text, ground text, school_id int,
      other_id int, absent_days smallint, unit_id int, household bigint, stood smallint, posted smallint)`.execute(tx)
}

/** [ROST-11] Undoing one of the lists finds the run that stood on it. */
export async function insertGround(tx: Tx, runId: string, batchIds: readonly number[]): Promise<void> {
  await sql`insert into posting_ground (source_key, batch_id) select ${runId}, unnest(${[...batchIds]}::bigint[])
    on conflict do nothing`.execute(tx)
}

export async function lockComparisons(tx: Tx, unitId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('rosters.compare', ${unitId}))`.execute(tx)
}

export interface FindingQuery {
  readonly compared: Compared
  readonly class?: string | undefined
  readonly ground?: string | undefined
  readonly page: number
  readonly size: number
}

export interface FindingRow {
  readonly childId: number
  readonly class: string
  readonly ground: string | null
  readonly schoolId: number | null
  readonly otherId: number | null
  readonly absentDays: number | null
  readonly unitId: number | null
  readonly household: string | null
  readonly stood: number | null
  readonly posted: number | null
}

export async function listFindings(
  tx: Tx,
  runId: string,
  query: FindingQuery,
): Promise<{ readonly total: number; readonly rows: readonly FindingRow[] }> {
  const where = sql`f.run_id = ${runId} and f.compared = ${query.compared}
    and (${query.class ?? null}::text is null or f.class = ${query.class ?? null})
    and (${query.ground ?? null}::text is null or f.ground = ${query.ground ?? null})`
  const { rows: counted } = await sql<{
    n: number
  }>`select count(*)::int as n from roster_finding f where ${where}`.execute(tx)
  const { rows } =
    await sql<FindingRow>`select f.child_id as "childId", f.class, f.ground, f.school_id as "schoolId", f.other_id as "otherId",
      f.absent_days as "absentDays", f.unit_id as "unitId", f.household::text as "household", f.stood, f.posted
    from roster_finding f where ${where}
    order by f.school_id, f.unit_id, f.household, f.child_id limit ${query.size} offset ${(query.page - 1) * query.size}`.execute(
      tx,
    )
  return { total: counted[0]!.n, rows }
}
