import { type Generated, type SelectQueryBuilder, sql } from 'kysely'
import { type UnitId, unitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Permission } from '../../kernel/scope.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { UnitKind } from './contract.ts'
import type { Duty, RoleFacts } from './rules.ts'

type DivisionRow = {
  division_id: Generated<number>
  parent_id: number | null
  level: 'city' | 'district' | 'township' | 'village'
  code: string | null
  former_code: string | null
  name: string
  from_day: PlainDate
  until_day: PlainDate | null
}

type UnitRow = {
  unit_id: Generated<number>
  parent_id: number | null
  parent_kind: Generated<UnitKind | null>
  kind: UnitKind
  code: string
  name: string
  from_day: PlainDate
  until_day: PlainDate | null
  path: Generated<number[]>
}

type SchoolRow = {
  unit_id: number
  school_code: string | null
  school_type: string
  settlement_class: string | null
  founder: string | null
  is_boarding: boolean
}

export type RegistryTables = {
  division: DivisionRow
  division_successor: { division_id: number; successor_id: number }
  unit: UnitRow
  unit_successor: { unit_id: number; successor_id: number }
  unit_division: {
    unit_id: number
    unit_kind: UnitKind
    division_id: number
    from_day: PlainDate
    until_day: PlainDate | null
    note: string | null
  }
  school: SchoolRow
  role: {
    role_id: string
    label: string
    note: string
    unit_kinds: UnitKind[]
    permissions: Permission[]
    may_assign: string[]
    duty: Duty
    position: number
  }
  staff: { staff_id: Generated<number>; name: string; account_id: number | null; units: number[] }
  post: {
    post_id: Generated<number>
    staff_id: number
    unit_id: number
    role_id: string
    duty: Duty
    from_day: PlainDate
    until_day: PlainDate | null
    units: number[]
  }
}

export function tables(tx: Tx) {
  return tx.withTables<RegistryTables>()
}

export interface Unit {
  readonly unitId: UnitId
  readonly parentId: UnitId | null
  readonly kind: UnitKind
  readonly code: string
  readonly name: string
  readonly from: PlainDate
  readonly until: PlainDate | null
  /** From the city down to the unit itself. */
  readonly path: readonly number[]
}

export const UNIT_COLUMNS = [
  'unit.unit_id',
  'unit.parent_id',
  'unit.kind',
  'unit.code',
  'unit.name',
  'unit.from_day',
  'unit.until_day',
  'unit.path',
] as const

interface UnitFields {
  unit_id: number
  parent_id: number | null
  kind: UnitKind
  code: string
  name: string
  from_day: PlainDate
  until_day: PlainDate | null
  path: number[]
}

export function unitOf(row: UnitFields): Unit {
  return {
    unitId: unitId(row.unit_id),
    parentId: row.parent_id === null ? null : unitId(row.parent_id),
    kind: row.kind,
    code: row.code,
    name: row.name,
    from: row.from_day,
    until: row.until_day,
    path: row.path,
  }
}

export async function findUnit(tx: Tx, id: number): Promise<Unit | undefined> {
  const row = await tables(tx).selectFrom('unit').select(UNIT_COLUMNS).where('unit_id', '=', id).executeTakeFirst()
  return row && unitOf(row)
}

export async function findUnitByCode(tx: Tx, code: string, on: PlainDate): Promise<Unit | undefined> {
  const row = await tables(tx)
    .selectFrom('unit')
    .select(UNIT_COLUMNS)
    .where('code', '=', code)
    .where(inForceOn(on))
    .executeTakeFirst()
  return row && unitOf(row)
}

/** Known units among `ids`, in any order. */
export async function listUnitsById(tx: Tx, ids: readonly number[]): Promise<readonly Unit[]> {
  if (ids.length === 0) return []
  const rows = await tables(tx)
    .selectFrom('unit')
    .select(UNIT_COLUMNS)
    .where('unit_id', 'in', [...ids])
    .execute()
  return rows.map(unitOf)
}

interface UnitSearch {
  /** Only units at or below this one. */
  readonly within: number
  readonly parentId?: number | undefined
  readonly kind?: UnitKind | undefined
  readonly q?: string | undefined
  readonly asOf: PlainDate
  readonly page: number
  readonly size: number
}

export interface UnitWithCount extends Unit {
  readonly childCount: number
}

export async function searchUnits(
  tx: Tx,
  search: UnitSearch,
): Promise<{ readonly total: number; readonly rows: readonly UnitWithCount[] }> {
  const found = tables(tx)
    .selectFrom('unit')
    .where(sql<boolean>`unit.path @> array[${search.within}::int]`)
    .where(inForceOn(search.asOf))
    .$if(search.parentId !== undefined, (query) => query.where('unit.parent_id', '=', search.parentId ?? null))
    .$if(search.kind !== undefined, (query) => query.where('unit.kind', '=', search.kind ?? 'city'))
    .$if(search.q !== undefined && search.q !== '', (query) =>
      query.where(({ or, eb }) =>
        or([
          eb('unit.name', 'like', `%${likeText(search.q ?? '')}%`),
          eb('unit.code', 'like', `${likeText(search.q ?? '')}%`),
        ]),
      ),
    )
  const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await withChildCount(found, search.asOf)
    .orderBy(sql`cardinality(unit.path)`)
    .orderBy('unit.code')
    .orderBy('unit.unit_id')
    .limit(search.size)
    .offset((search.page - 1) * search.size)
    .execute()
  return { total, rows: rows.map((row) => ({ ...unitOf(row), childCount: row.child_count ?? 0 })) }
}

