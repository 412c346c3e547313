import { type RawBuilder, sql } from 'kysely'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { BOOK_ACCOUNTS, type EvidenceKind } from '../whereabouts/index.ts'
import type { Method, ResultCode } from './results.ts'
import type { ReportState, TaskState } from './rules.ts'

export type Tab = 'all' | TaskState | 'overdue'

export interface TaskQuery {
  readonly tab: Tab
  /** Files that lie with this unit or one below it. */
  readonly ownerId?: number | undefined
  readonly result?: ResultCode | undefined
  /** Only children who may be called or visited. */
  readonly isVisiting: boolean
  readonly today: PlainDate
}

export interface NewestReport {
  readonly reportId: number
  readonly result: ResultCode | null
  readonly method: Method
  readonly checkedDay: PlainDate
  readonly schoolId: number | null
  readonly province: string | null
  readonly pauseUntil: PlainDate | null
  readonly hasPapers: boolean
  readonly hasPlace: boolean
  readonly state: ReportState
}

export interface ListedTask {
  readonly caseId: number
  readonly childId: ChildId
  readonly accountId: number
  readonly since: PlainDate
  readonly evidence: EvidenceKind
  readonly confirmed: PlainDate | null
  readonly expires: PlainDate | null
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly schoolId: number | null
  readonly ownerUnitId: number
  readonly ownerId: number
  readonly isStandIn: boolean
  readonly dueDay: PlainDate
  readonly report: NewestReport | null
}

interface TaskPage {
  readonly total: number
  readonly rows: readonly ListedTask[]
  readonly counts: Readonly<Record<Tab, number>>
  readonly waiting: readonly { readonly result: ResultCode; readonly caseIds: readonly number[] }[]
  readonly owners: readonly { readonly unitId: number; readonly count: number }[]
}

const MOST_OWNERS = 200

/** The open tasks in sight with their newest report; every task is one line. */
function tasksSeen({ ownerId, isVisiting }: Pick<TaskQuery, 'ownerId' | 'isVisiting'>): RawBuilder<unknown> {
  const owned = sql`f.owner_unit_id in (select u.unit_id from unit u where u.path @> array[${ownerId ?? 0}::int])`
  return sql`
    select f.case_id, f.child_id, f.due_day, f.owner_unit_id, f.owner_id, f.is_stand_in, s.account_id, lower(s.valid) as since,
      s.evidence_id, s.r_unit_id, s.p_unit_id, s.s_school_id, r.report_id, r.result,
      case when r.state in ('tried', 'given', 'returned') then r.state else 'open' end as state
    from case_file f
      join whereabouts_span s on s.case_id = f.case_id and s.needs_file
      left join lateral (select o.report_id, o.result, o.state from check_report o
        where o.case_id = f.case_id order by o.report_id desc limit 1) r on true
    where f.open and f.stage = 'task'
      ${ownerId === undefined ? sql`` : sql`and ${owned}`}
      ${isVisiting ? sql`and s.account_id <> ${BOOK_ACCOUNTS.missing.id}` : sql``}`
}

/** [CHECK-3] One page and all its sums in one statement: the most urgent first. */
export async function listTasks(
  tx: Tx,
  query: TaskQuery & { readonly page: number; readonly size: number },
): Promise<TaskPage> {
  const { page, size, today } = query
  const { rows } = await sql<TaskPage>`
    with seen as materialized (${tasksSeen(query)}),
    found as (select * from seen where ${conditionOf(query)}),
    cut as materialized (select * from found order by due_day, case_id limit ${size} offset ${(page - 1) * size}),
    lines as (${linesOf(sql`cut`)}),
    owned as (
      select owner_unit_id as "unitId", count(*) as count from seen group by owner_unit_id
      order by count(*) desc, owner_unit_id limit ${MOST_OWNERS}),
    waits as (select result, array_agg(case_id order by case_id) as "caseIds" from seen where state = 'given' group by result)
    select (select count(*)::int from found) as total,
      (select coalesce(json_agg(l order by l."dueDay", l."caseId"), '[]') from lines l) as rows,
      (select coalesce(json_agg(o order by o.count desc, o."unitId"), '[]') from owned o) as owners,
      (select coalesce(json_agg(w order by w.result), '[]') from waits w) as waiting,
      (select json_build_object('all', count(*), 'open', count(*) filter (where state = 'open'),
        'tried', count(*) filter (where state = 'tried'), 'given', count(*) filter (where state = 'given'),
        'returned', count(*) filter (where state = 'returned'),
        'overdue', count(*) filter (where due_day < ${today} and state <> 'given')) from seen) as counts`.execute(tx)
  const [answer] = rows
  if (answer === undefined) throw new Error('sums of nothing')
  return answer
}

