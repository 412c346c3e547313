import type { LinkageDefinition } from '../definition.ts'
import { CERTAIN, DECIDED } from '../pattern.ts'
import type { Session } from './session.ts'
import { type Decision, type Decisions, type LinkSide, rowsOf, SIDES, type SideName, withinSql } from './sides.ts'

/**
 * Makes `slim_left`, `slim_right` (row, rank, certain keys, in_scope), `link` (l, r, pattern, weight, score, is_review), and
 * `repeat_left`, `repeat_right` (row, same_as, pattern) of what needs no comparison: certain keys that are all equal, and what a
 * person decided.
 */
export async function linkCertain(
  session: Session,
  definition: LinkageDefinition,
  sides: Readonly<Record<SideName, LinkSide>>,
  decisions: Decisions,
): Promise<void> {
  await keepDecisions(session, decisions)
  const keys = definition.certain
  for (const side of SIDES) {
    await session.run(`CREATE TABLE slim_${side} AS SELECT row, rank, ${keys.join(', ')}, ${withinSql(sides[side].within)} AS in_scope
      FROM ${rowsOf(sides[side])}`)
    await createRepeats(session, side, keys)
    await keepDecidedRepeats(session, side, decisions[side])
  }
  const equal = keys.map((key) => `a.${key} = b.${key}`).join(' AND ')
  await session.run(`CREATE TABLE link AS SELECT a.row AS l, b.row AS r, ${CERTAIN} AS pattern, NULL::DOUBLE AS weight, 1.0::DOUBLE AS score, false AS is_review
    FROM slim_left a JOIN slim_right b ON ${equal}
    WHERE a.row NOT IN (SELECT row FROM repeat_left) AND b.row NOT IN (SELECT row FROM repeat_right)
      AND a.row NOT IN (SELECT a FROM decided_pair) AND b.row NOT IN (SELECT b FROM decided_pair)`)
  await linkDecided(session)
}

async function keepDecisions(session: Session, decisions: Decisions): Promise<void> {
  const tables = { decided_pair: decisions.pairs, decided_left: decisions.left, decided_right: decisions.right }
  for (const [table, list] of Object.entries(tables)) {
    await session.run(`CREATE TABLE ${table} (a INTEGER, b INTEGER, is_same BOOLEAN)`)
    await session.append(
      table,
      list.map(({ a, b, isSame }) => [a, b, isSame]),
    )
  }
}

/** [LINK-7] Rows of one side whose certain keys are all equal: the preferred one stays, then the first. */
async function createRepeats(session: Session, side: SideName, keys: readonly string[]): Promise<void> {
  const [first] = keys
  await session.run(`CREATE TABLE repeat_${side} AS
    WITH twice AS (SELECT ${first} AS value FROM slim_${side} WHERE ${first} IS NOT NULL GROUP BY ${first} HAVING count(*) > 1),
      ranked AS (SELECT row, first_value(row) OVER one AS same_as FROM slim_${side}
        WHERE ${first} IN (SELECT value FROM twice) AND ${keys.map((key) => `${key} IS NOT NULL`).join(' AND ')}
        WINDOW one AS (PARTITION BY ${keys.join(', ')} ORDER BY rank, row))
    SELECT row, same_as, ${CERTAIN} AS pattern FROM ranked WHERE row <> same_as
      AND NOT EXISTS (SELECT 1 FROM decided_${side} d WHERE NOT d.is_same AND row IN (d.a, d.b) AND same_as IN (d.a, d.b))`)
}

/** Rows of one side that a person called one stand under the preferred of them. */
async function keepDecidedRepeats(session: Session, side: SideName, decided: readonly Decision[]): Promise<void> {
  const groups = groupsOf(decided.filter(({ isSame }) => isSame))
  if (groups.length === 0) return
  const rows = groups.flat().join(', ')
  const ranks = new Map(
    (await session.rows(`SELECT row, rank FROM slim_${side} WHERE row IN (${rows}) ORDER BY row`)).map(
      ({ row, rank }) => [Number(row), Number(rank)] as const,
    ),
  )
  await session.run(`DELETE FROM repeat_${side} WHERE row IN (${rows})`)
  for (const group of groups) {
    const [best, ...rest] = group.filter((row) => ranks.has(row)).sort((a, b) => ranks.get(a)! - ranks.get(b)! || a - b)
    await session.append(
      `repeat_${side}`,
      rest.map((row) => [row, best!, DECIDED]),
    )
  }
}

/** Sets of rows that hang together. */
export function groupsOf(pairs: readonly { readonly a: number; readonly b: number }[]): readonly (readonly number[])[] {
  const groupOf = new Map<number, number[]>()
  for (const { a, b } of pairs) {
    const [one, other] = [groupOf.get(a) ?? [a], groupOf.get(b) ?? [b]]
    const joined = one === other ? one : [...one, ...other]
    for (const row of joined) groupOf.set(row, joined)
  }
  return [...new Set(groupOf.values())].sort((a, b) => a[0]! - b[0]!)
}

/** A pair that a person called one. Rows that repeat another stand under it and claim nothing. */
async function linkDecided(session: Session): Promise<void> {
  await session.run(`INSERT INTO link SELECT a, b, ${DECIDED}, NULL, 1.0, false FROM (
      SELECT a, b, row_number() OVER (PARTITION BY a ORDER BY b) AS of_a, row_number() OVER (PARTITION BY b ORDER BY a) AS of_b
      FROM decided_pair WHERE is_same AND a NOT IN (SELECT row FROM repeat_left) AND b NOT IN (SELECT row FROM repeat_right))
    WHERE of_a = 1 AND of_b = 1`)
}
