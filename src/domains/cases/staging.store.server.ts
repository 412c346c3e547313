import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Owner, Stage, Standing } from './rules.ts'
import type { Outcome } from './tables.server.ts'

/**
 * What `entry_staging` (made by whereabouts) means for the files, set by set: a posting of a run has up to 50,000 rows.
 * `case_opening` holds the staged children that will be unexplained, each with the open file it has, or what it needs one for.
 */
export async function stageOpenings(tx: Tx): Promise<number> {
  await sql`
    create temporary table if not exists case_opening (
      child_id bigint primary key, account text not null, s_school_id int, p_unit_id int, r_unit_id int,
      case_id bigint, stage text, owner_unit_id int, owner_id bigint, is_stand_in boolean) on commit drop`.execute(tx)
  await sql`truncate case_opening`.execute(tx)
  const done = await sql`
    insert into case_opening (child_id, account, s_school_id, p_unit_id, r_unit_id, case_id, stage)
    select e.child_id, a.code, e.s_school_id, e.p_unit_id, e.r_unit_id, f.case_id, f.stage
    from entry_staging e join book_account a on a.account_id = e.account_id and a.unexplained
      left join case_file f on f.child_id = e.child_id and f.open
    where e.until_day is null`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

/** Where the children without a file stand; few, however many children. */
export async function listStandings(tx: Tx): Promise<readonly Standing[]> {
  const { rows } = await sql<Standing>`
    select distinct s_school_id as "schoolId", p_unit_id as "livingId", r_unit_id as "registeredId"
    from case_opening where case_id is null`.execute(tx)
  return rows
}

/** No unit has the number 0: an equality can be hashed, `is not distinct from` is asked of every pair. */
export async function setOwners(tx: Tx, owners: readonly (Standing & { readonly owner: Owner })[]): Promise<void> {
  const lines = owners.map(({ owner, ...standing }) => ({ ...standing, ...owner }))
  await sql`
    update case_opening o set owner_unit_id = w."unitId", owner_id = w."staffId", is_stand_in = w."isStandIn"
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
      as w ("schoolId" int, "livingId" int, "registeredId" int, "unitId" int, "staffId" bigint, "isStandIn" boolean)
    where o.case_id is null and (coalesce(o.s_school_id, 0), coalesce(o.p_unit_id, 0), coalesce(o.r_unit_id, 0))
      = (coalesce(w."schoolId", 0), coalesce(w."livingId", 0), coalesce(w."registeredId", 0))`.execute(tx)
}

/** [CASE-8] Before the files: they take their units from the child. */
export async function tieOpenings(tx: Tx, today: PlainDate): Promise<void> {
  await sql`
    insert into tie (child_id, kind, unit_id, valid, source)
    select child_id, 'answers', owner_unit_id, daterange(${today}, null), 'case'
    from case_opening where case_id is null order by child_id`.execute(tx)
  await retieAll(tx, sql`select child_id from case_opening where case_id is null`, today)
}

/** What an account asks of a file. */
export interface Terms {
  readonly account: string
  readonly stage: Stage
  readonly dueDay: PlainDate
}

const TERMS = sql`(account text, stage text, "dueDay" date)`

/** In the order of the children, so that the same postings give the same numbers. */
export async function insertFiles(
  tx: Tx,
  at: { readonly terms: readonly Terms[]; readonly postingId: number; readonly today: PlainDate },
): Promise<number> {
  const done = await sql`
    with made as (
      insert into case_file (child_id, stage, owner_unit_id, owner_id, is_stand_in, due_day, opened_day, opened_by, units)
      select o.child_id, t.stage, o.owner_unit_id, o.owner_id, o.is_stand_in, t."dueDay", ${at.today}::date, ${at.postingId}::bigint,
        (select array_agg(distinct a.unit order by a.unit)
         from (select unnest(c.units) as unit union select unnest(w.path)) a)
      from case_opening o
        join jsonb_to_recordset(${JSON.stringify(at.terms)}::jsonb) as t ${TERMS} on t.account = o.account
        join child c on c.child_id = o.child_id
        join unit w on w.unit_id = o.owner_unit_id
      where o.case_id is null
      order by o.child_id
      returning child_id, case_id)
    update case_opening o set case_id = made.case_id from made where made.child_id = o.child_id`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

/** [CASE-6] A task whose child was found out of school becomes a case: same file, same owner, the term of a case. */
export async function raiseTasks(tx: Tx, terms: readonly Terms[]): Promise<void> {
  await sql`
    update case_file f set stage = 'case', due_day = t."dueDay"
    from case_opening o join jsonb_to_recordset(${JSON.stringify(terms)}::jsonb) as t ${TERMS} on t.account = o.account
    where f.case_id = o.case_id and o.stage = 'task' and t.stage = 'case'`.execute(tx)
}

export async function setCaseIds(tx: Tx): Promise<void> {
  await sql`
    update entry_staging e set case_id = o.case_id from case_opening o
    where o.child_id = e.child_id and e.until_day is null`.execute(tx)
}

export interface Closing {
  readonly postingId: number
  readonly today: PlainDate
  readonly outcome: Outcome
}

/** [CASE-7] Files of staged children that no open entry needs any more. */
export async function closeStaged(tx: Tx, closing: Closing): Promise<number> {
  return closeFiles(tx, sql`select child_id from entry_staging`, closing)
}

export async function closeFilesOf(tx: Tx, children: readonly number[], closing: Closing): Promise<number> {
  return closeFiles(tx, sql`select unnest(${[...children]}::bigint[])`, closing)
}

async function closeFiles(
  tx: Tx,
  children: RawBuilder<unknown>,
  { postingId, today, outcome }: Closing,
): Promise<number> {
  const { rows } = await sql<{ child_id: number }>`
    update case_file f set open = null, closed_day = ${today}, closed_by = ${postingId}, outcome = ${outcome}
    where f.open and f.child_id in (${children})
      and not exists (select 1 from whereabouts_span s where s.case_id = f.case_id and s.needs_file)
    returning f.child_id`.execute(tx)
  if (rows.length > 0) {
    const closed = rows.map(({ child_id }) => child_id)
    await endAnswers(tx, closed, today)
    await retie(tx, closed, today)
  }
  return rows.length
}

/** A tie that began this very day never was. */
export async function endAnswers(tx: Tx, children: readonly number[], today: PlainDate): Promise<void> {
  await sql`
    delete from tie where child_id = any (${[...children]}::bigint[]) and kind = 'answers' and upper_inf(valid)
      and lower(valid) >= ${today}`.execute(tx)
  await sql`
    update tie set valid = daterange(lower(valid), ${today})
    where child_id = any (${[...children]}::bigint[]) and kind = 'answers' and upper_inf(valid)`.execute(tx)
}

export async function retie(tx: Tx, children: readonly number[], today: PlainDate): Promise<void> {
  await retieAll(tx, sql`select unnest(${[...children]}::bigint[])`, today)
}

/** [CASE-8] Sight is of today, whatever days the entries speak of. */
async function retieAll(tx: Tx, children: RawBuilder<unknown>, today: PlainDate): Promise<void> {
  await sql`select retie_children(array(${children}), ${today}::date)`.execute(tx)
}
