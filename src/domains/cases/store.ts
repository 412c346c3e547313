import { type RawBuilder, sql } from 'kysely'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { UnitKind } from '../registry/index.ts'
import { type AccountCode, BOOK_ACCOUNTS, type EvidenceKind } from '../whereabouts/index.ts'
import type { Stage } from './rules.ts'
import type { CaseTables, NoteKind, Outcome } from './tables.server.ts'

function tables(tx: Tx) {
  return tx.withTables<CaseTables>()
}

export interface FileFound {
  readonly caseId: number
  readonly childId: ChildId
  readonly stage: Stage
  readonly isOpen: boolean
  readonly ownerUnitId: number
  readonly ownerId: number
  readonly isStandIn: boolean
  readonly dueDay: PlainDate | null
  readonly openedDay: PlainDate
  readonly closedDay: PlainDate | null
  readonly outcome: Outcome | null
}

/** As far as the scope sees the child too: a closed file stays with who had it, the child does not. */
export async function findFile(tx: Tx, caseId: number): Promise<FileFound | undefined> {
  const { rows } = await sql<FileFound>`
    select f.case_id as "caseId", f.child_id as "childId", f.stage, f.open is not null as "isOpen",
      f.owner_unit_id as "ownerUnitId", f.owner_id as "ownerId", f.is_stand_in as "isStandIn", f.due_day as "dueDay",
      f.opened_day as "openedDay", f.closed_day as "closedDay", f.outcome
    from case_file f join child c on c.child_id = f.child_id
    where f.case_id = ${caseId}`.execute(tx)
  return rows[0]
}

export interface CaseFilter {
  readonly stage?: Stage | undefined
  readonly unitId?: number | undefined
  readonly account?: AccountCode | undefined
  readonly due?: 'overdue' | 'today' | 'week' | undefined
}

export interface CaseQuery extends CaseFilter {
  readonly page: number
  readonly size: number
}

export interface ListedFile {
  readonly caseId: number
  readonly childId: ChildId
  readonly stage: Stage
  readonly accountId: number
  readonly since: PlainDate
  readonly evidenceKind: EvidenceKind
  readonly confirmed: PlainDate | null
  readonly dueDay: PlainDate
  readonly ownerUnitId: number
  readonly ownerId: number
  readonly isStandIn: boolean
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly schoolId: number | null
}

export interface FilePage {
  readonly total: number
  readonly rows: readonly ListedFile[]
  readonly counts: FileCounts
  /** Units that hold open files, the most first. */
  readonly holders: readonly { readonly unitId: number; readonly count: number }[]
}

/** Units of the holders that a list offers to choose from. */
const MOST_HOLDERS = 200

/**
 * [CASE-14] Who waits longest first. One statement: the files in sight are read once for the page and for all its sums, and
 * the page is cut before anything is looked up beside them.
 */
export async function listFiles(tx: Tx, query: CaseQuery, today: PlainDate): Promise<FilePage> {
  const { page, size, unitId } = query
  const { rows } = await sql<FilePage>`
    with seen as materialized (
      select f.case_id, f.child_id, f.stage, f.due_day, f.owner_unit_id, f.owner_id, f.is_stand_in,
        ${unitId === undefined ? sql`true` : sql`f.units @> array[${unitId}::int]`} as is_in_unit
      from case_file f where f.open),
    found as (select * from seen f where ${sql.join(conditionsOf(query, today), sql` and `)}),
    cut as materialized (select * from found order by due_day, case_id limit ${size} offset ${(page - 1) * size}),
    lines as (
      select p.case_id as "caseId", p.child_id as "childId", p.stage, p.due_day as "dueDay", p.owner_unit_id as "ownerUnitId",
        p.owner_id as "ownerId", p.is_stand_in as "isStandIn", s.account_id as "accountId", lower(s.valid) as since,
        e.kind as "evidenceKind",
        (select max(k.confirmed_day) from evidence_confirmation k where k.evidence_id = e.evidence_id and k.withdrawn_by is null) as confirmed,
        s.r_unit_id as "registeredId", s.p_unit_id as "livingId", s.s_school_id as "schoolId"
      from cut p
        join whereabouts_span s on s.case_id = p.case_id and s.needs_file
        join evidence e on e.evidence_id = s.evidence_id),
    held as (
      select owner_unit_id as "unitId", count(*) as count from seen group by owner_unit_id
      order by count(*) desc, owner_unit_id limit ${MOST_HOLDERS})
    select (select count(*)::int from found) as total,
      (select coalesce(json_agg(l order by l."dueDay", l."caseId"), '[]') from lines l) as rows,
      (select coalesce(json_agg(h order by h.count desc, h."unitId"), '[]') from held h) as holders,
      (select json_build_object('all', count(*), 'overdue', count(*) filter (where due_day < ${today}),
        'today', count(*) filter (where due_day = ${today}), 'tasks', count(*) filter (where stage = 'task'),
        'cases', count(*) filter (where stage = 'case')) from seen) as counts`.execute(tx)
  const [answer] = rows
  if (answer === undefined) throw new Error('sums of nothing')
  return answer
}

function conditionsOf({ stage, account, due }: CaseFilter, today: PlainDate): RawBuilder<unknown>[] {
  const wanted = [sql`f.is_in_unit`]
  if (stage !== undefined) wanted.push(sql`f.stage = ${stage}`)
  if (account !== undefined) {
    wanted.push(sql`exists (select 1 from whereabouts_span s
      where s.case_id = f.case_id and s.needs_file and s.account_id = ${BOOK_ACCOUNTS[account].id})`)
  }
  if (due === 'overdue') wanted.push(sql`f.due_day < ${today}`)
  if (due === 'today') wanted.push(sql`f.due_day = ${today}`)
  if (due === 'week') wanted.push(sql`f.due_day <= ${today}::date + 7`)
  return wanted
}

