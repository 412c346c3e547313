/**
 * What stands in the tables, told without the ids that a second try draws anew: children are named by the first row that
 * speaks of them. Two databases that went the same way, one of them over a kill, tell the same.
 */
import type { Ask } from './invariants.ts'

const NAMES = `create temporary table torture_name as
  select r.child_id, min(format('%s %s %s:%s', b.as_of_day, b.kind, b.unit_id, r.row)) as child
  from (select child_id, batch_id, row from source_record
    union all select m.from_child, r.batch_id, r.row from child_merge m join record_move v using (merge_id) join source_record r using (record_id)
      where m.undone_at is null) r join source_batch b using (batch_id) group by r.child_id`

/** Every part is a query of one column `line`. */
const PARTS: Readonly<Record<string, string>> = {
  batches: `select concat_ws(' ', kind, unit_id, as_of_day, encode(content_key, 'hex'), row_count, stored_count, refused_count, repair_count,
    undone_at is not null, (select string_agg(format('%s=%s', c.unit_id, c.row_count), ',' order by c.unit_id) from batch_cover c where c.batch_id = b.batch_id)) as line
    from source_batch b`,
  sheets: `select concat_ws(' ', kind, unit_id, as_of_day, state, batch_id is not null, job_id is null, problem) as line from import_sheet`,
  undos: `select concat_ws(' ', b.kind, b.as_of_day, u.state, u.percent) as line from batch_undo u join source_batch b using (batch_id)`,
  records: `select concat_ws(' ', b.kind, b.unit_id, b.as_of_day, r.row, n.child, r.same_as is not null, r.unit_id, r.needs_repair, r.shares_id,
    i.id_key, i.name_key, i.student_key, k.household_key, k.guardian_keys, e.school_id, e.grade, e.status_group) as line
    from source_record r join source_batch b using (batch_id) left join torture_name n using (child_id)
      left join person_identity i on i.record_id = r.record_id left join person_contact k on k.record_id = r.record_id
      left join roll_entry e on e.record_id = r.record_id`,
  children: `select concat_ws(' ', n.child, c.birth_day, c.sex, c.obliged, c.units, i.row, k.row, m.child) as line
    from child c left join torture_name n using (child_id) left join source_record i on i.record_id = c.identity_id
      left join source_record k on k.record_id = c.contact_id left join torture_name m on m.child_id = c.merged_into`,
  ties: `select concat_ws(' ', n.child, t.kind, t.unit_id, t.valid, t.source) as line from tie t left join torture_name n using (child_id)`,
  tags: `select concat_ws(' ', n.child, g.valid) as line from person_tag g left join torture_name n using (child_id)`,
  merges: `select concat_ws(' ', f.child, t.child, m.source, m.undone_at is not null) as line from child_merge m
    left join torture_name f on f.child_id = m.from_child left join torture_name t on t.child_id = m.into_child`,
  standing: `select concat_ws(' ', n.child, s.valid, a.code, s.r_unit_id, s.p_unit_id, s.s_school_id, v.kind, v.unit_id, s.pause_until, r.row, s.case_id is not null) as line
    from whereabouts_span s join book_account a using (account_id) join evidence v using (evidence_id)
      left join torture_name n using (child_id) left join source_record r using (record_id) where s.superseded_by is null`,
  entries: `select concat_ws(' ', n.child, s.valid, a.code, count(*)) as line
    from whereabouts_span s join book_account a using (account_id) left join torture_name n using (child_id)
    group by n.child, s.valid, a.code`,
  files: `select concat_ws(' ', n.child, f.stage, f.open, f.owner_unit_id, f.owner_id, f.due_day, f.opened_day, f.closed_day, f.outcome, f.units) as line
    from case_file f left join torture_name n using (child_id)`,
  claims: `select concat_ws(' ', n.child, account_id, unit_id, from_day, withdrawn_by is not null) as line from claim left join torture_name n using (child_id)`,
  confirmations: `select distinct concat_ws(' ', v.kind, v.unit_id, c.confirmed_day, c.expires_day, c.withdrawn_by is not null) as line from evidence_confirmation c join evidence v using (evidence_id)`,
  bridge: `select concat_ws(' ', unit_id, as_of_day, received, errors, duplicates, cancelled, not_begun, closed, persons, carried, withdrawn_by is not null) as line from book_bridge`,
  days: `select day::text as line from closed_day`,
  figures: `select concat_ws(' ', m.base, m.level, m.unit_id, m.other_id, m.account_id, v.kind, v.unit_id, m.day, sum(m.n)) as line
    from balance_movement m join evidence v using (evidence_id)
    group by m.base, m.level, m.unit_id, m.other_id, m.account_id, v.kind, v.unit_id, m.day having sum(m.n) <> 0`,
  runs: `select concat_ws(' ', unit_id, number, state, as_of_day, summary - 'elapsedSeconds', posting -> 'state', posting -> 'posted', posting -> 'merged', posting -> 'changes',
    (select string_agg(format('%s=%s', list, row_count), ',' order by list) from reconcile_list l where l.run_id = r.run_id)) as line from reconcile_run r`,
}

export type Fingerprint = ReadonlyMap<string, string>

/** Run it in a transaction that is rolled back: it makes a temporary table. */
export async function fingerprintOf(ask: Ask): Promise<Fingerprint> {
  await ask(NAMES)
  const told = new Map<string, string>()
  for (const [part, sql] of Object.entries(PARTS)) {
    const [row] = await ask<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(line, E'\\n' order by line collate "C")), '') as digest from (${sql}) t`,
    )
    told.set(part, row?.digest ?? '')
  }
  return told
}

/** The lines of one part, to see what differs. */
export async function linesOf(ask: Ask, part: string): Promise<readonly string[]> {
  await ask(NAMES)
  return (await ask<{ line: string }>(`select line from (${PARTS[part]}) t order by line collate "C"`)).map(
    ({ line }) => line,
  )
}

export function differingParts(wanted: Fingerprint, found: Fingerprint): readonly string[] {
  return [...wanted.keys()].filter((part) => wanted.get(part) !== found.get(part))
}

/** [BOOK-4] Every figure as known at a posting, from the sums and from the entries: it never changes again. */
export async function figuresKnownAt(ask: Ask, posting: number): Promise<string> {
  const [row] = await ask<{ digest: string }>(
    `select md5(concat(
      (select string_agg(concat_ws(' ', base, level, unit_id, other_id, account_id, evidence_id, day, n), ';' order by base, level, unit_id, other_id, account_id, evidence_id, day)
        from (select base, level, unit_id, other_id, account_id, evidence_id, day, sum(n) as n from balance_movement where posting_id <= $1
          group by base, level, unit_id, other_id, account_id, evidence_id, day) m),
      (select string_agg(concat_ws(' ', span_id, child_id, valid, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id), ';' order by span_id)
        from whereabouts_span where posted_by <= $1 and (superseded_by is null or superseded_by > $1)),
      (select string_agg(concat_ws(' ', evidence_id, confirmed_day, expires_day), ';' order by evidence_id, posting_id)
        from evidence_confirmation where posting_id <= $1))) as digest`,
    [posting],
  )
  return row?.digest ?? ''
}

export async function lastPosting(ask: Ask): Promise<number> {
  const [row] = await ask<{ last: number }>('select coalesce(max(posting_id), 0)::int as last from posting')
  return row?.last ?? 0
}
