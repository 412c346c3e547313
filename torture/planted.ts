/**
 * A fault for every check of `invariants.ts`, as the administrator could make it: without triggers and foreign keys, and
 * without the constraints that would refuse it. For a test that the checks bite; in a transaction that is rolled back.
 */
const LOOSE = `set local session_replication_role = replica`
const ONE_STANDING = `(select min(span_id) from whereabouts_span where superseded_by is null and upper_inf(valid) and not unexplained)`
const ONE_ASKED = `(select min(case_id) from case_file where open)`
const SPAN_COLUMNS = `child_id, valid, account_id, unexplained, r_unit_id, p_unit_id, s_school_id, evidence_id, pause_until, record_id, posted_by, case_id`
const CLOSE_ONE_FILE = `update case_file set open = null, closed_day = opened_day, closed_by = opened_by, outcome = 'explained' where case_id = ${ONE_ASKED}`
const MERGE_ONE = `update child set obliged = null, merged_into = (select max(child_id) from child)
  where child_id = (select min(child_id) from tie where upper_inf(valid))`
const UNDO_ONE = `update source_batch set undone_at = now(), undone_by = account_id where batch_id = (select min(batch_id) from source_batch)`

const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'batch-is-whole': ['delete from source_record where record_id = (select max(record_id) from source_record)'],
  'content-is-one-batch': [
    'drop index source_batch_once',
    `insert into source_batch (kind, unit_id, units, as_of_day, content_key, row_count, stored_count, refused_count, repair_count, account_id, committed_at)
     select kind, unit_id, units, as_of_day, content_key, 0, 0, 0, 0, account_id, committed_at from source_batch limit 1`,
  ],
  'row-is-one-record': [
    'alter table source_record drop constraint source_record_batch_id_row_key',
    `insert into source_record (batch_id, row, child_id, content_key) select batch_id, row, child_id, content_key from source_record limit 1`,
  ],
  'record-of-a-living-child': [MERGE_ONE],
  'record-of-a-batch': [
    'update source_record set batch_id = 999999 where record_id = (select max(record_id) from source_record)',
  ],
  'child-has-a-record': [`insert into child (units, made_by) values ('{}', 1)`],
  'person-is-one-child': [
    `update person_identity i set id_key = o.id_key, name_key = o.name_key from (
       select a.record_id, b.id_key, b.name_key from person_identity a join source_record ra using (record_id), person_identity b join source_record rb using (record_id)
       where rb.child_id <> ra.child_id and b.id_key is not null limit 1) o where i.record_id = o.record_id`,
  ],
  'sealed-part-has-its-record': [
    'update person_contact set record_id = -1 where record_id = (select min(record_id) from person_contact)',
  ],
  'record-has-its-identity': [
    'delete from person_identity where record_id = (select min(record_id) from person_identity)',
  ],
  'roll-entry-of-its-child': [
    'update roll_entry set child_id = child_id + 1 where record_id = (select min(record_id) from roll_entry)',
  ],
  'roll-record-has-its-entry': ['delete from roll_entry where record_id = (select min(record_id) from roll_entry)'],
  'shown-record-of-the-child': [
    'update child set identity_id = -1 where child_id = (select min(child_id) from child where merged_into is null)',
  ],
  'tie-of-a-living-child': [MERGE_ONE],
  'tie-of-a-live-batch': [UNDO_ONE],
  'batch-has-its-sheet': [
    `update import_sheet set state = 'checked', batch_id = null where batch_id = (select min(batch_id) from import_sheet)`,
  ],
  'sheet-has-its-batch': [`update import_sheet set content_key = '\\x00' where state = 'committed'`],
  'undone-batch-was-asked-for': [UNDO_ONE],
  'a-day-is-one-account': [
    'alter table whereabouts_span drop constraint one_whereabouts_a_day',
    `insert into whereabouts_span (${SPAN_COLUMNS}) select ${SPAN_COLUMNS} from whereabouts_span where span_id = ${ONE_STANDING}`,
  ],
  'no-day-without-account': [`delete from whereabouts_span where span_id = ${ONE_STANDING}`],
  'in-the-books-or-not': [
    `update child set obliged = null where child_id = (select child_id from whereabouts_span where span_id = ${ONE_STANDING})`,
  ],
  'unexplained-has-an-open-file': [CLOSE_ONE_FILE],
  'open-file-of-an-unexplained': [
    `update whereabouts_span set account_id = 101, unexplained = false where case_id = ${ONE_ASKED} and superseded_by is null`,
  ],
  'child-has-one-open-file': [
    'drop index one_open_file',
    `insert into case_file (child_id, stage, owner_unit_id, owner_id, due_day, opened_day, opened_by, units)
     select child_id, stage, owner_unit_id, owner_id, due_day, opened_day, opened_by, units from case_file where case_id = ${ONE_ASKED}`,
  ],
  'entry-of-a-posting': [`update whereabouts_span set posted_by = -5 where span_id = ${ONE_STANDING}`],
  'posting-moved-something': [
    `insert into posting (posting_id, source, source_key) values (999999, 'case', 'planted')`,
  ],
  'days-close-in-order': ['delete from closed_day where day = (select min(day) + 1 from closed_day)'],
  'undone-run-stands-no-more': [
    `insert into batch_undo (batch_id, job_id, state, unit_id, units, asked_by, asked_at)
     select batch_id, gen_random_uuid(), 'done', unit_id, units, account_id, now() from source_batch`,
  ],
  'run-done-is-posted': [`update reconcile_run set state = 'done', ended_at = now(), summary = '{}', posting = null`],
  'run-posts-on-its-ground': ['delete from posting_ground'],
  'sums-equal-entries': [
    `update balance_movement set n = n + 1 where ctid = (select ctid from balance_movement where n > 0 limit 1)`,
  ],
  'sight-follows-the-ties': [
    `update child set units = '{1}' where child_id = (select min(child_id) from tie where upper_inf(valid))`,
  ],
}

/** By check. */
export const PLANTED: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(FAULTS).map(([check, statements]) => [check, [LOOSE, ...statements]]),
)