/** All tasks that lie with one unit, for its form. */
export async function listTasksOf(tx: Tx, unitId: number): Promise<readonly ListedTask[]> {
  const { rows } = await sql<ListedTask>`
    with seen as materialized (${tasksSeen({ isVisiting: true })} and f.owner_unit_id = ${unitId})
    ${linesOf(sql`seen`)} order by "dueDay", "caseId"`.execute(tx)
  return rows
}

/** One open task; undefined: out of sight, closed, or a case by now. */
export async function findTask(tx: Tx, caseId: number): Promise<ListedTask | undefined> {
  const { rows } = await sql<ListedTask>`
    with seen as materialized (${tasksSeen({ isVisiting: false })} and f.case_id = ${caseId}) ${linesOf(sql`seen`)}`.execute(
    tx,
  )
  return rows[0]
}

export async function listTasksById(tx: Tx, caseIds: readonly number[]): Promise<readonly ListedTask[]> {
  const { rows } = await sql<ListedTask>`
    with seen as materialized (${tasksSeen({ isVisiting: false })} and f.case_id = any (${[...caseIds]}::bigint[]))
    ${linesOf(sql`seen`)} order by "caseId"`.execute(tx)
  return rows
}

function linesOf(tasks: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select p.case_id as "caseId", p.child_id as "childId", p.account_id as "accountId", p.since, e.kind as evidence,
      k.confirmed, k.expires, p.r_unit_id as "registeredId", p.p_unit_id as "livingId", p.s_school_id as "schoolId",
      p.owner_unit_id as "ownerUnitId", p.owner_id as "ownerId", p.is_stand_in as "isStandIn", p.due_day as "dueDay",
      case when r.report_id is not null then json_build_object('reportId', r.report_id, 'result', r.result, 'method', r.method,
        'checkedDay', r.checked_day, 'schoolId', r.school_id, 'province', r.province, 'pauseUntil', r.pause_until,
        'hasPapers', r.has_papers, 'hasPlace', r.has_place, 'state', r.state) end as report
    from ${tasks} p
      join evidence e on e.evidence_id = p.evidence_id
      left join lateral (select max(confirmed_day) as confirmed, max(expires_day) as expires from evidence_confirmation
        where evidence_id = p.evidence_id and withdrawn_by is null) k on true
      left join check_report r on r.report_id = p.report_id`
}

function conditionOf({ tab, result, today }: TaskQuery): RawBuilder<unknown> {
  const wanted = [sql`true`]
  if (tab === 'overdue') wanted.push(sql`due_day < ${today} and state <> 'given'`)
  else if (tab !== 'all') wanted.push(sql`state = ${tab}`)
  if (result !== undefined) wanted.push(sql`result = ${result} and state = 'given'`)
  return sql.join(wanted, sql` and `)
}

export interface ProgressRow {
  readonly unitId: number
  readonly open: number
  readonly tried: number
  readonly given: number
  readonly returned: number
  readonly overdue: number
  readonly visits: number
  readonly done: number
}

/** [CHECK-3] By the unit with which the file lies. */
export async function listProgress(
  tx: Tx,
  {
    isVisiting,
    today,
    doneSince,
  }: { readonly isVisiting: boolean; readonly today: PlainDate; readonly doneSince: PlainDate },
): Promise<readonly ProgressRow[]> {
  const { rows } = await sql<ProgressRow>`
    with seen as materialized (${tasksSeen({ isVisiting })}),
    held as (
      select owner_unit_id as unit_id, count(*) as open, count(*) filter (where state = 'tried') as tried,
        count(*) filter (where state = 'given') as given, count(*) filter (where state = 'returned') as returned,
        count(*) filter (where due_day < ${today} and state <> 'given') as overdue,
        count(*) filter (where account_id <> ${BOOK_ACCOUNTS.missing.id}) as visits
      from seen group by owner_unit_id),
    done as (
      select owner_unit_id as unit_id, count(*) as done from case_file
      where outcome = 'explained' and stage = 'task' and closed_day >= ${doneSince} group by owner_unit_id)
    select coalesce(h.unit_id, d.unit_id) as "unitId", coalesce(h.open, 0)::int as open, coalesce(h.tried, 0)::int as tried,
      coalesce(h.given, 0)::int as given, coalesce(h.returned, 0)::int as returned, coalesce(h.overdue, 0)::int as overdue,
      coalesce(h.visits, 0)::int as visits, coalesce(d.done, 0)::int as done
    from held h full join done d on d.unit_id = h.unit_id
    order by coalesce(h.overdue, 0) desc, coalesce(h.open, 0) desc, 1`.execute(tx)
  return rows
}
