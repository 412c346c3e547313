import { sql } from 'kysely'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { UnitKind } from '../registry/index.ts'
import type { Method, ResultCode } from './results.ts'
import type { ReportState, RollWord } from './rules.ts'
import type { CheckTables } from './tables.server.ts'

function tables(tx: Tx) {
  return tx.withTables<CheckTables>()
}

export interface ReportRow {
  readonly reportId: number
  readonly caseId: number
  readonly childId: ChildId
  readonly result: ResultCode | null
  readonly method: Method
  readonly checkedDay: PlainDate
  readonly schoolId: number | null
  readonly province: string | null
  readonly pauseUntil: PlainDate | null
  readonly hasPapers: boolean
  readonly hasPlace: boolean
  readonly unitId: number
  readonly givenAt: Date
  readonly state: ReportState
  readonly decidedBy: number | null
  readonly decidedAt: Date | null
  readonly postingId: number | null
  readonly contentKey: Buffer
}

const REPORT = [
  'report_id as reportId',
  'case_id as caseId',
  'child_id as childId',
  'result',
  'method',
  'checked_day as checkedDay',
  'school_id as schoolId',
  'province',
  'pause_until as pauseUntil',
  'has_papers as hasPapers',
  'has_place as hasPlace',
  'unit_id as unitId',
  'given_at as givenAt',
  'state',
  'decided_by as decidedBy',
  'decided_at as decidedAt',
  'posting_id as postingId',
  'content_key as contentKey',
] as const

/** Newest first. */
export async function listReportsOf(tx: Tx, caseId: number): Promise<readonly ReportRow[]> {
  const rows = await tables(tx)
    .selectFrom('check_report')
    .select(REPORT)
    .where('case_id', '=', caseId)
    .orderBy('report_id', 'desc')
    .execute()
  return rows as unknown as readonly ReportRow[]
}

/** Of files that are open or not, as the scope sees them; those that wait are locked for whoever decides first. */
export async function lockWaiting(tx: Tx, reportIds: readonly number[]): Promise<readonly ReportRow[]> {
  const rows = await tables(tx)
    .selectFrom('check_report')
    .select(REPORT)
    .where(sql<boolean>`report_id = any (${[...reportIds]}::bigint[])`)
    .where('state', '=', 'given')
    .orderBy('report_id')
    .forUpdate()
    .execute()
  return rows as unknown as readonly ReportRow[]
}

/** Which of them the scope sees. */
export async function listSeenReports(tx: Tx, reportIds: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ report_id: number }>`
    select r.report_id from check_report r join case_file f on f.case_id = r.case_id join child c on c.child_id = r.child_id
    where r.report_id = any (${[...reportIds]}::bigint[])`.execute(tx)
  return new Set(rows.map(({ report_id }) => report_id))
}

export type NewReport = Omit<ReportRow, 'reportId' | 'givenAt' | 'decidedBy' | 'decidedAt' | 'postingId' | 'state'> & {
  readonly givenBy: number
  readonly givenAt: Date
  readonly via: 'page' | 'sheet'
  readonly sealed: Buffer
}

/** A newer word replaces the one that still waited. */
export async function insertReport(tx: Tx, report: NewReport): Promise<number> {
  await tables(tx)
    .updateTable('check_report')
    .set({ state: 'replaced' })
    .where('case_id', '=', report.caseId)
    .where('state', '=', 'given')
    .execute()
  const { report_id } = await tables(tx)
    .insertInto('check_report')
    .values({
      case_id: report.caseId,
      child_id: report.childId,
      result: report.result,
      method: report.method,
      checked_day: report.checkedDay,
      school_id: report.schoolId,
      province: report.province,
      pause_until: report.pauseUntil,
      has_papers: report.hasPapers,
      has_place: report.hasPlace,
      content_key: report.contentKey,
      via: report.via,
      unit_id: report.unitId,
      given_by: report.givenBy,
      given_at: report.givenAt,
      state: report.result === null ? 'tried' : 'given',
    })
    .returning('report_id')
    .executeTakeFirstOrThrow()
  await tables(tx)
    .insertInto('check_text')
    .values({ report_id, child_id: report.childId, sealed: report.sealed })
    .execute()
  return report_id
}

/** Of the reports, those that say that the child's name or number is wrong (B1). */
export async function listWrongData(
  tx: Tx,
  reportIds: readonly number[],
): Promise<readonly { readonly reportId: number; readonly childId: number }[]> {
  const { rows } = await sql<{ reportId: number; childId: number }>`
    select report_id::int as "reportId", child_id::int as "childId" from check_report
    where report_id = any (${[...reportIds]}::bigint[]) and result = 'B1' order by report_id`.execute(tx)
  return rows
}

export async function setAccepted(
  tx: Tx,
  reportIds: readonly number[],
  by: { readonly accountId: number | null; readonly at: Date; readonly postingId: number },
): Promise<void> {
  await tables(tx)
    .updateTable('check_report')
    .set({ state: 'accepted', decided_by: by.accountId, decided_at: by.at, posting_id: by.postingId })
    .where(sql<boolean>`report_id = any (${[...reportIds]}::bigint[])`)
    .execute()
}

export async function setReturned(
  tx: Tx,
  reportId: number,
  by: { readonly accountId: number; readonly at: Date; readonly sealed: Buffer },
): Promise<void> {
  await tables(tx)
    .updateTable('check_report')
    .set({ state: 'returned', decided_by: by.accountId, decided_at: by.at })
    .where('report_id', '=', reportId)
    .execute()
  await tables(tx)
    .updateTable('check_text')
    .set({ returned_sealed: by.sealed })
    .where('report_id', '=', reportId)
    .execute()
}

