import { keysSql } from '../blocks-sql.ts'
import { patternSql } from '../compare-sql.ts'
import type { BlockRule, LinkageDefinition } from '../definition.ts'
import { featuresSql } from '../features-sql.ts'
import { createSlim, linkSlim } from './certain.ts'
import { type ResultFiles, writeResults } from './files.ts'
import { type FrozenRun, keepRun, kept, openRun, rememberCertain, thaw } from './keep.ts'
import { type LinkInput, settle } from './link.ts'
import { scorePairs } from './score.ts'
import { openSession, parquet, type Session, type SessionOptions } from './session.ts'
import { type Decisions, type LinkSide, NO_DECISIONS, rowsOf, SIDES, type SideName } from './sides.ts'

/** A side of which some rows changed since the kept run. */
export interface ChangedSide extends LinkSide {
  /** Prepared file of the rows that are new or other than before; left out: rows only went. Row numbers of the rest stay. */
  readonly changes?: string
  /** Rows of `prepared`, the file of the kept run, that are no more. */
  readonly gone?: readonly number[]
}

export interface RelinkInput extends SessionOptions, Pick<LinkInput, 'onStage'> {
  readonly definition: LinkageDefinition
  readonly left: ChangedSide
  readonly right: ChangedSide
  /** All that hold now, not the new ones alone. */
  readonly decisions?: Decisions
  /** Folder of the kept run. */
  readonly kept: string
  /** An existing folder for the results. */
  readonly out: string
  /** An existing folder for what the next change goes on with. */
  readonly keep?: string
}

/**
 * [LINK-16] Links again what a list of changes can have moved, and nothing else. With the model, the common values and the
 * frequencies of the kept run the results are those of a whole run with them, byte for byte.
 */
export async function relinkFiles(input: RelinkInput): Promise<ResultFiles> {
  const { definition } = input
  const frozen = await openRun(definition, input.kept)
  const decisions = input.decisions ?? NO_DECISIONS
  const session = await openSession(input)
  try {
    await thaw(session, definition, frozen)
    for (const name of SIDES) await createChanged(session, name, input[name], [frozen.decisions, decisions])
    await relinkCertain(session, input, frozen, decisions)
    input.onStage?.('block')
    await rescore(session, definition, frozen)
    const now: LinkInput = {
      definition,
      left: { ...input.left, prepared: nowOf(input.left, 'left') },
      right: { ...input.right, prepared: nowOf(input.right, 'right') },
      ...(input.onStage === undefined ? {} : { onStage: input.onStage }),
    }
    if (input.keep !== undefined) await rememberCertain(session)
    if (definition.repeats !== undefined) for (const name of SIDES) await createAsked(session, definition, name, frozen)
    const earlier = (name: SideName) => ({ scored: kept(frozen, `repeat_scored_${name}`), asked: `asked_${name}` })
    await settle(session, now, { ...frozen, earlier: { left: earlier('left'), right: earlier('right') } })
    if (input.keep !== undefined) await keepRun(session, definition, { ...frozen, decisions }, input.keep)
    return await writeResults(session, input.out)
  } finally {
    session.close()
  }
}

/** The side as it is now. */
function nowOf(side: ChangedSide, name: SideName): string {
  const rest = `SELECT * FROM ${rowsOf(side)} WHERE row NOT IN (FROM changed_${name})`
  return side.changes === undefined ? `(${rest})` : `(${rest} UNION ALL BY NAME SELECT * FROM ${parquet(side.changes)})`
}

/** Makes `changed_<side>` (row): new, other, gone, and those of whom a person decided since or decides no more. */
async function createChanged(
  session: Session,
  name: SideName,
  side: ChangedSide,
  [before, after]: readonly [Decisions, Decisions],
): Promise<void> {
  await session.run(`CREATE TABLE changed_${name} (row INTEGER)`)
  const moved = [...decidedRows(name, before), ...decidedRows(name, after)]
  await session.append(
    `changed_${name}`,
    (side.gone ?? []).map((row) => [row]),
  )
  if (side.changes !== undefined)
    await session.run(`INSERT INTO changed_${name} SELECT row FROM ${parquet(side.changes)}`)
  // Few, and always looked at again: what they link to hangs on other rows' decisions too.
  await session.run(`CREATE TABLE decided_row_${name} (row INTEGER)`)
  await session.append(
    `decided_row_${name}`,
    [...new Set(moved)].map((row) => [row]),
  )
}

function decidedRows(name: SideName, { pairs, left, right }: Decisions): readonly number[] {
  const own = name === 'left' ? left : right
  return [...pairs.map(({ a, b }) => (name === 'left' ? a : b)), ...own.flatMap(({ a, b }) => [a, b])]
}

