import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { UnitKind } from './contract.ts'
import type { Pack } from './pack.server.ts'
import { type RegistryTables, tables } from './store.ts'
import { registryWords as words } from './words.ts'

/**
 * [REG-15] Bulk loading for packs and the demo. Everything goes in by arrays, one statement a level of the tree: 4,000 schools and
 * 12,000 villages take about four seconds. What is there already stays as it is, so loading twice changes nothing.
 */
export interface DivisionLoad {
  /** Names the division within the load. */
  readonly key: string
  readonly parentKey: string | null
  readonly level: RegistryTables['division']['level']
  readonly code: string | null
  readonly formerCode: string | null
  readonly name: string
  readonly from: PlainDate
  readonly until: PlainDate | null
  readonly successorKeys: readonly string[]
}

export interface UnitLoad {
  readonly code: string
  readonly parentCode: string | null
  readonly kind: UnitKind
  readonly name: string
  readonly from: PlainDate
  readonly until: PlainDate | null
  readonly successorCodes: readonly string[]
  /** Keys of the divisions it covers, with the days of each. */
  readonly covers: readonly {
    readonly divisionKey: string
    readonly from: PlainDate
    readonly until: PlainDate | null
    readonly note: string | null
  }[]
  readonly school: {
    readonly schoolCode: string | null
    readonly schoolType: string
    readonly settlementClass: string | null
    readonly founder: string | null
    readonly isBoarding: boolean
  } | null
}

export interface PersonLoad {
  readonly name: string
  /** Null: holds posts, does not sign in. */
  readonly accountId: number | null
  readonly posts: readonly {
    readonly unitCode: string
    readonly roleId: string
    readonly from: PlainDate
    readonly until: PlainDate | null
  }[]
}

