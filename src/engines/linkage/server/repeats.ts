import { keysSql } from '../blocks-sql.ts'
import { patternSql } from '../compare-sql.ts'
import type { LinkageDefinition } from '../definition.ts'
import { featuresSql } from '../features-sql.ts'
import { allKeys } from '../field.ts'
import { type Model, repeatModel } from '../model.ts'
import { scorePairs } from './score.ts'
import type { Session } from './session.ts'
import { type LinkSide, rowsOf, type SideName, withinSql } from './sides.ts'

export interface RepeatInput {
  readonly definition: LinkageDefinition
  readonly model: Model
  readonly name: SideName
  readonly side: LinkSide
  /** Rows of the side, by which the share of repeats becomes one of pairs. */
  readonly rows: number
  /** Table of an earlier run (as `repeat_scored_<side>`) that holds for the rows which are not in the table of the asked. */
  readonly earlier?: { readonly scored: string; readonly asked: string }
}

interface Repeat {
  readonly row: number
  readonly sameAs: number
  readonly pattern: number
  /** The row is better than the linked one it repeats: live and not cancelled, at school and not left. */
  readonly isPreferred: boolean
}

/**
 * [LINK-7] Rows without a counterpart that repeat another row of their own side, linked rows included: a second registration is
 * the main cause of a false alarm. Of two rows that both have no counterpart the preferred one stays, so that no person is
 * taken out twice.
 */
export async function findRepeats(session: Session, input: RepeatInput): Promise<void> {
  const { definition, name, side } = input
  const paired = name === 'left' ? 'l' : 'r'
  // `claimed` and not `link`: of millions of links only these can have taken an open row.
  await session.run(`CREATE OR REPLACE TABLE single_${name} AS SELECT row, rank, ${blockKeys(definition)} FROM f_${name} WHERE row NOT IN (SELECT ${paired} FROM claimed) AND row NOT IN (SELECT ${paired} FROM weak_link)
    AND row NOT IN (SELECT row FROM repeat_${name}) AND ${withinSql(side.repeatsWithin ?? side.within)}`)
  const asked =
    input.earlier === undefined
      ? `single_${name}`
      : `(SELECT * FROM single_${name} WHERE row IN (FROM ${input.earlier.asked}))`
  await createNear(session, input, asked)
  await session.run(
    `CREATE OR REPLACE TABLE other_${name} AS ${featuresSql(definition, `(SELECT * FROM ${rowsOf(side)} WHERE row IN (SELECT r FROM near_${name}))`)}`,
  )
  await session.run(`CREATE OR REPLACE TABLE repeat_pair AS SELECT n.l, n.r, ${patternSql(definition.comparisons)} AS pattern
    FROM near_${name} n JOIN f_${name} l ON l.row = n.l JOIN other_${name} r ON r.row = n.r`)
  await scorePairs(session, {
    definition,
    model: repeatModel(definition, input.model, input.rows),
    pairs: 'repeat_pair',
    left: `f_${name}`,
    right: `other_${name}`,
    out: 'repeat_weighed',
  })
  await session.run(`CREATE OR REPLACE TABLE repeat_scored_${name} AS SELECT s.*, o.rank AS r_rank FROM repeat_weighed s JOIN other_${name} o ON o.row = s.r
    WHERE s.score >= ${definition.repeats!.threshold} AND s.may_decide`)
  if (input.earlier !== undefined)
    await session.run(`INSERT INTO repeat_scored_${name} SELECT s.* FROM ${input.earlier.scored} s
      WHERE s.l IN (SELECT row FROM single_${name}) AND s.l NOT IN (FROM ${input.earlier.asked} UNION SELECT l FROM rival_${name})`)
  const found = await session.rows(`SELECT s.l, s.r, s.pattern, o.row IS NULL AND a.rank < s.r_rank AS is_preferred
    FROM repeat_scored_${name} s JOIN single_${name} a ON a.row = s.l LEFT JOIN single_${name} o ON o.row = s.r
    WHERE s.r NOT IN (SELECT row FROM repeat_${name}) AND (o.row IS NULL OR (s.r_rank, s.r) < (a.rank, s.l))
    QUALIFY row_number() OVER (PARTITION BY s.l ORDER BY s.weight DESC, s.r) = 1 ORDER BY a.rank, s.l`)
  await keepFound(
    session,
    name,
    found.map((row) => ({
      row: Number(row['l']),
      sameAs: Number(row['r']),
      pattern: Number(row['pattern']),
      isPreferred: row['is_preferred'] === true,
    })),
  )
}

