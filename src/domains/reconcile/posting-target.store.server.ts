import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { SchoolingRule } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import { ACCOUNT_CODES, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { lockBooks } from '../whereabouts/server.ts'
import { MATES, ROW_CLASSES, SIDES } from './posting-facts.server.ts'
import { decideChange, decideEntry, isLostWord, ORIGINS, REGISTRATIONS, ROLLS, WRITERS } from './posting-rules.ts'

/** Standing of a roll entry, the telling ones first: of several that hold, the first speaks. */
const STANDINGS = ['in-school', 'paused', 'beyond', 'finished', 'kindergarten', 'lost', 'left'] as const

/**
 * [POST-14] The roll entries that hold: of the newest batch that speaks of the school whole, and of a later one that adds to it.
 * Rolls of other districts count like those of the run.
 */
export async function collectRolls(tx: Tx): Promise<void> {
  await sql`insert into run_roll
    select c.child_id, e.school_id, coalesce(s.district_id, g.district_id), r.record_id, b.batch_id, b.unit_id, b.as_of_day,
      e.grade, e.status_group, e.status
    from run_child c join source_record r on r.child_id = c.child_id
      join source_batch b on b.batch_id = r.batch_id and b.kind = 'roll' and b.undone_at is null
      join roll_entry e on e.record_id = coalesce(r.same_as, r.record_id)
      left join run_cover v on v.kind = 'roll' and v.unit_id = e.school_id
      left join run_ground own on own.batch_id = b.batch_id
      left join run_place s on s.unit_id = e.school_id
      left join run_place g on g.unit_id = b.unit_id
    where case when e.school_id is null then own.batch_id is not null
      else v.batch_id is null or v.batch_id = b.batch_id
        or b.as_of_day > v.as_of_day and not exists (
          select from batch_cover k where k.batch_id = b.batch_id and k.unit_id = e.school_id) end`.execute(tx)
  await sql`analyze run_roll`.execute(tx)
  const { rows } = await sql<{ status: string | null }>`
    select distinct status from run_roll where status_group = 'left'`.execute(tx)
  const lost = rows.map(({ status }) => status).filter(isLostWord)
  const rank = (name: (typeof STANDINGS)[number]) => STANDINGS.indexOf(name)
  await sql`with told as (
      select *, case when status_group = 'finished' then ${rank('finished')}::int
        when status_group = 'left' and status = any (${lost}::text[]) then ${rank('lost')}::int
        when status_group = 'left' then ${rank('left')}::int
        when grade > 9 then ${rank('beyond')}::int
        when status_group = 'paused' then ${rank('paused')}::int
        when grade = 0 then ${rank('kindergarten')}::int
        else ${rank('in-school')}::int end as standing
      from run_roll
    ), best as (
      select distinct on (child_id) * from told order by child_id, standing, as_of_day desc, batch_id desc, record_id
    ), schools as (
      select child_id, count(distinct school_id) as schools from told where standing = ${rank('in-school')}::int group by child_id)
    insert into run_rolled
    select b.child_id, b.standing, coalesce(s.schools, 0), b.school_id, b.district_id, b.record_id, b.unit_id, b.as_of_day
    from best b left join schools s on s.child_id = b.child_id`.execute(tx)
  await sql`analyze run_rolled`.execute(tx)
}

/**
 * [POST-22] An entry rests on what its sheet speaks of whole, not on who gave it: the roll of its school, the register of its
 * district. So a sheet of two schools confirms two schools, and another giver of the same facts changes nothing.
 */
export async function makeGroundEvidence(tx: Tx): Promise<void> {
  await sql`insert into evidence (kind, unit_id)
    select 'roll', coalesce(school_id, unit_id) from run_roll
    union select kind, unit_id from run_ground where kind <> 'roll'
    union select 'population', unit_id from run_cover where kind = 'population' and in_run
    on conflict (kind, unit_id) where unit_id is not null do nothing`.execute(tx)
}

export interface Terms {
  readonly band: { readonly from: PlainDate; readonly until: PlainDate }
  readonly rule: SchoolingRule
  /** Entries hold from here on. */
  readonly asOf: PlainDate
  readonly opening: PlainDate
  readonly watchedAge: number
  readonly pauseUntil: PlainDate
}

/**
 * [POST-15] What the extracts and the rolls say of each child, as the facts of `decideEntry`. A registration that another
 * district's newest extract tells counts like one of the run; who lives here counts where no registration is known.
 */
export async function collectSaid(tx: Tx, { band }: Terms): Promise<void> {
  const reg = (name: (typeof REGISTRATIONS)[number]) => REGISTRATIONS.indexOf(name)
  const roll = (name: (typeof ROLLS)[number]) => ROLLS.indexOf(name)
  const byBirth = sql`case when k.birth_day > ${band.until} then ${reg('not-begun')}::int
    when k.birth_day < ${band.from} then ${reg('over-age')}::int else ${reg('open')}::int end`
  await sql`with sheet as (
      select distinct on (child_id, side) child_id, side, class - ${ROW_CLASSES.indexOf('open')}::int as said, record_id, batch_id, unit_id, mate, mate_id
      from run_row where side < ${SIDES.indexOf('roll')} and class >= ${ROW_CLASSES.indexOf('open')}
      order by child_id, side, class, batch_id desc, record_id
    ), stray as (
      select child_id, max(origin) as origin from run_row where origin is not null group by child_id
    ), told as materialized (
      select c.child_id, k.birth_day, k.obliged is not null as in_books,
        r.said as registered_said, r.record_id as r_record, coalesce(r.unit_id, rg.unit_id) as r_at, re.evidence_id as r_evidence, rg.as_of_day as r_day,
        r.mate_id as r_mate, r.mate as r_mate_kind,
        l.said as living_said, l.record_id as l_record, coalesce(l.unit_id, lg.unit_id) as l_at, le.evidence_id as l_evidence, lg.as_of_day as l_day,
        rt.unit_id as r_tie, rt.record_id as r_tie_record, rp.is_covered as r_covered, lt.unit_id as l_tie, lt.record_id as l_tie_record,
        s.r_unit_id as r_stood, s.p_unit_id as p_stood, stray.origin, ${byBirth} as by_birth
      from run_child c join child k on k.child_id = c.child_id
        left join sheet r on r.child_id = c.child_id and r.side = ${SIDES.indexOf('registered')}
        left join run_ground rg on rg.batch_id = r.batch_id
        left join run_place ra on ra.unit_id = coalesce(r.unit_id, rg.unit_id)
        left join evidence re on re.kind = 'population' and re.unit_id = case when rg.is_city then coalesce(ra.district_id, rg.unit_id) else rg.unit_id end
        left join sheet l on l.child_id = c.child_id and l.side = ${SIDES.indexOf('living')}
        left join run_ground lg on lg.batch_id = l.batch_id
        left join evidence le on le.kind = 'floating' and le.unit_id = lg.unit_id
        left join tie rt on rt.child_id = c.child_id and rt.kind = 'registered' and upper_inf(rt.valid)
        left join run_place rp on rp.unit_id = rt.unit_id
        left join tie lt on lt.child_id = c.child_id and lt.kind = 'living' and upper_inf(lt.valid)
        left join whereabouts_span s on s.child_id = c.child_id and s.superseded_by is null and upper_inf(s.valid)
        left join stray on stray.child_id = c.child_id
    ), moved as materialized (
      select distinct t.child_id from told t
        cross join lateral (select r.batch_id, r.unit_id from source_record r where r.child_id = t.child_id offset 0) e
        join source_batch b on b.batch_id = e.batch_id and b.kind = 'population' and b.undone_at is null
        join run_place ep on ep.unit_id = e.unit_id and not ep.is_covered
        join run_cover v on v.kind = 'population' and v.unit_id = ep.district_id and v.batch_id = b.batch_id
      where t.registered_said in (${reg('moved')}::int, ${reg('cancelled')}::int)
    ), placed as materialized (
      select t.*, p.is_covered as stood_covered,
        case when moved.child_id is not null then 'elsewhere'
          when registered_said is not null then 'sheet'
          when r_tie is not null and not coalesce(r_covered, false) then 'elsewhere'
          when living_said is not null or l_tie is not null then 'living'
          when r_stood is not null and p.is_covered then 'gone'
          else 'none' end as basis
      from told t left join run_place p on p.unit_id = t.r_stood left join moved on moved.child_id = t.child_id
    ), based as (
      select b.*, case basis when 'sheet' then r_at when 'elsewhere' then coalesce(case when not coalesce(r_covered, false) then r_tie end, r_at) when 'gone' then r_stood end as r_unit,
        case when basis in ('sheet', 'elsewhere', 'living') then coalesce(l_at, l_tie)
          when basis = 'gone' then p_stood end as p_unit
      from placed b
    )
    insert into run_said
    select b.child_id, case basis when 'sheet' then registered_said when 'elsewhere' then by_birth
        when 'living' then coalesce(living_said, by_birth) when 'gone' then ${reg('gone')}::int else ${reg('none')}::int end,
      case basis when 'sheet' then 1 when 'elsewhere' then 1 when 'living' then 2 when 'gone' then 1 else 0 end,
      case when o.standing is null then ${roll('none')}::int
        when o.schools > 1 then ${roll('two')}::int
        when o.standing = ${STANDINGS.indexOf('in-school')} and home.district_id is distinct from o.district_id and basis <> 'none' then ${roll('elsewhere')}::int
        when o.standing = ${STANDINGS.indexOf('in-school')} then ${roll('here')}::int
        ${sql.raw(
          STANDINGS.slice(1)
            .map((name, at) => `when o.standing = ${at + 1} then ${ROLLS.indexOf(name as (typeof ROLLS)[number])}`)
            .join(' '),
        )}
        end,
      coalesce(b.origin, ${ORIGINS.indexOf('no-registration')}), in_books, r_unit, p_unit,
      case when o.standing in (${STANDINGS.indexOf('in-school')}, ${STANDINGS.indexOf('paused')}, ${STANDINGS.indexOf('lost')}, ${STANDINGS.indexOf('kindergarten')}) then o.school_id
        when registered_said = ${reg('review')} and r_mate_kind = ${MATES.indexOf('perhaps')} then m.school_id end,
      coalesce(r_record, l_record, r_tie_record, l_tie_record, o.record_id), coalesce(r_evidence, l_evidence), coalesce(r_day, l_day)
    from based b left join run_rolled o on o.child_id = b.child_id
      left join run_place home on home.unit_id = coalesce(b.r_unit, b.p_unit)
      left join source_record mr on mr.record_id = b.r_mate
      left join roll_entry m on m.record_id = coalesce(mr.same_as, mr.record_id)`.execute(tx)
  await sql`analyze run_said`.execute(tx)
}

/** [POST-1] The pure decisions, tabulated: every combination of facts is asked once and joined as a number. */
export async function createDecisions(tx: Tx): Promise<void> {
  await sql`create temporary table if not exists entry_rule (facts int primary key, account_id smallint) on commit preserve rows`.execute(
    tx,
  )
  await sql`create temporary table if not exists change_rule (by_whom smallint, stands smallint, wanted smallint, is_newer boolean,
    account_id smallint) on commit preserve rows`.execute(tx)
  await sql`truncate entry_rule, change_rule`.execute(tx)
  const entries: [number, number][] = []
  for (const [r, registration] of REGISTRATIONS.entries())
    for (const [l, roll] of ROLLS.entries())
      for (const [o, origin] of ORIGINS.entries())
        for (const isInBooks of [false, true])
          for (const isWatchedAge of [false, true]) {
            const account = decideEntry({ registration, roll, origin, isInBooks, isWatchedAge })
            const facts =
              (((r * ROLLS.length + l) * ORIGINS.length + o) * 2 + Number(isInBooks)) * 2 + Number(isWatchedAge)
            if (account !== null) entries.push([facts, BOOK_ACCOUNTS[account].id])
          }
  const changes: [number, number, number, boolean, number][] = []
  for (const [by, writer] of WRITERS.entries())
    for (const stands of ACCOUNT_CODES)
      for (const wanted of ACCOUNT_CODES)
        for (const isNewer of [false, true]) {
          const account = decideChange({ by: writer, stands, wanted, isNewer })
          if (account !== null)
            changes.push([by, BOOK_ACCOUNTS[stands].id, BOOK_ACCOUNTS[wanted].id, isNewer, BOOK_ACCOUNTS[account].id])
        }
  await sql`insert into entry_rule select (e ->> 0)::int, (e ->> 1)::smallint from jsonb_array_elements(${JSON.stringify(entries)}::jsonb) e`.execute(
    tx,
  )
  await sql`insert into change_rule select (e ->> 0)::smallint, (e ->> 1)::smallint, (e ->> 2)::smallint, (e ->> 3)::boolean, (e ->> 4)::smallint
    from jsonb_array_elements(${JSON.stringify(changes)}::jsonb) e`.execute(tx)
  await sql`analyze entry_rule, change_rule`.execute(tx)
}

const account = (code: keyof typeof BOOK_ACCOUNTS) => BOOK_ACCOUNTS[code].id

/**
 * [POST-16] What is wanted of each child and does not stand so already. Who lives here is not told of a child that studies
 * in another district; registered and at school here, or found nowhere, it lives where it is registered until somebody says
 * otherwise. An entry that begins after the run's day is newer than the run.
 */
export async function collectTargets(tx: Tx, terms: Terms): Promise<number> {
  const { asOf, opening, rule, watchedAge, pauseUntil } = terms
  const writer = (name: (typeof WRITERS)[number]) => WRITERS.indexOf(name)
  const entryDay = sql`make_date(extract(year from k.birth_day)::int + ${rule.entryAge}::int
      + (to_char(k.birth_day, 'MM-DD') > ${rule.cutOff})::int, ${Number(rule.cutOff.slice(0, 2))}::int, ${Number(rule.cutOff.slice(3))}::int)`
  await sql`with wanted as (
      select s.*, e.account_id as wanted, k.birth_day, o.record_id as roll_record, coalesce(o.school_id, o.unit_id) as roll_of, o.as_of_day as roll_day
      from run_said s join child k on k.child_id = s.child_id
        left join run_rolled o on o.child_id = s.child_id
        join entry_rule e on e.facts = (((s.registration * ${ROLLS.length}::int + s.roll) * ${ORIGINS.length}::int + s.origin) * 2 + s.in_books::int) * 2
          + (k.birth_day + make_interval(years => ${watchedAge}::int) <= ${asOf}::date)::int
    ), against as (
      select w.*, b.span_id, b.account_id as stands, b.pause_until as stood_until, b.evidence_id as stood_evidence, lower(b.valid) as stood_from,
        b.r_unit_id as r_stood, b.p_unit_id as p_stood, b.s_school_id as s_stood,
        -- A conflict with closing evidence lasts until somebody decides it: the evidence stands in its claim.
        case when b.account_id = ${account('conflict')} then paper.account_id end as paper, paper.from_day as paper_from,
        case when b.span_id is null then ${writer('nobody')}::int
          when g.source = 'run' and be.kind = 'attendance' then ${writer('class-list')}::int
          when g.source = 'run' and (b.account_id <> ${account('conflict')} or paper.account_id is null) then ${writer('run')}::int
          when g.source = 'close' then ${writer('close')}::int else ${writer('officer')}::int end as by_whom,
        case when w.roll <> ${ROLLS.indexOf('none')} then w.roll_day else w.sheet_day end as said_day
      from wanted w left join whereabouts_span b on b.child_id = w.child_id and b.superseded_by is null and upper_inf(b.valid)
        left join posting g on g.posting_id = b.posted_by
        left join evidence be on be.evidence_id = b.evidence_id
        left join lateral (select k.account_id, k.from_day from claim k
          where k.child_id = w.child_id and k.withdrawn_by is null and k.account_id between 301 and 399 limit 1) paper on true
    ), decided as (
      select a.*, case when a.span_id is null then a.wanted else c.account_id end as account_id
      from against a left join change_rule c on c.by_whom = a.by_whom and c.stands = coalesce(a.paper, a.stands) and c.wanted = a.wanted
        and c.is_newer = coalesce(a.said_day > coalesce(a.paper_from, a.stood_from), false)
      where a.span_id is null or c.account_id is not null and a.stood_from <= ${asOf}::date
    ), placed as (
      select d.*,
        case when registered = 1 and account_id < 500 then r_unit_id end as r_at,
        case when account_id >= 500 then null when account_id = ${account('elsewhere-in-city')} and registered = 1 then p_unit_id
          else coalesce(p_unit_id, r_unit_id) end as p_at,
        case when account_id between 301 and 399 then null else s_school_id end as s_at,
        case when account_id between 201 and 299 then
          case when stands = account_id and stood_until > ${asOf}::date then stood_until else ${pauseUntil}::date end end as pause_at,
        coalesce(case when account_id < 300 or account_id >= 500 or account_id in (${account('conflict')}, ${account('late-or-private')}, ${account('suspected')}, ${account('finished')}) then roll_evidence.evidence_id end,
          sheet_evidence, roll_evidence.evidence_id, stood_evidence) as evidence_at,
        case when account_id < 300 or account_id >= 500 then coalesce(roll_record, sheet_record) else coalesce(sheet_record, roll_record) end as record_at
      from decided d left join evidence roll_evidence on roll_evidence.kind = 'roll' and roll_evidence.unit_id = d.roll_of
    ), fresh as (
      select p.*, case when p.in_books or p.account_id >= 500 then null
        else greatest(${opening}::date, least(coalesce((select ${entryDay} from child k where k.child_id = p.child_id), ${asOf}::date), ${asOf}::date)) end as obliged_from
      from placed p
      where (p.stands, p.r_stood, p.p_stood, p.s_stood, p.stood_evidence, p.stood_until)
        is distinct from (p.account_id, p.r_at, p.p_at, p.s_at, p.evidence_at, p.pause_at)
    )
    insert into run_target
    select row_number() over (order by coalesce(r_at, p_at, s_at), child_id), child_id,
      case when in_books then greatest(${asOf}::date, ${opening}::date) else coalesce(obliged_from, greatest(${asOf}::date, ${opening}::date)) end,
      account_id, r_at, p_at, s_at, evidence_at, pause_at, record_at,
      case when in_books then null else daterange(coalesce(obliged_from, greatest(${asOf}::date, ${opening}::date)), null) end,
      span_id
    from fresh`.execute(tx)
  await sql`create index if not exists run_target_seq on run_target (seq)`.execute(tx)
  await sql`analyze run_target`.execute(tx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from run_target`.execute(tx)
  return rows[0]?.n ?? 0
}

/** The next part of what is wanted, into the staging of the books. A child that somebody else posted for meanwhile is left to the next run. */
export async function stageTargets(tx: Tx, part: { readonly from: number; readonly until: number }): Promise<void> {
  await lockBooks(tx)
  await sql`insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, pause_until, record_id, obliged)
    select child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, pause_until, record_id, obliged
    from run_target t where seq > ${part.from} and seq <= ${part.until} and t.span_id is not distinct from (
      select s.span_id from whereabouts_span s where s.child_id = t.child_id and s.superseded_by is null and upper_inf(s.valid))
    order by seq`.execute(tx)
}
