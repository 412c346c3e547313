import { sql } from 'kysely'
import type { AccountId, ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Aid, Answer, Ending, LineState, Proof, Reason } from './rules.ts'

export interface LineFound {
  readonly lineId: number
  readonly childId: ChildId
  /** District or zone; null: of elsewhere. */
  readonly homeUnitId: number | null
  readonly homePlace: string
  readonly hostUnitId: number | null
  readonly hostPlace: string
  readonly schoolId: number | null
  readonly grade: number | null
  readonly state: LineState
  readonly answer: Answer | null
  readonly ending: Ending | null
  readonly proof: Proof | null
  readonly sinceDay: PlainDate | null
  readonly endedDay: PlainDate | null
  readonly askedDay: PlainDate | null
  readonly dueDay: PlainDate | null
  readonly checkedDay: PlainDate | null
  readonly validUntil: PlainDate | null
  readonly postingId: number | null
  readonly sheetId: string | null
}

export const LINE_COLUMNS = sql`l.line_id as "lineId", l.child_id as "childId", l.home_unit_id as "homeUnitId", l.home_place as "homePlace",
  l.host_unit_id as "hostUnitId", l.host_place as "hostPlace", l.school_id as "schoolId", l.grade, l.state, l.answer, l.ending,
  l.proof, l.since_day as "sinceDay", l.ended_day as "endedDay", l.asked_day as "askedDay", l.due_day as "dueDay",
  l.checked_day as "checkedDay", l.valid_until as "validUntil", l.posting_id as "postingId", l.sheet_id as "sheetId"`

/** As far as the scope sees it. */
export async function findLine(tx: Tx, id: number): Promise<LineFound | undefined> {
  const { rows } = await sql<LineFound>`select ${LINE_COLUMNS} from outside_line l where l.line_id = ${id}`.execute(tx)
  return rows[0]
}

/** Held until the end of the transaction. As the system. */
export async function lockLine(tx: Tx, id: number): Promise<LineFound | undefined> {
  const { rows } =
    await sql<LineFound>`select ${LINE_COLUMNS} from outside_line l where l.line_id = ${id} for update`.execute(tx)
  return rows[0]
}

/** The line of a child that has not ended. */
export async function findLineOf(tx: Tx, child: ChildId): Promise<LineFound | undefined> {
  const { rows } = await sql<LineFound>`
    select ${LINE_COLUMNS} from outside_line l where l.child_id = ${child} and l.state <> 'ended'`.execute(tx)
  return rows[0]
}

export type NewLine = Omit<LineFound, 'lineId' | 'answer' | 'ending' | 'endedDay'> & {
  readonly createdBy: AccountId
  readonly createdAt: Date
  readonly units: readonly number[]
}

export async function insertLineRow(tx: Tx, line: NewLine): Promise<number> {
  const { rows } = await sql<{ line_id: number }>`
    insert into outside_line (child_id, home_unit_id, home_place, host_unit_id, host_place, school_id, grade, state, proof, since_day,
      asked_day, due_day, checked_day, valid_until, posting_id, sheet_id, created_by, created_at, units)
    values (${line.childId}, ${line.homeUnitId}, ${line.homePlace}, ${line.hostUnitId}, ${line.hostPlace}, ${line.schoolId},
      ${line.grade}, ${line.state}, ${line.proof}, ${line.sinceDay}, ${line.askedDay}, ${line.dueDay}, ${line.checkedDay},
      ${line.validUntil}, ${line.postingId}, ${line.sheetId}, ${line.createdBy}, ${line.createdAt}, ${[...line.units]}::int[])
    returning line_id`.execute(tx)
  return rows[0]!.line_id
}

export async function insertPerson(tx: Tx, lineId: number, sealed: Buffer, units: readonly number[]): Promise<void> {
  await sql`insert into person_outside (line_id, sealed, units) values (${lineId}, ${sealed}, ${[...units]}::int[])`.execute(
    tx,
  )
}

export async function insertHome(
  tx: Tx,
  lineId: number,
  home: {
    readonly reason: Reason | null
    readonly aid: Aid | null
    readonly sealed: Buffer | null
    readonly units: readonly number[]
  },
): Promise<void> {
  await sql`insert into outside_home (line_id, reason, aid, sealed, units)
    values (${lineId}, ${home.reason}, ${home.aid}, ${home.sealed}, ${[...home.units]}::int[])`.execute(tx)
}