/**
 * Makes what `linkCertain` makes. Looked at again (`again_<side>`) are changed rows, the rows that certain keys tied to them, and
 * rows that have a certain key of theirs now; everything else stands as it did.
 */
async function relinkCertain(
  session: Session,
  input: RelinkInput,
  frozen: FrozenRun,
  decisions: Decisions,
): Promise<void> {
  const { definition } = input
  const [first] = definition.certain
  const certain = kept(frozen, 'certain_link')
  for (const name of SIDES)
    await session.run(
      `CREATE TABLE tied_${name} AS SELECT row FROM changed_${name} UNION SELECT row FROM decided_row_${name}`,
    )
  // From row to counterpart to the repeats of either: two steps reach everybody of one certain key.
  for (let step = 0; step < 2; step++) {
    for (const name of SIDES) {
      const repeats = kept(frozen, `certain_repeat_${name}`)
      await session.run(`INSERT INTO tied_${name} SELECT same_as FROM ${repeats} WHERE row IN (SELECT row FROM tied_${name})
        UNION SELECT row FROM ${repeats} WHERE same_as IN (SELECT row FROM tied_${name})`)
    }
    await session.run(`INSERT INTO tied_right SELECT r FROM ${certain} WHERE l IN (SELECT row FROM tied_left)`)
    await session.run(`INSERT INTO tied_left SELECT l FROM ${certain} WHERE r IN (SELECT row FROM tied_right)`)
  }
  // Whoever a decision kept from claiming, or sets free to claim, meets all rows of the same key.
  const values = SIDES.flatMap((name) => {
    const { changes } = input[name]
    const decided = `SELECT ${first} AS value FROM ${rowsOf(input[name])} WHERE row IN (FROM decided_row_${name}) AND ${first} IS NOT NULL`
    const changed =
      changes === undefined ? [] : [`SELECT ${first} AS value FROM ${parquet(changes)} WHERE ${first} IS NOT NULL`]
    return [decided, ...changed]
  })
  await session.run(`CREATE TABLE touched_value AS ${values.join(' UNION ')}`)
  for (const name of SIDES) {
    const base = rowsOf(input[name])
    await session.run(`CREATE TABLE again_${name} AS SELECT row FROM tied_${name}
      UNION SELECT row FROM ${base} WHERE ${first} IN (SELECT value FROM touched_value)`)
    // With the changed rows as they were: what shared a key with them is looked at again too.
    await session.run(`CREATE TABLE base_${name} AS SELECT * FROM ${base} WHERE row IN (FROM again_${name})`)
    const changes = input[name].changes
    await session.run(`CREATE TABLE now_${name} AS SELECT * FROM base_${name} WHERE row NOT IN (FROM changed_${name})
      ${changes === undefined ? '' : `UNION ALL BY NAME SELECT * FROM ${parquet(changes)}`}`)
    await createSlim(session, definition, name, input[name], `now_${name}`)
  }
  await linkSlim(session, definition, decisions)
  const other = (name: SideName) => `(SELECT row FROM again_${name} UNION SELECT row FROM changed_${name})`
  await session.run(
    `INSERT INTO link SELECT * FROM ${certain} WHERE l NOT IN ${other('left')} AND r NOT IN ${other('right')}`,
  )
  await session.run(
    `INSERT INTO weak_link SELECT * FROM ${kept(frozen, 'weak_link')} WHERE l NOT IN ${other('left')} AND r NOT IN ${other('right')}`,
  )
  for (const name of SIDES) {
    await session.run(
      `INSERT INTO repeat_${name} SELECT * FROM ${kept(frozen, `certain_repeat_${name}`)} WHERE row NOT IN ${other(name)}`,
    )
    await session.run(`CREATE TABLE moved_${name} AS FROM ${other(name)}`)
  }
}

/** In which of the two runs a row is compared, as bits; `REDONE` on top where all its pairs are looked for again. */
const BEFORE = 1
const NOW = 2
const REDONE = 4