/** Keys that the blocks of repeats are made of. */
function blockKeys({ fields, repeats }: LinkageDefinition): string {
  const used = JSON.stringify(repeats!.blocks)
  return allKeys(fields)
    .flatMap(({ id }) => (used.includes(`"${id}"`) ? [id] : []))
    .join(', ')
}

/** Makes `near_<side>` (l, r): open rows and the rows of their side that share a key with them. Keys that many rows bear are left out. */
async function createNear(session: Session, { definition, name, side }: RepeatInput, asked: string): Promise<void> {
  const { blocks, blockRows } = definition.repeats!
  await session.run('CREATE OR REPLACE TEMP TABLE own_key (rule INTEGER, key UBIGINT, row INTEGER)')
  await session.run('CREATE OR REPLACE TEMP TABLE other_key (rule INTEGER, key UBIGINT, row INTEGER)')
  for (const [index, rule] of blocks.entries()) {
    await session.run(`INSERT INTO own_key SELECT ${index}, key, row FROM (${keysSql(rule, asked)})`)
    await session.run(`INSERT INTO other_key SELECT ${index}, key, row FROM (${keysSql(rule, rowsOf(side))})
      WHERE key IN (SELECT key FROM own_key WHERE rule = ${index})`)
  }
  await session.run(`CREATE OR REPLACE TABLE near_${name} AS
    WITH small AS (SELECT rule, key FROM other_key GROUP BY rule, key HAVING count(*) <= ${blockRows})
    SELECT DISTINCT l, r FROM (
      SELECT a.row AS l, b.row AS r FROM small JOIN own_key a USING (rule, key) JOIN other_key b USING (rule, key)
      UNION ALL SELECT l, r FROM rival_${name} WHERE l IN (SELECT row FROM single_${name}))
    WHERE l <> r AND NOT EXISTS (SELECT 1 FROM decided_${name} d WHERE l IN (d.a, d.b) AND r IN (d.a, d.b))`)
}

/** A better row takes the counterpart over from a worse one: the live registration from the cancelled, the entry at school from the left. */
async function keepFound(session: Session, name: SideName, found: readonly Repeat[]): Promise<void> {
  const column = name === 'left' ? 'l' : 'r'
  const under = new Map<number, Repeat>()
  for (const repeat of found) {
    const { row, sameAs, pattern, isPreferred } = repeat
    if (!isPreferred || under.has(sameAs)) {
      under.set(row, repeat)
      continue
    }
    under.set(sameAs, { row: sameAs, sameAs: row, pattern, isPreferred })
    await session.run(`UPDATE link SET ${column} = ${row}, pattern = ${pattern}, weight = NULL WHERE ${column} = ${sameAs};
      UPDATE repeat_${name} SET same_as = ${row} WHERE same_as = ${sameAs}`)
  }
  await session.append(
    `repeat_${name}`,
    [...under.values()].map(({ row, sameAs, pattern }) => [row, sameAs, pattern]),
  )
}

/** A repeat stands under the row that stays, whatever the row it was found with turned out to repeat. */
export async function settleRepeats(session: Session, name: SideName): Promise<void> {
  const table = `repeat_${name}`
  const isDeep = `FROM ${table} WHERE same_as IN (SELECT row FROM ${table})`
  for (let deep = await session.count(isDeep); deep > 0; ) {
    await session.run(
      `UPDATE ${table} SET same_as = above.same_as FROM ${table} above WHERE above.row = ${table}.same_as`,
    )
    const left = await session.count(isDeep)
    if (left >= deep) throw new Error('rows repeat one another in a circle')
    deep = left
  }
}
