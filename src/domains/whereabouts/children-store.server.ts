import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Unit } from '../registry/server.ts'
import { type AccountCode, type Base, BOOK_ACCOUNTS } from './accounts.ts'
import { confirmedAmong, hasDistrictSums, type Standing } from './balance-store.server.ts'
import type { Age, EvidenceKind, PostingSource } from './contract.ts'
import { ageBoundsOn } from './policy.ts'

const UNIT_COLUMN = {
  R: sql.ref('s.r_unit_id'),
  P: sql.ref('s.p_unit_id'),
  S: sql.ref('s.s_school_id'),
} as const

export interface ChildSearch {
  readonly base: Base
  readonly accounts: readonly AccountCode[]
  readonly age?: Age | undefined
  readonly standing: Standing
  readonly page: number
  readonly size: number
}

/** What the figure is made of: how many, resting on which evidence, and in which districts. */
interface Figure {
  readonly total: number
  /** Null: whatever the evidence. */
  readonly evidenceIds: readonly number[] | null
  readonly topIds: readonly number[]
}

async function readFigure(
  tx: Tx,
  unit: Unit,
  { base, accounts, age, standing }: Omit<ChildSearch, 'page' | 'size'>,
): Promise<Figure> {
  const level = hasDistrictSums(unit) ? 'district' : 'leaf'
  const { recent, term } = ageBoundsOn(standing.asOf)
  const { rows } = await sql<{ unit_id: number; evidence_id: number; age: Age; n: number }>`
    with reach as materialized (select unit_id from unit where path @> array[${unit.unitId}::int]
        and (${level === 'leaf'} or kind in ('city', 'district', 'zone'))), moved as materialized (
      select m.unit_id, m.evidence_id, sum(m.n)::int as n
      from reach r join balance_movement m on m.level = ${level} and m.unit_id = r.unit_id and m.base = ${base}
      where m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}
        and m.account_id = any (${idsOf(accounts)}::smallint[])
      group by m.unit_id, m.evidence_id having sum(m.n) <> 0
    ), confirmed as materialized (${confirmedAmong(sql`select evidence_id from moved`, standing)})
    select m.unit_id, m.evidence_id, case
        when c.day is null or c.expires <= ${standing.asOf} then 'none'
        when c.day >= ${recent} then 'recent' when c.day >= ${term} then 'term' else 'older' end as age, m.n
    from moved m left join confirmed c using (evidence_id)`.execute(tx)
  const counted = rows.filter((row) => age === undefined || row.age === age)
  return {
    total: counted.reduce((sum, row) => sum + row.n, 0),
    evidenceIds: age === undefined ? null : [...new Set(counted.map((row) => row.evidence_id))],
    topIds: [...new Set(counted.map((row) => row.unit_id))],
  }
}

export interface ChildRow {
  readonly child_id: number
  readonly account_id: number
  readonly since: PlainDate
  readonly r_unit_id: number | null
  readonly p_unit_id: number | null
  readonly s_school_id: number | null
  readonly evidence: EvidenceKind
  readonly confirmed: PlainDate | null
  readonly expires: PlainDate | null
  readonly pause_until: PlainDate | null
  readonly case_id: number | null
}

/**
 * [BOOK-24] The day from which a child stands in its account without a break: another school or newer evidence in the same
 * account begins a new entry, but not the time it has stood so.
 */
function beganIn(entry: RawBuilder<unknown>, known: RawBuilder<unknown>) {
  return sql`select coalesce(max(upper(s.valid)) filter (where s.account_id <> ${entry}.account_id), min(lower(s.valid))) as since
    from whereabouts_span s where s.child_id = ${entry}.child_id and lower(s.valid) <= ${entry}.since and ${known}`
}

/**
 * [BOOK-22] The children behind a figure, by unit and then by child. Unit by unit (`offset 0` keeps the planner to it), so that a page
 * reads little more than its rows; a branch in which nobody stands so is not looked into.
 */
export async function listChildren(
  tx: Tx,
  unit: Unit,
  search: ChildSearch,
): Promise<{ readonly total: number; readonly rows: readonly ChildRow[] }> {
  const figure = await readFigure(tx, unit, search)
  if (figure.total === 0) return { total: 0, rows: [] }
  const { standing, base, accounts, page, size } = search
  const column = UNIT_COLUMN[base]
  const { rows } = await sql<ChildRow>`
    with reach as materialized (
      select u.unit_id from unit u where u.path @> array[${unit.unitId}::int]
        and (u.path && ${[...figure.topIds]}::int[]) order by u.unit_id
    ), listed as materialized (
      select u.unit_id, e.* from (select unit_id from reach order by unit_id) u cross join lateral (
        select s.span_id, s.child_id, s.account_id, lower(s.valid) as since, s.r_unit_id, s.p_unit_id, s.s_school_id,
          s.evidence_id, s.pause_until, s.case_id
        from whereabouts_span s
        where ${column} = u.unit_id and s.account_id = any (${idsOf(accounts)}::smallint[])
          and s.valid @> ${standing.asOf}::date and s.posted_by <= ${standing.knownAt}
          and (s.superseded_by is null or s.superseded_by > ${standing.knownAt})
          and (${figure.evidenceIds}::bigint[] is null or s.evidence_id = any (${figure.evidenceIds}::bigint[]))
        offset 0) e
      order by u.unit_id, e.child_id limit ${size} offset ${(page - 1) * size}
    ), confirmed as materialized (${confirmedAmong(sql`select evidence_id from listed`, standing)})
    select l.child_id, l.account_id, coalesce(b.since, l.since) as since, l.r_unit_id, l.p_unit_id, l.s_school_id, e.kind as evidence, c.day as confirmed,
      c.expires, l.pause_until, l.case_id
    from listed l join evidence e using (evidence_id) left join confirmed c using (evidence_id)
      left join lateral (${beganIn(sql`l`, sql`s.posted_by <= ${standing.knownAt} and (s.superseded_by is null or s.superseded_by > ${standing.knownAt})`)}) b on true
    order by l.unit_id, l.child_id`.execute(tx)
  return { total: figure.total, rows }
}