export interface FileCounts {
  readonly all: number
  readonly overdue: number
  readonly today: number
  readonly tasks: number
  readonly cases: number
}

/** Whether the scope sees the child, and into whom it was merged. */
export async function findSeenChild(
  tx: Tx,
  childId: number,
): Promise<{ readonly childId: ChildId; readonly mergedInto: number | null } | undefined> {
  const { rows } = await sql<{ childId: ChildId; mergedInto: number | null }>`
    select child_id as "childId", merged_into as "mergedInto" from child where child_id = ${childId}`.execute(tx)
  return rows[0]
}

/** Class of the newest roll row that holds, by child. */
export async function listClasses(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ child_id: number; name: string }>`
    select distinct on (r.child_id) r.child_id, k.name
    from roll_entry r join school_class k on k.class_id = r.class_id
      join source_record s on s.record_id = r.record_id
      join source_batch b on b.batch_id = s.batch_id and b.undone_at is null
    where r.child_id = any (${[...children]}::bigint[])
    order by r.child_id, r.record_id desc`.execute(tx)
  return new Map(rows.map(({ child_id, name }) => [child_id, name]))
}

export interface PlaceName {
  readonly unitId: number
  readonly name: string
  readonly kind: UnitKind
}

export async function listPlaceNames(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, PlaceName>> {
  const rows = await tables(tx)
    .selectFrom('unit')
    .select(['unit_id as unitId', 'name', 'kind'])
    .where(sql<boolean>`unit_id = any (${[...ids]}::int[])`)
    .execute()
  return new Map(rows.map((row) => [row.unitId, row]))
}

/** As far as the scope sees who works there. */
export async function listStaffNames(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await tables(tx)
    .selectFrom('staff')
    .select(['staff_id', 'name'])
    .where(sql<boolean>`staff_id = any (${[...ids]}::bigint[])`)
    .execute()
  return new Map(rows.map(({ staff_id, name }) => [staff_id, name]))
}

/** Units the child is tied to, and those above them that may answer. */
export async function listUnitsOfChild(tx: Tx, childId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ unit_id: number }>`
    select distinct a.unit as unit_id from tie t join unit u on u.unit_id = t.unit_id cross join unnest(u.path) as a (unit)
    where t.child_id = ${childId} and upper_inf(t.valid)`.execute(tx)
  return rows.map(({ unit_id }) => unit_id)
}

export async function updateDueDay(tx: Tx, caseId: number, dueDay: PlainDate): Promise<void> {
  await tables(tx).updateTable('case_file').set({ due_day: dueDay }).where('case_id', '=', caseId).execute()
}

/** The tie follows, so that the new holder sees the child and the former one does no more. */
export async function updateOwner(
  tx: Tx,
  { caseId, childId }: Pick<FileFound, 'caseId' | 'childId'>,
  owner: { readonly unitId: number; readonly staffId: number; readonly isStandIn: boolean },
): Promise<void> {
  await tables(tx)
    .updateTable('case_file')
    .set({ owner_unit_id: owner.unitId, owner_id: owner.staffId, is_stand_in: owner.isStandIn })
    .where('case_id', '=', caseId)
    .execute()
  await sql`
    update case_file f set units = (select array_agg(distinct a.unit order by a.unit)
      from (select unnest(c.units) as unit union select unnest(w.path)) a)
    from child c, unit w
    where f.case_id = ${caseId} and c.child_id = ${childId} and w.unit_id = f.owner_unit_id`.execute(tx)
}

export async function insertAnswersTie(tx: Tx, childId: number, unitId: number, from: PlainDate): Promise<void> {
  await sql`
    insert into tie (child_id, kind, unit_id, valid, source)
    values (${childId}, 'answers', ${unitId}, daterange(${from}, null), 'case')`.execute(tx)
}

export async function insertNote(
  tx: Tx,
  note: {
    readonly childId: ChildId
    readonly caseId: number | null
    readonly postingId: number | null
    readonly kind: NoteKind
    readonly sealed: Buffer
    readonly authorId: number
    readonly at: Date
  },
): Promise<void> {
  await tables(tx)
    .insertInto('case_note')
    .values({
      child_id: note.childId,
      case_id: note.caseId,
      posting_id: note.postingId,
      kind: note.kind,
      sealed: note.sealed,
      author_id: note.authorId,
      written_at: note.at,
    })
    .execute()
}

/** [CASE-14] Newest first; none for a village and for a unit of registration while the child lives elsewhere. */
export function listNotes(tx: Tx, childId: number) {
  return tables(tx)
    .selectFrom('case_note')
    .select(['kind', 'sealed', 'author_id', 'written_at'])
    .where('child_id', '=', childId)
    .orderBy('note_id', 'desc')
    .limit(100)
    .execute()
}

/** A merge that holds, by itself or by the child that became another. In scope: where the other child is seen. */
export async function findMerge(
  tx: Tx,
  by: { readonly mergeId: number } | { readonly fromChild: number },
): Promise<{ readonly mergeId: number } | undefined> {
  const which = 'mergeId' in by ? sql`merge_id = ${by.mergeId}` : sql`from_child = ${by.fromChild}`
  const { rows } = await sql<{ mergeId: number }>`
    select merge_id as "mergeId" from child_merge where undone_at is null and ${which}`.execute(tx)
  return rows[0]
}
