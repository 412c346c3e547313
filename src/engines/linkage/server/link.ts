import { type Assignment, assignOneToOne, type ScoredPairs } from '../assign.ts'
import { blockSizesSql, pairsSql } from '../blocks-sql.ts'
import { patternSql } from '../compare-sql.ts'
import type { LinkageDefinition } from '../definition.ts'
import { crowdSql, crowdTable, featuresSql } from '../features-sql.ts'
import { fitModel, type Model } from '../model.ts'
import { linkCertain } from './certain.ts'
import { type FrozenRun, type Learnt, rememberCertain, thaw } from './keep.ts'
import { findRepeats, type RepeatInput, settleRepeats } from './repeats.ts'
import { countPatterns, createFrequencies, scorePairs } from './score.ts'
import type { Session } from './session.ts'
import { type Decisions, type LinkSide, NO_DECISIONS, rowsOf, SIDES, type SideName } from './sides.ts'

export type LinkStage = 'certain' | 'block' | 'score' | 'assign' | 'repeats'

export interface LinkInput {
  readonly definition: LinkageDefinition
  readonly left: LinkSide
  readonly right: LinkSide
  readonly decisions?: Decisions
  /** A model of an earlier run; left out: it is learnt. */
  readonly model?: Model
  /** Common values, frequencies and numbers of rows of an earlier run, as `keepRun` wrote them; left out: those of this one. */
  readonly frozen?: FrozenRun
  /** `keepRun` will be called. */
  readonly isKept?: boolean
  readonly onStage?: (stage: LinkStage) => void
}

export interface LinkOutcome extends Learnt {
  /** Blocks that were too large to look at, by rule. */
  readonly dropped: readonly DroppedBlocks[]
}

export interface DroppedBlocks {
  readonly rule: string
  readonly blocks: number
  readonly pairs: number
}

/**
 * Links two prepared tables. Leaves in the session `link` (l, r, pattern, weight, score, is_review), `repeat_left` and
 * `repeat_right` (row, same_as, pattern), and what it compared: `f_left`, `f_right`, `scored`.
 */
export async function link(session: Session, input: LinkInput): Promise<LinkOutcome> {
  const { definition } = input
  const decisions = input.decisions ?? NO_DECISIONS
  input.onStage?.('certain')
  await linkCertain(session, definition, { left: input.left, right: input.right }, decisions)
  if (input.frozen !== undefined) await thaw(session, definition, input.frozen)
  await createFeatures(session, input)
  input.onStage?.('block')
  const dropped = await createPairs(session, definition)
  input.onStage?.('score')
  const model = input.frozen?.model ?? input.model ?? (await learn(session, definition))
  if (input.frozen === undefined) await createFrequencies(session, definition, model)
  await scorePairs(session, { definition, model, pairs: 'pair', left: 'f_left', right: 'f_right', out: 'scored' })
  const rows = input.frozen?.rows ?? {
    left: await session.count('FROM slim_left'),
    right: await session.count('FROM slim_right'),
  }
  if (input.isKept === true) await rememberCertain(session)
  await settle(session, input, { model, rows })
  return { model, rows, dropped }
}

/** What is the same for a whole run and one of changes: links claim their rows, and the rest is looked for among its own side. */
export async function settle(
  session: Session,
  input: LinkInput,
  { model, rows, earlier }: Learnt & { readonly earlier?: Readonly<Record<SideName, RepeatInput['earlier']>> },
): Promise<void> {
  const { definition } = input
  input.onStage?.('assign')
  await assign(session, definition)
  input.onStage?.('repeats')
  for (const side of SIDES) {
    if (definition.repeats === undefined) continue
    const known = earlier?.[side]
    await findRepeats(session, {
      definition,
      model,
      name: side,
      side: input[side],
      rows: rows[side],
      ...(known === undefined ? {} : { earlier: known }),
    })
  }
  for (const side of SIDES) await settleRepeats(session, side)
}

/** Rows that no certain key linked, as they are compared. */
async function createFeatures(session: Session, input: LinkInput): Promise<void> {
  const { definition } = input
  for (const side of SIDES)
    await session.run(
      `CREATE TABLE raw_${side} AS SELECT * FROM ${rowsOf(input[side])} WHERE row IN (FROM open_${side})`,
    )
  for (const [index, keys] of definition.crowds.keys.entries())
    if (input.frozen === undefined)
      await session.run(
        `CREATE TABLE ${crowdTable(index)} AS ${crowdSql(keys, definition.crowds.most, ['raw_left', 'raw_right'])}`,
      )
  for (const side of SIDES) {
    await session.run(`CREATE TABLE f_${side} AS ${featuresSql(definition, `raw_${side}`)}`)
    await session.run(`DROP TABLE raw_${side}`)
  }
}

async function createPairs(session: Session, definition: LinkageDefinition): Promise<LinkOutcome['dropped']> {
  await session.run('CREATE TABLE candidate (l INTEGER, r INTEGER)')
  const dropped: DroppedBlocks[] = []
  for (const rule of definition.blocks) {
    await session.run(`CREATE OR REPLACE TEMP TABLE block AS ${blockSizesSql(rule, 'f_left', 'f_right')}`)
    await session.run(`INSERT INTO candidate ${pairsSql(rule, 'f_left', 'f_right', 'block', definition.blockCap)}`)
    const [large] = await session.rows(
      `SELECT count(*)::INTEGER AS blocks, coalesce(sum(pairs), 0)::DOUBLE AS pairs FROM block WHERE pairs > ${definition.blockCap}`,
    )
    if (Number(large?.['blocks']) > 0)
      dropped.push({ rule: rule.id, blocks: Number(large?.['blocks']), pairs: Number(large?.['pairs']) })
  }
  await session.run(`CREATE TABLE pair AS SELECT c.l, c.r, ${patternSql(definition.comparisons)} AS pattern
    FROM (SELECT DISTINCT l, r FROM candidate ANTI JOIN decided_pair d ON d.a = l AND d.b = r) c
    JOIN f_left l ON l.row = c.l JOIN f_right r ON r.row = c.r`)
  await session.run('DROP TABLE candidate')
  return dropped
}