/** Makes `f_<side>` and `scored`: pairs of which neither row moved stand as they did. */
async function rescore(session: Session, definition: LinkageDefinition, frozen: FrozenRun): Promise<void> {
  for (const name of SIDES) {
    const before = kept(frozen, `f_${name}`)
    const fresh = featuresSql(definition, `(SELECT * FROM now_${name} WHERE row IN (FROM open_${name}))`)
    await session.run(`CREATE TABLE compared_${name} AS
      SELECT *, ${BEFORE + NOW} AS stand FROM ${before} WHERE row NOT IN (FROM moved_${name})
      UNION ALL BY NAME SELECT *, ${BEFORE} AS stand FROM ${before} WHERE row IN (FROM moved_${name})
      UNION ALL BY NAME SELECT *, ${NOW} AS stand FROM (${fresh})`)
    await session.run(
      `CREATE VIEW f_${name} AS SELECT * EXCLUDE (stand) FROM compared_${name} WHERE stand & ${NOW} > 0`,
    )
    await session.run(`CREATE TABLE grown_${name} (row INTEGER)`)
  }
  const flipped = await findPairs(session, definition)
  if (flipped) {
    // A block that is no longer too large, or is now: all of its rows have other pairs than before.
    for (const name of SIDES)
      await session.run(
        `UPDATE compared_${name} SET stand = stand | ${REDONE} WHERE stand = ${BEFORE + NOW} AND row IN (FROM grown_${name})`,
      )
    await findPairs(session, definition)
  }
  await session.run(`CREATE TABLE pair AS SELECT c.l, c.r, ${patternSql(definition.comparisons)} AS pattern
    FROM (SELECT DISTINCT l, r FROM candidate ANTI JOIN decided_pair d ON d.a = l AND d.b = r) c
    JOIN f_left l ON l.row = c.l JOIN f_right r ON r.row = c.r`)
  await scorePairs(session, {
    definition,
    model: frozen.model,
    pairs: 'pair',
    left: 'f_left',
    right: 'f_right',
    out: 'scored',
  })
  const other = (name: SideName) => `(SELECT row FROM moved_${name} UNION SELECT row FROM grown_${name})`
  await session.run(
    `INSERT INTO scored SELECT * FROM ${kept(frozen, 'scored')} WHERE l NOT IN ${other('left')} AND r NOT IN ${other('right')}`,
  )
}

/** Makes `candidate` (l, r) of pairs with a moved row; true where blocks passed the cap in either direction (`grown_<side>`). */
async function findPairs(session: Session, definition: LinkageDefinition): Promise<boolean> {
  await session.run('CREATE OR REPLACE TABLE candidate (l INTEGER, r INTEGER)')
  for (const rule of definition.blocks) await findPairsOf(session, rule, definition.blockCap)
  return (await session.count('FROM grown_left')) + (await session.count('FROM grown_right')) > 0
}

async function findPairsOf(session: Session, rule: BlockRule, cap: number): Promise<void> {
  const steady = BEFORE + NOW
  for (const name of SIDES)
    await session.run(`CREATE OR REPLACE TEMP TABLE key_${name} AS ${keysSql(rule, `compared_${name}`, ['stand'])}`)
  const sizes = (
    name: SideName,
  ) => `(SELECT key, count(*) FILTER (stand & ${BEFORE} > 0) AS was, count(*) FILTER (stand & ${NOW} > 0) AS n
    FROM key_${name} WHERE key IN (FROM touched) GROUP BY key)`
  await session.run(`CREATE OR REPLACE TEMP TABLE touched AS
    SELECT key FROM key_left WHERE stand <> ${steady} UNION SELECT key FROM key_right WHERE stand <> ${steady}`)
  await session.run(`CREATE OR REPLACE TEMP TABLE block AS SELECT l.key, l.was * r.was AS was, l.n * r.n AS pairs
    FROM ${sizes('left')} l JOIN ${sizes('right')} r ON r.key = l.key`)
  for (const name of SIDES)
    await session.run(`INSERT INTO grown_${name} SELECT DISTINCT row FROM key_${name} WHERE stand = ${steady}
      AND key IN (SELECT key FROM block WHERE (was > ${cap}) <> (pairs > ${cap}))`)
  await session.run(`INSERT INTO candidate SELECT l.row, r.row FROM block b JOIN key_left l ON l.key = b.key JOIN key_right r ON r.key = b.key
    WHERE b.pairs <= ${cap} AND l.stand <> ${BEFORE} AND r.stand <> ${BEFORE} AND (l.stand <> ${steady} OR r.stand <> ${steady})`)
}

/** Makes `asked_<side>` (row): rows whose repeats the kept run did not look for, or that share a key with a changed row. */
async function createAsked(
  session: Session,
  definition: LinkageDefinition,
  name: SideName,
  frozen: FrozenRun,
): Promise<void> {
  const rules = definition.repeats!.blocks
  await session.run(`CREATE TABLE changed_row_${name} AS SELECT * FROM base_${name} WHERE row IN (FROM changed_${name})
    UNION ALL BY NAME SELECT * FROM now_${name} WHERE row IN (FROM changed_${name})`)
  const shares = rules.map(
    (rule) =>
      `SELECT row FROM (${keysSql(rule, `f_${name}`)}) WHERE key IN (SELECT key FROM (${keysSql(rule, `changed_row_${name}`)}))`,
  )
  await session.run(`CREATE TABLE asked_${name} AS SELECT row FROM f_${name} WHERE row NOT IN (SELECT row FROM ${kept(frozen, `single_${name}`)})
    UNION SELECT row FROM moved_${name} UNION SELECT l FROM ${kept(frozen, `rival_${name}`)} UNION ${shares.join(' UNION ')}`)
}