function withChildCount<O>(query: SelectQueryBuilder<RegistryTables, 'unit', O>, on: PlainDate) {
  return query.select(UNIT_COLUMNS).select((eb) =>
    eb
      .selectFrom('unit as child')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .whereRef('child.parent_id', '=', 'unit.unit_id')
      .where(sql<boolean>`child.from_day <= ${on} and (child.until_day is null or child.until_day > ${on})`)
      .as('child_count'),
  )
}

export async function countChildrenByKind(
  tx: Tx,
  parentId: number,
  on: PlainDate,
): Promise<readonly { readonly kind: UnitKind; readonly count: number }[]> {
  return tables(tx)
    .selectFrom('unit')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .where('parent_id', '=', parentId)
    .where(inForceOn(on))
    .groupBy('kind')
    .orderBy('kind')
    .execute()
}

/** Lower units that are in force on `day` or begin later. */
export async function countLowerUnits(tx: Tx, id: number, day: PlainDate): Promise<number> {
  const { count } = await tables(tx)
    .selectFrom('unit')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(sql<boolean>`path @> array[${id}::int]`)
    .where('unit_id', '<>', id)
    .where(({ or, eb }) => or([eb('until_day', 'is', null), eb('until_day', '>', day)]))
    .executeTakeFirstOrThrow()
  return count
}

export async function insertUnit(
  tx: Tx,
  unit: { parentId: number; kind: UnitKind; code: string; name: string; from: PlainDate },
): Promise<Unit> {
  const row = await tables(tx)
    .insertInto('unit')
    .values({
      parent_id: unit.parentId,
      kind: unit.kind,
      code: unit.code,
      name: unit.name,
      from_day: unit.from,
      until_day: null,
    })
    .returning(['unit_id', 'parent_id', 'kind', 'code', 'name', 'from_day', 'until_day', 'path'])
    .executeTakeFirstOrThrow()
  return unitOf(row)
}

export async function isUnitCodeFree(tx: Tx, code: string, from: PlainDate): Promise<boolean> {
  const taken = await tables(tx)
    .selectFrom('unit')
    .select('unit_id')
    .where('code', '=', code)
    .where(({ or, eb }) => or([eb('until_day', 'is', null), eb('until_day', '>', from)]))
    .limit(1)
    .executeTakeFirst()
  return taken === undefined
}

/** 学校标识码 is not taken by a school that is in force on `from` or later. */
export async function isSchoolCodeFree(tx: Tx, code: string, from: PlainDate): Promise<boolean> {
  const taken = await tables(tx)
    .selectFrom('school')
    .innerJoin('unit', 'unit.unit_id', 'school.unit_id')
    .select('unit.unit_id')
    .where('school.school_code', '=', code)
    .where(({ or, eb }) => or([eb('unit.until_day', 'is', null), eb('unit.until_day', '>', from)]))
    .limit(1)
    .executeTakeFirst()
  return taken === undefined
}

export async function updateUnit(
  tx: Tx,
  id: number,
  change: { readonly name?: string | undefined; readonly until?: PlainDate | undefined },
): Promise<void> {
  const set = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.until === undefined ? {} : { until_day: change.until }),
  }
  if (Object.keys(set).length > 0) await tables(tx).updateTable('unit').set(set).where('unit_id', '=', id).execute()
}

export async function insertSchool(tx: Tx, school: SchoolRow): Promise<void> {
  await tables(tx).insertInto('school').values(school).execute()
}

export async function findSchool(tx: Tx, id: number): Promise<SchoolRow | undefined> {
  return tables(tx)
    .selectFrom('school')
    .select(['unit_id', 'school_code', 'school_type', 'settlement_class', 'founder', 'is_boarding'])
    .where('unit_id', '=', id)
    .executeTakeFirst()
}

export async function findRole(tx: Tx, id: string): Promise<RoleFacts | undefined> {
  return (await listRoles(tx)).find((role) => role.roleId === id)
}

/** In the order of the pack. */
export async function listRoles(tx: Tx): Promise<readonly (RoleFacts & { readonly note: string })[]> {
  const rows = await tables(tx).selectFrom('role').selectAll().orderBy('position').execute()
  return rows.map((row) => ({
    roleId: row.role_id,
    label: row.label,
    note: row.note,
    unitKinds: row.unit_kinds,
    permissions: row.permissions,
    mayAssign: row.may_assign,
    duty: row.duty,
  }))
}

export function inForceOn(on: PlainDate) {
  return sql<boolean>`unit.from_day <= ${on} and (unit.until_day is null or unit.until_day > ${on})`
}

/** `%` and `_` typed by a person are letters, not wildcards. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`)
}