async function learn(session: Session, definition: LinkageDefinition): Promise<Model> {
  return fitModel(definition, {
    blocked: await countPatterns(session, 'SELECT pattern FROM pair'),
    random: await countPatterns(session, await randomPairsSql(session, definition)),
    siblings: await countPatterns(session, siblingPairsSql(definition)),
    leftRows: await session.count('FROM f_left'),
    rightRows: await session.count('FROM f_right'),
  })
}

/** Random pairs to learn strangers from; so many settle a rate of one in ten thousand to within a quarter. */
const RANDOM_PAIRS = 200_000

/** [LINK-4] Drawn by arithmetic on the row's place, so that two runs draw the same; no row meets another twice, or the few matches of a small file would pass for strangers. */
async function randomPairsSql(session: Session, { comparisons }: LinkageDefinition): Promise<string> {
  const left = await session.count('FROM f_left')
  const right = await session.count('FROM f_right')
  if (left === 0 || right === 0) return 'SELECT 0 AS pattern WHERE false'
  const rounds = Math.max(1, Math.min(50, right, Math.ceil(RANDOM_PAIRS / left)))
  const step = Math.max(1, Math.floor((left * rounds) / RANDOM_PAIRS))
  return `SELECT ${patternSql(comparisons)} AS pattern FROM
    (SELECT *, (place * 7919 + k * 15485863) % ${right} AS other FROM (SELECT *, row_number() OVER (ORDER BY row) AS place FROM f_left), range(${rounds}) t(k)
      WHERE place % ${step} = 0) l
    JOIN (SELECT *, row_number() OVER (ORDER BY row) - 1 AS place FROM f_right) r ON r.place = l.other`
}

/** Two rows of one side in one household whose names differ: brothers and sisters, and twins among them. */
function siblingPairsSql({ comparisons, household }: LinkageDefinition): string {
  if (household === undefined) return 'SELECT 0 AS pattern WHERE false'
  const { together, apart } = household
  return `SELECT ${patternSql(comparisons)} AS pattern FROM f_left l JOIN f_left r
    ON l.${together} = r.${together} AND l.row < r.row AND ${apart.map((key) => `l.${key} <> r.${key}`).join(' AND ')}`
}

/** Links that claim their rows, best first, and what repeats a claimed row. */
async function assign(session: Session, definition: LinkageDefinition): Promise<void> {
  const { link: sureFrom, review } = definition.thresholds
  const left: number[] = []
  const right: number[] = []
  const pattern: number[] = []
  const score: number[] = []
  const weight: number[] = []
  const isSure: number[] = []
  const sure = `(s.score >= ${sureFrom} AND s.may_decide)`
  await session.chunks(
    `SELECT s.l, s.r, s.pattern, s.score, s.weight, ${sure}::INTEGER FROM scored s JOIN f_left l ON l.row = s.l JOIN f_right r ON r.row = s.r
      WHERE s.score >= ${review} AND (s.l NOT IN (SELECT l FROM weak_link) OR (${sure} AND r.rank < ${definition.weakRank ?? 0}))
      ORDER BY ${sure} DESC, s.yields, l.rank, r.rank, s.weight DESC, s.l, s.r`,
    ([l, r, p, probability, odds, decided]) => {
      for (let i = 0; i < (l?.length ?? 0); i++) {
        left.push(Number(l![i]))
        right.push(Number(r![i]))
        pattern.push(Number(p![i]))
        score.push(Number(probability![i]))
        weight.push(Number(odds![i]))
        isSure.push(Number(decided![i]))
      }
    },
  )
  const pairs: ScoredPairs = {
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    isSure: Uint8Array.from(isSure),
  }
  const { claimed, repeatedLeft, repeatedRight } = assignOneToOne(pairs)
  await session.run(
    'CREATE TABLE claimed (l INTEGER, r INTEGER, pattern INTEGER, weight DOUBLE, score DOUBLE, is_review BOOLEAN)',
  )
  await session.append(
    'claimed',
    claimed.map((pair) => [left[pair]!, right[pair]!, pattern[pair]!, weight[pair]!, score[pair]!, isSure[pair] !== 1]),
  )
  await takeOver(session)
  await session.run('INSERT INTO link FROM claimed')
  // Two rows that would both be one counterpart are one person only if they are so between themselves: twins may both fit.
  const keep = async (side: SideName, list: Assignment['repeatedLeft']) => {
    await session.run(`CREATE TABLE rival_${side} (l INTEGER, r INTEGER)`)
    await session.append(
      `rival_${side}`,
      list.map((one) => [one.row, one.sameAs]),
    )
  }
  await keep('left', repeatedLeft)
  await keep('right', repeatedRight)
}

/** [LINK-7] Who found a better counterpart leaves the weak one, which repeats the better. */
async function takeOver(session: Session): Promise<void> {
  await session.run(
    `INSERT INTO repeat_right SELECT w.r, c.r, c.pattern FROM weak_link w JOIN claimed c ON c.l = w.l ORDER BY w.r`,
  )
  await session.run('DELETE FROM link WHERE (l, r) IN (SELECT w.l, w.r FROM weak_link w JOIN claimed c ON c.l = w.l)')
}