export interface SealedText {
  readonly sealed: Buffer
  readonly returned: Buffer | null
}

/** As far as the scope may read reasons. */
export async function listTexts(tx: Tx, reportIds: readonly number[]): Promise<ReadonlyMap<number, SealedText>> {
  const rows = await tables(tx)
    .selectFrom('check_text')
    .select(['report_id', 'sealed', 'returned_sealed as returned'])
    .where(sql<boolean>`report_id = any (${[...reportIds]}::bigint[])`)
    .execute()
  return new Map(rows.map(({ report_id, ...text }) => [report_id, text]))
}

export interface UnitReport {
  readonly reportId: number
  readonly caseId: number
  readonly childId: ChildId
  readonly result: ResultCode | null
  readonly checkedDay: PlainDate
  readonly givenAt: Date
  readonly state: ReportState
  readonly decidedBy: number | null
  readonly isFileOpen: boolean
  readonly closedBy: string | null
}

/** [CHECK-8] What a unit and those below it gave, newest first. As the system: the file may have left its sight. */
export async function listReportsOfUnit(
  tx: Tx,
  unitId: number,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly total: number; readonly rows: readonly UnitReport[] }> {
  const given = sql`from check_report r where r.unit_id in (select u.unit_id from unit u where u.path @> array[${unitId}::int])`
  const { rows } = await sql<UnitReport>`
    select r.report_id as "reportId", r.case_id as "caseId", r.child_id as "childId", r.result, r.checked_day as "checkedDay",
      r.given_at as "givenAt", r.state, r.decided_by as "decidedBy", f.open is not null as "isFileOpen",
      case when f.closed_by = r.posting_id then 'check' else p.source end as "closedBy"
    from (select r.* ${given} order by r.report_id desc limit ${size} offset ${(page - 1) * size}) r
      join case_file f on f.case_id = r.case_id
      left join posting p on p.posting_id = f.closed_by
    order by r.report_id desc`.execute(tx)
  const { rows: sums } = await sql<{ total: number }>`select count(*)::int as total ${given}`.execute(tx)
  return { total: sums[0]?.total ?? 0, rows }
}

export interface FileState {
  readonly caseId: number
  readonly childId: ChildId
  readonly stage: 'task' | 'case'
  readonly isOpen: boolean
  readonly ownerUnitId: number
  readonly ownerId: number
  readonly isStandIn: boolean
  readonly dueDay: PlainDate | null
  readonly closedDay: PlainDate | null
}

/** As far as the scope sees the child too. */
export async function findFile(tx: Tx, caseId: number): Promise<FileState | undefined> {
  const { rows } = await sql<FileState>`
    select f.case_id as "caseId", f.child_id as "childId", f.stage, f.open is not null as "isOpen",
      f.owner_unit_id as "ownerUnitId", f.owner_id as "ownerId", f.is_stand_in as "isStandIn", f.due_day as "dueDay",
      f.closed_day as "closedDay"
    from case_file f join child c on c.child_id = f.child_id where f.case_id = ${caseId}`.execute(tx)
  return rows[0]
}

/** Whose posting closed the files: the source of the posting. As the system. */
export async function listClosings(tx: Tx, caseIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ case_id: number; source: string }>`
    select f.case_id, case when exists (select from check_report r where r.case_id = f.case_id and r.posting_id = f.closed_by)
      then 'check' else p.source end as source
    from case_file f join posting p on p.posting_id = f.closed_by
    where f.case_id = any (${[...caseIds]}::bigint[])`.execute(tx)
  return new Map(rows.map(({ case_id, source }) => [case_id, source]))
}

export interface PlaceName {
  readonly unitId: number
  readonly name: string
  readonly kind: UnitKind
}

export async function listPlaceNames(tx: Tx, ids: readonly (number | null)[]): Promise<ReadonlyMap<number, PlaceName>> {
  const { rows } = await sql<PlaceName>`
    select unit_id as "unitId", name, kind from unit where unit_id = any (${ids.filter((id) => id !== null)}::int[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.unitId, row]))
}

/** As far as the scope sees who works there. */
export async function listStaffNames(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ staff_id: number; name: string }>`
    select staff_id, name from staff where staff_id = any (${[...ids]}::bigint[])`.execute(tx)
  return new Map(rows.map(({ staff_id, name }) => [staff_id, name]))
}

/**
 * [CHECK-7] What the newest live roll says of each child; two schools that claim it say nothing. As the system: the roll of another
 * district counts too.
 */
export async function listRollWords(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, RollWord>> {
  const { rows } = await sql<RollWord & { child_id: number }>`
    select distinct on (r.child_id) r.child_id, e.school_id as "schoolId", b.as_of_day as "asOf",
      e.status_group = 'in-school' and (select array_agg(t.unit_id) from tie t where t.child_id = r.child_id and t.kind = 'roll'
        and upper_inf(t.valid)) = array[e.school_id] as "isInSchool"
    from source_record r join source_batch b on b.batch_id = r.batch_id and b.kind = 'roll' and b.undone_at is null
      join roll_entry e on e.record_id = coalesce(r.same_as, r.record_id)
    where r.child_id = any (${[...children]}::bigint[]) and e.school_id is not null
    order by r.child_id, b.as_of_day desc, r.record_id desc`.execute(tx)
  return new Map(rows.map(({ child_id, ...word }) => [child_id, word]))
}

/** Whether it is a school that stands. */
export async function isSchool(tx: Tx, unitId: number, on: PlainDate): Promise<boolean> {
  const { rows } = await sql`
    select 1 from unit where unit_id = ${unitId} and kind = 'school'
      and from_day <= ${on} and (until_day is null or until_day > ${on})`.execute(tx)
  return rows.length > 0
}
