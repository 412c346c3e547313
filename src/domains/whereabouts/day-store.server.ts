import { sql } from 'kysely'
import type { PostingId } from '../../kernel/ids.ts'
import { addDays, type PlainDate, plainDate, yearOf } from '../../kernel/plain-date.ts'
import { obligationDay } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import { BOOK_ACCOUNTS } from './accounts.ts'
import { type DueRules, dueRulesOn } from './policy.ts'
import { lockBooks } from './posting-store.server.ts'
import { countStaged, stageEntries } from './staging-store.server.ts'

/** The first line of the closed days opens the books. Answers the day on which they opened; opening them again changes nothing. */
export async function openBooks(tx: Tx, day: PlainDate, now: Date): Promise<PlainDate> {
  await lockBooks(tx)
  await sql`insert into closed_day (day, closed_at) select ${day}, ${now}
    where not exists (select from closed_day)`.execute(tx)
  return (await findOpening(tx)) ?? day
}

export async function findOpening(tx: Tx): Promise<PlainDate | undefined> {
  const { rows } = await sql<{ day: PlainDate | null }>`select min(day) as day from closed_day`.execute(tx)
  return rows[0]?.day ?? undefined
}

export async function findLastClosedDay(tx: Tx): Promise<PlainDate | undefined> {
  const { rows } = await sql<{ day: PlainDate | null }>`select max(day) as day from closed_day`.execute(tx)
  return rows[0]?.day ?? undefined
}

/** [BOOK-10] The database refuses a day out of order. */
export async function markClosed(tx: Tx, day: PlainDate, posting: PostingId | null, now: Date): Promise<void> {
  await sql`insert into closed_day (day, posting_id, closed_at) values (${day}, ${posting}, ${now})`.execute(tx)
}

/**
 * Stages what falls due on `day`, at most `limit` entries of one kind; posted, they are due no more, so callers go on until
 * nothing is staged. Empties the staging first.
 */
export async function stageDue(
  tx: Tx,
  day: PlainDate,
  limit: number,
  rules: DueRules = dueRulesOn(day),
): Promise<number> {
  await stageEntries(tx)
  for (const kind of [stageEndedClosings, stageOpenings, stagePauses, stageExpired, stageOverAge]) {
    await kind(tx, day, limit, rules)
    const staged = await countStaged(tx)
    if (staged > 0) return staged
  }
  return 0
}

/** [BOOK-15] A child that was closed by evidence leaves the balance on the 1 September after. */
async function stageEndedClosings(tx: Tx, day: PlainDate, limit: number): Promise<void> {
  const years = [yearOf(day) - 1, yearOf(day)].map((year) => plainDate(`${year}-08-31`))
  const lastOfYear = years.findLast((end) => end <= day)
  if (lastOfYear === undefined) return
  await sql`insert into entry_staging (child_id, from_day)
    select child_id, ${addDays(lastOfYear, 1)} from whereabouts_span
    where superseded_by is null and upper_inf(valid) and account_id between 301 and 399 and lower(valid) <= ${lastOfYear}
    order by r_unit_id limit ${limit}`.execute(tx)
}

/** [BOOK-13] On the cut-off day the obligation of a cohort opens: of those registered where the books are kept. */
async function stageOpenings(tx: Tx, day: PlainDate, limit: number, rules: DueRules): Promise<void> {
  if (day.slice(5) !== rules.schooling.cutOff) return
  const youngest = plainDate(`${yearOf(day) - rules.schooling.entryAge}-${rules.schooling.cutOff}`)
  const eldest = addDays(plainDate(`${yearOf(youngest) - 1}-${rules.schooling.cutOff}`), 1)
  if (obligationDay(youngest, rules.schooling) !== day) throw new Error(`${youngest} is not due on ${day}`)
  await sql`insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, evidence_id, pause_until, record_id, obliged)
    select c.child_id, ${day}, ${BOOK_ACCOUNTS['awaiting-report'].id}, r.unit_id, coalesce(l.unit_id, r.unit_id), e.evidence_id,
      ${addDays(day, rules.reportingDays)}, r.record_id, daterange(${day}, null)
    from child c
      join tie r on r.child_id = c.child_id and r.kind = 'registered' and r.valid @> ${day}::date
      left join tie l on l.child_id = c.child_id and l.kind = 'living' and l.valid @> ${day}::date
      join unit u on u.unit_id = r.unit_id
      cross join lateral (select evidence_id from evidence where kind = 'population' and unit_id = any (u.path)
        order by array_position(u.path, unit_id) desc limit 1) e
    where c.birth_day between ${eldest} and ${youngest} and c.obliged is null and c.merged_into is null
      and not exists (select from whereabouts_span s where s.child_id = c.child_id and s.superseded_by is null)
      and exists (select from source_record w join posting_ground g on g.batch_id = w.batch_id where w.child_id = c.child_id)
    order by r.unit_id limit ${limit}`.execute(tx)
}

/** [BOOK-16] A pause that ended and was not followed by anything is to be verified. */
async function stagePauses(tx: Tx, day: PlainDate, limit: number, rules: DueRules): Promise<void> {
  await stageToVerify(tx, day, limit, rules, sql`s.pause_until <= ${day}`)
}

/** [BOOK-17] Whoever was schooled on evidence that has expired is to be verified. */
async function stageExpired(tx: Tx, day: PlainDate, limit: number, rules: DueRules): Promise<void> {
  await stageToVerify(
    tx,
    day,
    limit,
    rules,
    sql`s.account_id between 101 and 199 and s.evidence_id in (select c.evidence_id from evidence_confirmation c
      where c.confirmed_day <= ${day} and c.withdrawn_by is null group by c.evidence_id having max(c.expires_day) <= ${day})`,
  )
}

async function stageToVerify(
  tx: Tx,
  day: PlainDate,
  limit: number,
  rules: DueRules,
  isDue: ReturnType<typeof sql>,
): Promise<void> {
  await sql`insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, record_id)
    select s.child_id, ${day}, case when c.birth_day + make_interval(years => ${rules.overAge}) <= ${day}::date
        then ${BOOK_ACCOUNTS['over-age'].id}::smallint else ${BOOK_ACCOUNTS['to-verify'].id}::smallint end,
      s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id, s.record_id
    from whereabouts_span s join child c on c.child_id = s.child_id
    where s.superseded_by is null and upper_inf(s.valid) and lower(s.valid) <= ${day} and ${isDue}
    order by s.r_unit_id limit ${limit}`.execute(tx)
}

/** [BOOK-14] Whoever is unexplained on the sixteenth birthday is over age; nobody is closed by a birthday. */
async function stageOverAge(tx: Tx, day: PlainDate, limit: number, rules: DueRules): Promise<void> {
  await sql`insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, record_id, case_id)
    select s.child_id, ${day}, ${BOOK_ACCOUNTS['over-age'].id}, s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id, s.record_id, s.case_id
    from whereabouts_span s join child c on c.child_id = s.child_id
    where s.needs_file and s.account_id <> ${BOOK_ACCOUNTS['over-age'].id} and lower(s.valid) <= ${day}
      and c.birth_day + make_interval(years => ${rules.overAge}) <= ${day}::date
    order by s.r_unit_id limit ${limit}`.execute(tx)
}