/** The newest entry of each of these children in scope, as known now. */
export async function listLatest(tx: Tx, childIds: readonly number[]): Promise<readonly ChildRow[]> {
  const { rows } = await sql<ChildRow>`
    select l.child_id, l.account_id, coalesce(b.since, l.since) as since, l.r_unit_id, l.p_unit_id, l.s_school_id,
      e.kind as evidence, c.day as confirmed, c.expires, l.pause_until, l.case_id
    from (select distinct on (child_id) *, lower(valid) as since from whereabouts_span
        where child_id = any (${[...childIds]}::bigint[]) and superseded_by is null
        order by child_id, lower(valid) desc) l
      join evidence e using (evidence_id) left join lateral (
        select max(confirmed_day) as day, max(expires_day) as expires from evidence_confirmation c
        where c.evidence_id = l.evidence_id and c.withdrawn_by is null) c on true
      left join lateral (${beganIn(sql`l`, sql`s.superseded_by is null`)}) b on true
    order by l.child_id`.execute(tx)
  return rows
}

export interface SpanRow {
  readonly span_id: number
  readonly from_day: PlainDate
  readonly until_day: PlainDate | null
  readonly account_id: number
  readonly r_unit_id: number | null
  readonly p_unit_id: number | null
  readonly s_school_id: number | null
  readonly evidence: EvidenceKind
  readonly evidence_unit: number | null
  readonly confirmed: PlainDate | null
  readonly expires: PlainDate | null
  readonly pause_until: PlainDate | null
  readonly case_id: number | null
  readonly record_id: number | null
  readonly posted_by: number
  readonly superseded_by: number | null
}

/** The days for which a child in scope has to be accounted for; undefined when it is not there or not in scope. */
export async function findChild(
  tx: Tx,
  childId: number,
): Promise<{ readonly from_day: PlainDate | null; readonly until_day: PlainDate | null } | undefined> {
  const { rows } = await sql<{ from_day: PlainDate | null; until_day: PlainDate | null }>`
    select lower(obliged) as from_day, upper(obliged) as until_day from child where child_id = ${childId}`.execute(tx)
  return rows[0]
}

/** Every entry of a child that was known at a posting, the newest day first, what was superseded after what supersedes it. */
export async function listSpans(tx: Tx, childId: number, knownAt: number): Promise<readonly SpanRow[]> {
  const { rows } = await sql<SpanRow>`
    select s.span_id, lower(s.valid) as from_day, upper(s.valid) as until_day, s.account_id, s.r_unit_id, s.p_unit_id,
      s.s_school_id, e.kind as evidence, e.unit_id as evidence_unit, c.day as confirmed, c.expires, s.pause_until, s.case_id,
      s.record_id, s.posted_by, case when s.superseded_by <= ${knownAt} then s.superseded_by end as superseded_by
    from whereabouts_span s join evidence e using (evidence_id) left join lateral (
      select max(confirmed_day) as day, max(expires_day) as expires from evidence_confirmation c
      where c.evidence_id = s.evidence_id and c.posting_id <= ${knownAt}
        and (c.withdrawn_by is null or c.withdrawn_by > ${knownAt})) c on true
    where s.child_id = ${childId} and s.posted_by <= ${knownAt}
    order by lower(s.valid) desc, s.posted_by desc, s.span_id desc`.execute(tx)
  return rows
}

export interface ClaimRow {
  readonly account_id: number
  readonly unit_id: number | null
  readonly from_day: PlainDate
  readonly evidence: EvidenceKind
  readonly evidence_unit: number | null
  readonly record_id: number | null
  readonly posting_id: number
  readonly withdrawn_by: number | null
}

export async function listClaims(tx: Tx, childId: number, knownAt: number): Promise<readonly ClaimRow[]> {
  const { rows } = await sql<ClaimRow>`
    select c.account_id, c.unit_id, c.from_day, e.kind as evidence, e.unit_id as evidence_unit, c.record_id, c.posting_id,
      case when c.withdrawn_by <= ${knownAt} then c.withdrawn_by end as withdrawn_by
    from claim c join evidence e using (evidence_id)
    where c.child_id = ${childId} and c.posting_id <= ${knownAt} order by c.from_day desc, c.claim_id desc`.execute(tx)
  return rows
}

export interface PostingRow {
  readonly posting_id: number
  readonly posted_at: Date
  readonly source: PostingSource
  readonly source_key: string
}

/** As the system: the postings of entries that the asking scope has already been shown. */
export async function listPostingsById(tx: Tx, ids: readonly number[]): Promise<readonly PostingRow[]> {
  const { rows } = await sql<PostingRow>`select posting_id, posted_at, source, source_key from posting
    where posting_id = any (${[...ids]}::bigint[])`.execute(tx)
  return rows
}

function idsOf(accounts: readonly AccountCode[]): number[] {
  return accounts.map((code) => BOOK_ACCOUNTS[code].id)
}
