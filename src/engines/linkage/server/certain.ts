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
  for (const side of SIDES) await createSlim(session, definition, side, sides[side], rowsOf(sides[side]))
  await linkSlim(session, definition, decisions)
}

export async function createSlim(
  session: Session,
  { certain }: LinkageDefinition,
  name: SideName,
  side: LinkSide,
  rows: string,
): Promise<void> {
  await session.run(
    `CREATE TABLE slim_${name} AS SELECT row, rank, ${certain.join(', ')}, ${withinSql(side.within)} AS in_scope FROM ${rows}`,
  )
}

/** The same where the slim rows stand already: makes the other tables, and `open_left`, `open_right` (row) of the rest. */
export async function linkSlim(session: Session, definition: LinkageDefinition, decisions: Decisions): Promise<void> {
  await keepDecisions(session, decisions)
  const keys = definition.certain
  for (const side of SIDES) {
    await createRepeats(session, side, keys)
    await keepDecidedRepeats(session, side, decisions[side])
  }
  const equal = keys.map((key) => `a.${key} = b.${key}`).join(' AND ')
  const claiming = (side: SideName, place: 'a' | 'b') =>
    `(SELECT * FROM slim_${side} WHERE row NOT IN (SELECT row FROM repeat_${side}) AND row NOT IN (SELECT ${place} FROM decided_pair))`
  // Both sides' rest falls out of the same join: looking for it afterwards would hash all links once more for each.
  await session.run(`CREATE TABLE met AS SELECT a.row AS l, b.row AS r, a.in_scope AS is_left_open, b.in_scope AS is_right_open, b.rank AS r_rank
    FROM ${claiming('left', 'a')} a FULL JOIN ${claiming('right', 'b')} b ON ${equal}`)
  await session.run(`CREATE TABLE link AS SELECT l, r, ${CERTAIN} AS pattern, NULL::DOUBLE AS weight, 1.0::DOUBLE AS score, false AS is_review
    FROM met WHERE l IS NOT NULL AND r IS NOT NULL`)
  await session.run(`CREATE TABLE weak_link AS SELECT l, r FROM met
    WHERE l IS NOT NULL AND r IS NOT NULL AND is_left_open AND r_rank >= ${definition.weakRank ?? NO_RANK}`)
  await createOpen(session, 'left', 'l', 'a')
  await createOpen(session, 'right', 'r', 'b')
  await session.run('DROP TABLE met')
  await linkDecided(session)
}

/** No rank is as bad. */
const NO_RANK = 256

/** Rows that no certain key linked; a row that is said to be another than some row is compared with all the rest. */
async function createOpen(session: Session, side: SideName, place: 'l' | 'r', decided: 'a' | 'b'): Promise<void> {
  await session.run(`CREATE TABLE open_${side} AS SELECT row FROM (
      SELECT ${place} AS row FROM met WHERE ${place === 'l' ? 'r' : 'l'} IS NULL AND is_${side}_open
      ${side === 'left' ? 'UNION ALL SELECT l FROM weak_link' : ''}
      UNION ALL SELECT row FROM slim_${side} WHERE in_scope AND row IN (SELECT ${decided} FROM decided_pair)
        AND row NOT IN (SELECT ${decided} FROM decided_pair WHERE is_same) AND row NOT IN (SELECT row FROM repeat_${side}))`)
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

/** [LINK-14] Rows of one side that a person called one stand under the preferred of them. */
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
