import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { ANSWERING_ROLES, type Chain, type ChainUnit } from './rules.ts'
import type { CaseTables } from './tables.server.ts'

function tables(tx: Tx) {
  return tx.withTables<CaseTables>()
}

const ROLES = [...new Set(Object.values(ANSWERING_ROLES).flat())]

/** The units named, all above them, and who answers there on `today`. As the system: a chain leaves every scope. */
export async function loadChain(tx: Tx, unitIds: readonly number[], today: PlainDate): Promise<Chain> {
  const units = await tables(tx)
    .selectFrom('unit')
    .select(['unit_id', 'parent_id', 'kind', 'name'])
    .where(({ or, eb }) =>
      or([
        eb('parent_id', 'is', null),
        sql<boolean>`unit_id in (select unnest(path) from unit where unit_id = any (${[...unitIds]}::int[]))`,
      ]),
    )
    .execute()
  const holders = new Map<number, Map<string, number>>()
  for (const { unit_id, role_id, staff_id } of await listHolders(
    tx,
    units.map((unit) => unit.unit_id),
    today,
  )) {
    const held = holders.get(unit_id) ?? new Map<string, number>()
    if (!held.has(role_id)) held.set(role_id, staff_id)
    holders.set(unit_id, held)
  }
  const lines = units.map(
    (unit): ChainUnit => ({
      unitId: unit.unit_id,
      kind: unit.kind,
      name: unit.name,
      parentId: unit.parent_id,
      holders: holders.get(unit.unit_id) ?? new Map(),
    }),
  )
  const root = lines.find(({ kind }) => kind === 'city')
  if (root === undefined) throw new Error('no city among the units')
  return { rootId: root.unitId, units: new Map(lines.map((line) => [line.unitId, line])) }
}

/** Everybody who may answer at these units on `on`, the longest in post first. */
export function listHolders(tx: Tx, unitIds: readonly number[], on: PlainDate) {
  return tables(tx)
    .selectFrom('post')
    .innerJoin('staff', 'staff.staff_id', 'post.staff_id')
    .select(['post.unit_id', 'post.role_id', 'post.staff_id', 'staff.name'])
    .where(sql<boolean>`post.unit_id = any (${[...unitIds]}::int[]) and post.role_id = any (${ROLES}::text[])`)
    .where(sql<boolean>`post.from_day <= ${on} and (post.until_day is null or post.until_day > ${on})`)
    .orderBy('post.from_day')
    .orderBy('post.post_id')
    .execute()
}