export const EVENT_KINDS = ['made', 'asked', 'confirmed', 'denied', 'silent', 'ended', 'undone'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface LineEvent {
  readonly lineId: number
  readonly kind: EventKind
  readonly day: PlainDate
  readonly answer: string | null
  readonly unitId: number | null
  /** Null: the close of the day. */
  readonly accountId: AccountId | null
  readonly at: Date
}

export async function insertEvent(tx: Tx, event: LineEvent): Promise<void> {
  await sql`insert into outside_event (line_id, kind, day, answer, unit_id, account_id, at)
    values (${event.lineId}, ${event.kind}, ${event.day}, ${event.answer}, ${event.unitId}, ${event.accountId}, ${event.at})`.execute(
    tx,
  )
}

export interface EventFound {
  readonly kind: EventKind
  readonly day: PlainDate
  readonly answer: string | null
  readonly unit: string | null
}

export async function listEvents(tx: Tx, lineId: number): Promise<readonly EventFound[]> {
  const { rows } = await sql<EventFound>`
    select e.kind, e.day, e.answer, u.name as unit from outside_event e left join unit u on u.unit_id = e.unit_id
    where e.line_id = ${lineId} order by e.event_id desc limit 50`.execute(tx)
  return rows
}

export interface HomeFound {
  readonly reason: Reason | null
  readonly aid: Aid | null
  readonly sealed: Buffer | null
}

/** Undefined: not the side of the child's home. */
export async function findHome(tx: Tx, lineId: number): Promise<HomeFound | undefined> {
  const { rows } = await sql<HomeFound>`select reason, aid, sealed from outside_home where line_id = ${lineId}`.execute(
    tx,
  )
  return rows[0]
}

export async function updateAsked(
  tx: Tx,
  id: number,
  asked: { readonly day: PlainDate; readonly due: PlainDate },
): Promise<void> {
  await sql`update outside_line set state = 'asked', asked_day = ${asked.day}, due_day = ${asked.due}, answer = null
    where line_id = ${id}`.execute(tx)
}

export async function updateConfirmed(
  tx: Tx,
  id: number,
  proven: {
    readonly proof: Proof
    readonly checkedDay: PlainDate
    readonly validUntil: PlainDate
    readonly postingId: number | null
    readonly schoolId: number | null
    readonly grade: number | null
    readonly sinceDay: PlainDate | null
  },
): Promise<void> {
  await sql`update outside_line set state = 'confirmed', answer = null, due_day = null, proof = ${proven.proof},
      checked_day = ${proven.checkedDay}, valid_until = ${proven.validUntil}, posting_id = coalesce(${proven.postingId}, posting_id),
      school_id = coalesce(${proven.schoolId}, school_id), grade = coalesce(${proven.grade}, grade), since_day = coalesce(${proven.sinceDay}, since_day)
    where line_id = ${id}`.execute(tx)
}

/** A school that was learned with the answer joins the sides that see the line. */
export async function addSchoolUnits(tx: Tx, id: number, schoolId: number): Promise<void> {
  for (const table of ['outside_line', 'person_outside']) {
    await sql`update ${sql.table(table)} l set units = (select array_agg(distinct a.unit order by a.unit)
        from (select unnest(l.units) as unit union select unnest(u.path) from unit u where u.unit_id = ${schoolId}) a)
      where l.line_id = ${id}`.execute(tx)
  }
}

export async function updateDenied(tx: Tx, id: number, answer: Answer): Promise<void> {
  await sql`update outside_line set state = 'denied', answer = ${answer}, due_day = null where line_id = ${id}`.execute(
    tx,
  )
}

export async function updateEnded(
  tx: Tx,
  id: number,
  end: { readonly ending: Ending; readonly day: PlainDate },
): Promise<void> {
  await sql`update outside_line set state = 'ended', ending = ${end.ending}, ended_day = ${end.day}, due_day = null
    where line_id = ${id}`.execute(tx)
}

/** [OUT-6] Lines whose day is past without an answer, at most `most`: they go back to the side of the child's home. */
export async function markSilent(tx: Tx, today: PlainDate, most: number): Promise<readonly number[]> {
  const { rows } = await sql<{ line_id: number }>`
    update outside_line set state = 'silent' where line_id in (
      select line_id from outside_line where state = 'asked' and due_day < ${today} order by line_id limit ${most} for update)
    returning line_id`.execute(tx)
  return rows.map(({ line_id }) => line_id)
}

export async function listLinesOfSheet(tx: Tx, sheetId: string): Promise<readonly number[]> {
  const { rows } = await sql<{ line_id: number }>`
    select line_id from outside_line where sheet_id = ${sheetId} and state <> 'ended' order by line_id for update`.execute(
    tx,
  )
  return rows.map(({ line_id }) => line_id)
}

/** `district` null: in none of ours. */
export async function isSchoolOf(tx: Tx, schoolId: number, district: number | null): Promise<boolean> {
  const { rows } = await sql`select 1 from unit where unit_id = ${schoolId} and kind = 'school'
    and ${district}::int = any (path)`.execute(tx)
  return rows.length > 0
}