/** Roles are the pack's: what changed there is changed here. A role that left the pack stays as long as posts name it. */
export async function saveRoles(tx: Tx, roles: Pack['roles']): Promise<void> {
  await tables(tx)
    .insertInto('role')
    .values(
      roles.map((role, position) => ({
        role_id: role.roleId,
        label: role.label,
        note: role.note,
        unit_kinds: [...role.unitKinds],
        permissions: [...role.permissions],
        may_assign: [...role.mayAssign],
        duty: role.duty,
        position,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('role_id').doUpdateSet((eb) => ({
        label: eb.ref('excluded.label'),
        note: eb.ref('excluded.note'),
        unit_kinds: eb.ref('excluded.unit_kinds'),
        permissions: eb.ref('excluded.permissions'),
        may_assign: eb.ref('excluded.may_assign'),
        duty: eb.ref('excluded.duty'),
        position: eb.ref('excluded.position'),
      })),
    )
    .execute()
}

const LEVELS = ['city', 'district', 'township', 'village'] as const

/** Answers the id of every key. */
export async function insertDivisions(
  tx: Tx,
  divisions: readonly DivisionLoad[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>()
  for (const level of LEVELS) {
    const rows = divisions.filter((division) => division.level === level)
    if (rows.length === 0) continue
    const parents = rows.map((row) => (row.parentKey === null ? null : idOf(ids, row.parentKey)))
    const given = sql`unnest(${parents}::int[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.formerCode)}::text[],
      ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.from)}::date[], ${rows.map((row) => row.until)}::date[])
      with ordinality as given (parent_id, code, former_code, name, from_day, until_day, place)`
    const there = sql`there.level = ${level} and there.name = given.name and there.from_day = given.from_day
      and there.parent_id is not distinct from given.parent_id`
    await sql`insert into division (parent_id, level, code, former_code, name, from_day, until_day)
      select given.parent_id, ${level}, given.code, given.former_code, given.name, given.from_day, given.until_day
      from ${given} where not exists (select 1 from division there where ${there}) order by given.place`.execute(tx)
    const found = await sql<{ division_id: number; place: number }>`
      select there.division_id, given.place from ${given} join division there on ${there}`.execute(tx)
    for (const { division_id, place } of found.rows) ids.set(rows[place - 1]!.key, division_id)
  }
  const pairs = divisions.flatMap((division) =>
    division.successorKeys.map((key) => [idOf(ids, division.key), idOf(ids, key)] as const),
  )
  await sql`insert into division_successor (division_id, successor_id)
    select * from unnest(${pairs.map(([id]) => id)}::int[], ${pairs.map(([, next]) => next)}::int[])
    on conflict do nothing`.execute(tx)
  return ids
}

function idOf(ids: ReadonlyMap<string, number>, key: string): number {
  const id = ids.get(key)
  if (id === undefined) throw new Problem('POLICY.PACK_FAULT', { where: key, advice: words.load.unknownDivision(key) })
  return id
}

/** From the top down, so that every parent is there before its children. */
const KINDS: readonly (readonly UnitKind[])[] = [
  ['city'],
  ['district', 'zone'],
  ['centre', 'township'],
  ['village', 'school'],
]

/** Answers the id of every code. */
export async function insertUnits(
  tx: Tx,
  units: readonly UnitLoad[],
  divisions: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  for (const kinds of KINDS) {
    const rows = units.filter((unit) => kinds.includes(unit.kind))
    if (rows.length > 0) await insertLevel(tx, rows)
  }
  const { rows } = await sql<{ code: string; unit_id: number }>`
    select unit.code, unit.unit_id from ${givenUnits(units)} join unit on unit.code = given.code and unit.from_day = given.from_day`.execute(
    tx,
  )
  const ids = new Map(rows.map((row) => [row.code, row.unit_id]))
  await insertCovers(tx, units, ids, divisions)
  await insertSchools(tx, units, ids)
  const pairs = units.flatMap((unit) =>
    unit.successorCodes.map((code) => [codeId(ids, unit.code), codeId(ids, code)] as const),
  )
  await sql`insert into unit_successor (unit_id, successor_id)
    select * from unnest(${pairs.map(([id]) => id)}::int[], ${pairs.map(([, next]) => next)}::int[])
    on conflict do nothing`.execute(tx)
  return ids
}

function givenUnits(units: readonly UnitLoad[]) {
  return sql`unnest(${units.map((unit) => unit.code)}::text[], ${units.map((unit) => unit.parentCode)}::text[],
    ${units.map((unit) => unit.kind)}::text[], ${units.map((unit) => unit.name)}::text[],
    ${units.map((unit) => unit.from)}::date[], ${units.map((unit) => unit.until)}::date[])
    as given (code, parent_code, kind, name, from_day, until_day)`
}

async function insertLevel(tx: Tx, units: readonly UnitLoad[]): Promise<void> {
  const inserted = await sql<{ code: string }>`
    insert into unit (parent_id, kind, code, name, from_day, until_day)
    select parent.unit_id, given.kind, given.code, given.name, given.from_day, given.until_day
    from ${givenUnits(units)}
    left join unit parent on parent.code = given.parent_code
      and parent.from_day <= given.from_day and (parent.until_day is null or parent.until_day > given.from_day)
    where (parent.unit_id is not null or given.parent_code is null)
      and not exists (select 1 from unit there where there.code = given.code and there.from_day = given.from_day)
    order by given.code returning code`.execute(tx)
  if (inserted.rows.length === units.length) return
  const missing = await sql<{ parent_code: string }>`
    select given.parent_code from ${givenUnits(units)}
    where not exists (select 1 from unit there where there.code = given.code and there.from_day = given.from_day) limit 1`.execute(
    tx,
  )
  const lost = missing.rows[0]?.parent_code
  if (lost !== undefined) throw new Problem('POLICY.PACK_FAULT', { where: lost, advice: words.load.unknownUnit(lost) })
}

async function insertCovers(
  tx: Tx,
  units: readonly UnitLoad[],
  ids: ReadonlyMap<string, number>,
  divisions: ReadonlyMap<string, number>,
): Promise<void> {
  const covers = units.flatMap((unit) =>
    unit.covers.map((cover) => ({
      ...cover,
      unitId: codeId(ids, unit.code),
      kind: unit.kind,
      divisionId: idOf(divisions, cover.divisionKey),
    })),
  )
  await sql`insert into unit_division (unit_id, unit_kind, division_id, from_day, until_day, note)
    select given.* from unnest(${covers.map((cover) => cover.unitId)}::int[], ${covers.map((cover) => cover.kind)}::text[],
      ${covers.map((cover) => cover.divisionId)}::int[], ${covers.map((cover) => cover.from)}::date[],
      ${covers.map((cover) => cover.until)}::date[], ${covers.map((cover) => cover.note)}::text[])
      as given (unit_id, unit_kind, division_id, from_day, until_day, note)
    where not exists (select 1 from unit_division there where there.unit_id = given.unit_id
      and there.division_id = given.division_id and there.from_day = given.from_day)`.execute(tx)
}

async function insertSchools(tx: Tx, units: readonly UnitLoad[], ids: ReadonlyMap<string, number>): Promise<void> {
  const schools = units.flatMap((unit) =>
    unit.school === null ? [] : [{ ...unit.school, unitId: codeId(ids, unit.code) }],
  )
  await sql`insert into school (unit_id, school_code, school_type, settlement_class, founder, is_boarding)
    select * from unnest(${schools.map((school) => school.unitId)}::int[], ${schools.map((school) => school.schoolCode)}::text[],
      ${schools.map((school) => school.schoolType)}::text[], ${schools.map((school) => school.settlementClass)}::text[],
      ${schools.map((school) => school.founder)}::text[], ${schools.map((school) => school.isBoarding)}::boolean[])
    on conflict (unit_id) do nothing`.execute(tx)
}

function codeId(ids: ReadonlyMap<string, number>, code: string): number {
  const id = ids.get(code)
  if (id === undefined) throw new Problem('POLICY.PACK_FAULT', { where: code, advice: words.load.unknownUnit(code) })
  return id
}

/**
 * New persons with their posts. Who has an account is known by it; who has none, by name, unit, role and first day of the
 * first post. Answers the ids of the persons added.
 */
export async function insertPersons(
  tx: Tx,
  staff: readonly PersonLoad[],
  units: ReadonlyMap<string, number>,
): Promise<readonly number[]> {
  const firstOf = staff.map((person) => person.posts[0])
  const known = await sql<{ place: number }>`
    select given.place from unnest(${staff.map((person) => person.name)}::text[], ${staff.map((person) => person.accountId)}::bigint[],
      ${firstOf.map((post) => (post === undefined ? null : codeId(units, post.unitCode)))}::int[],
      ${firstOf.map((post) => post?.roleId ?? null)}::text[], ${firstOf.map((post) => post?.from ?? null)}::date[])
      with ordinality as given (name, account_id, unit_id, role_id, from_day, place)
    where exists (select 1 from staff there where there.account_id = given.account_id)
      or given.account_id is null and exists (select 1 from staff there join post using (staff_id)
        where there.name = given.name and post.unit_id = given.unit_id and post.role_id = given.role_id and post.from_day = given.from_day)`.execute(
    tx,
  )
  const there = new Set(known.rows.map((row) => row.place - 1))
  const added = staff.filter((_, place) => !there.has(place))
  if (added.length === 0) return []
  const drawn = await sql<{ id: number }>`
    select nextval('staff_staff_id_seq') as id from generate_series(1, ${added.length}::int)`.execute(tx)
  const ids = drawn.rows.map((row) => row.id)
  await sql`insert into staff (staff_id, name, account_id, units) overriding system value
    select given.staff_id, given.name, given.account_id, array[]::int[]
    from unnest(${ids}::bigint[], ${added.map((person) => person.name)}::text[], ${added.map((person) => person.accountId)}::bigint[])
      as given (staff_id, name, account_id)`.execute(tx)
  const held = added.flatMap((person, place) =>
    person.posts.map((post) => ({ ...post, staffId: ids[place]!, unitId: codeId(units, post.unitCode) })),
  )
  await sql`insert into post (staff_id, unit_id, role_id, duty, from_day, until_day, units)
    select given.staff_id, given.unit_id, given.role_id, role.duty, given.from_day, given.until_day, unit.path
    from unnest(${held.map((post) => post.staffId)}::bigint[], ${held.map((post) => post.unitId)}::int[],
      ${held.map((post) => post.roleId)}::text[], ${held.map((post) => post.from)}::date[], ${held.map((post) => post.until)}::date[])
      as given (staff_id, unit_id, role_id, from_day, until_day)
    join role using (role_id) join unit using (unit_id)`.execute(tx)
  return ids
}
