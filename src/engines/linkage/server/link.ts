import { type Assignment, assignOneToOne, type ScoredPairs } from '../assign.ts'
import { blockSizesSql, pairsSql } from '../blocks-sql.ts'
import { isLoneNumberSql, levelSql, patternSql } from '../compare-sql.ts'
import { HOUSEHOLD_LEVELS, type LinkageDefinition, NAME_LEVELS, type SideColumns } from '../definition.ts'
import { featuresSql, rawSql } from '../features-sql.ts'
import { fitModel, type Model, type PatternCounts, weigh } from '../model.ts'
import { foldNames } from './names.ts'
import type { Session } from './session.ts'

export interface LinkSide {
  /** Table with row, name, n (sound ID as an integer), birth, sex, clash and rank (lower is preferred). */
  readonly base: string
  /** Table expression with `row` and the text columns of the definition. */
  readonly source: string
  /** Query that gives the rows still open. */
  readonly rows: string
}

export type LinkStage = 'fold' | 'block' | 'score' | 'assign'

export interface LinkInput {
  readonly definition: LinkageDefinition
  readonly left: LinkSide
  readonly right: LinkSide
  readonly onStage: (stage: LinkStage) => void
}

export interface LinkedPair {
  readonly left: number
  readonly right: number
  readonly pattern: number
  /** Probability that both rows are one person. */
  readonly score: number
  readonly isReview: boolean
}

export interface LinkOutcome {
  readonly model: Model
  readonly links: readonly LinkedPair[]
  readonly repeatedLeft: readonly Repeat[]
  readonly repeatedRight: readonly Repeat[]
  /** Blocks that were too large to look at, by rule. */
  readonly dropped: readonly { readonly rule: string; readonly blocks: number; readonly pairs: number }[]
}

/** A row that says the same person as another row of its side. */
export interface Repeat {
  readonly row: number
  readonly sameAs: number
  readonly pattern: number
}

/** Links the open rows of two sides. Leaves the feature tables `f_left` and `f_right` and the forms of names behind. */
export async function linkRest(session: Session, input: LinkInput): Promise<LinkOutcome> {
  const { definition, left, right } = input
  input.onStage('fold')
  await createFeatures(session, { table: 'left', ...left, columns: definition.left })
  await createFeatures(session, { table: 'right', ...right, columns: definition.right })
  await foldNames(session, ['raw_left', 'raw_right'])
  await session.run(`CREATE TABLE f_left AS ${featuresSql('raw_left')}`)
  await session.run(`CREATE TABLE f_right AS ${featuresSql('raw_right')}`)
  await session.run('DROP TABLE raw_left; DROP TABLE raw_right')
  input.onStage('block')
  const dropped = await createPairs(session, definition)
  input.onStage('score')
  const model = fitModel(definition, {
    blocked: await countPatterns(session, 'SELECT pattern FROM pair'),
    random: await countPatterns(session, await randomPairsSql(session)),
    siblings: await countPatterns(session, siblingPairsSql('f_left')),
    leftRows: await session.count('FROM f_left'),
    rightRows: await session.count('FROM f_right'),
  })
  await scorePairs(session, { model, pairs: 'pair', left: 'f_left', right: 'f_right' })
  input.onStage('assign')
  return { model, dropped, ...(await assign(session, definition)) }
}

export async function createFeatures(
  session: Session,
  side: LinkSide & { readonly table: string; readonly columns: SideColumns },
): Promise<void> {
  await session.run(`CREATE TABLE raw_${side.table} AS ${rawSql(side)}`)
}

async function createPairs(session: Session, definition: LinkageDefinition): Promise<LinkOutcome['dropped']> {
  await session.run('CREATE TABLE candidate (l INTEGER, r INTEGER)')
  const dropped: LinkOutcome['dropped'][number][] = []
  for (const rule of definition.blocks) {
    await session.run(`CREATE OR REPLACE TEMP TABLE block AS ${blockSizesSql(rule, 'f_left', 'f_right')}`)
    await session.run(`INSERT INTO candidate ${pairsSql(rule, 'f_left', 'f_right', 'block', definition.blockCap)}`)
    const [large] = await session.rows(
      `SELECT count(*)::INTEGER AS blocks, coalesce(sum(pairs), 0)::DOUBLE AS pairs FROM block WHERE pairs > ${definition.blockCap}`,
    )
    if (Number(large?.['blocks']) > 0)
      dropped.push({ rule: rule.id, blocks: Number(large?.['blocks']), pairs: Number(large?.['pairs']) })
  }
  await session.run(`CREATE TABLE pair AS SELECT c.l, c.r, ${patternSql()} AS pattern
    FROM (SELECT DISTINCT l, r FROM candidate) c JOIN f_left l ON l.row = c.l JOIN f_right r ON r.row = c.r`)
  await session.run('DROP TABLE candidate')
  return dropped
}

export async function countPatterns(session: Session, sql: string): Promise<PatternCounts> {
  const rows = await session.rows(
    `SELECT pattern, count(*)::DOUBLE AS n FROM (${sql}) GROUP BY pattern ORDER BY pattern`,
  )
  return new Map(rows.map((row) => [Number(row['pattern']), Number(row['n'])]))
}

/** Random pairs to learn strangers from; a million settle a rate of one in ten thousand to within a tenth. */
const RANDOM_PAIRS = 1_000_000

/** [LINK-4] Drawn by arithmetic on the row's place, so that two runs draw the same; no row meets another twice, or the few matches of a small file would pass for strangers. */
async function randomPairsSql(session: Session): Promise<string> {
  const left = await session.count('FROM f_left')
  const right = await session.count('FROM f_right')
  if (left === 0 || right === 0) return 'SELECT 0 AS pattern WHERE false'
  const rounds = Math.max(1, Math.min(50, right, Math.ceil(RANDOM_PAIRS / left)))
  const step = Math.max(1, Math.floor((left * rounds) / RANDOM_PAIRS))
  return `SELECT ${patternSql()} AS pattern FROM
    (SELECT *, (place * 7919 + k * 15485863) % ${right} AS other FROM (SELECT *, row_number() OVER (ORDER BY row) AS place FROM f_left), range(${rounds}) t(k)
      WHERE place % ${step} = 0) l
    JOIN (SELECT *, row_number() OVER (ORDER BY row) - 1 AS place FROM f_right) r ON r.place = l.other`
}

/** Two rows of one side under one guardian whose names differ: brothers and sisters, and twins among them. */
export function siblingPairsSql(features: string): string {
  return `SELECT ${patternSql()} AS pattern FROM ${features} l JOIN ${features} r
    ON l.member_id_1 = r.member_id_1 AND l.row < r.row AND l.fold <> r.fold`
}

interface ScoreInput {
  readonly model: Model
  readonly pairs: string
  readonly left: string
  readonly right: string
}

/**
 * Makes `scored` (l, r, pattern, score, weight). A shared name weighs by its
 * frequency: 张伟 in a city says little, 欧阳 with a rare character nearly all.
 */
export async function scorePairs(session: Session, input: ScoreInput): Promise<void> {
  const patterns = await session.rows(`SELECT DISTINCT pattern FROM ${input.pairs} ORDER BY pattern`)
  await session.run('CREATE OR REPLACE TABLE weight (pattern INTEGER, m DOUBLE, h DOUBLE, s DOUBLE)')
  await session.append(
    'weight',
    patterns.map((row) => {
      const pattern = Number(row['pattern'])
      const { match, household, stranger } = weigh(input.model, pattern)
      return [pattern, match, household, stranger]
    }),
  )
  const { left, right } = input
  await session.run(
    `CREATE OR REPLACE TEMP TABLE name_frequency AS ${frequencySql([left, right], ['fold'], input.model.stranger.name.same)}`,
  )
  await session.run(`CREATE OR REPLACE TEMP TABLE member_frequency AS ${frequencySql([left, right], MEMBER_NAMES)}`)
  const within = (level: string, ratio: string) =>
    `CASE WHEN ${level} THEN greatest(least(${ratio}, 1000), 0.001) ELSE 1 END`
  await session.run(`CREATE OR REPLACE TABLE scored AS
    WITH weighed AS (SELECT p.l, p.r, p.pattern, w.m, w.h + w.s
          * ${within(`${levelSql('p.pattern', 'name')} = ${NAME_LEVELS.indexOf('same')}`, 'f.ratio')}
          * ${within(`${levelSql('p.pattern', 'household')} = ${HOUSEHOLD_LEVELS.indexOf('name')}`, 'coalesce(g.ratio, 1)')} AS other
        FROM ${input.pairs} p JOIN weight w ON w.pattern = p.pattern JOIN ${left} l ON l.row = p.l JOIN ${right} r ON r.row = p.r
          LEFT JOIN name_frequency f ON f.value = l.fold LEFT JOIN member_frequency g ON g.value = ${sharedMemberSql()})
    SELECT l, r, pattern, m / (m + other) AS score, round(ln(m) - ln(other), 4) AS weight FROM weighed WHERE m > 0`)
}

const MEMBER_NAMES = ['member_name_1', 'member_name_2', 'member_name_3']

/** How much more common each value is than the chance that two rows agree; that chance is counted where it is not given. */
function frequencySql(tables: readonly string[], columns: readonly string[], chance?: number): string {
  const values = tables
    .flatMap((table) => columns.map((column) => `SELECT ${column} AS value FROM ${table}`))
    .join(' UNION ALL ')
  return `WITH share AS (SELECT value, count(*) / sum(count(*)) OVER () AS share FROM (${values}) WHERE value IS NOT NULL GROUP BY value)
    SELECT value, share / ${chance ?? '(SELECT sum(share * share) FROM share)'} AS ratio FROM share`
}

/** The name of the household that a pair has in common. */
function sharedMemberSql(): string {
  const right = MEMBER_NAMES.map((column) => `r.${column}`).join(', ')
  return `CASE ${MEMBER_NAMES.map((column) => `WHEN l.${column} IN (${right}) THEN l.${column}`).join(' ')} END`
}

async function assign(
  session: Session,
  definition: LinkageDefinition,
): Promise<Omit<LinkOutcome, 'model' | 'dropped'>> {
  const { link, review } = definition.thresholds
  const left: number[] = []
  const right: number[] = []
  const pattern: number[] = []
  const score: number[] = []
  const isSure: number[] = []
  const sure = `(s.score >= ${link} AND NOT ${isLoneNumberSql('s.pattern')})`
  await session.chunks(
    `SELECT s.l, s.r, s.pattern, s.score, ${sure}::INTEGER FROM scored s JOIN f_left l ON l.row = s.l JOIN f_right r ON r.row = s.r
      WHERE s.score >= ${review} ORDER BY ${sure} DESC, l.rank, r.rank, s.weight DESC, s.l, s.r`,
    ([l, r, p, probability, decided]) => {
      for (let i = 0; i < (l?.length ?? 0); i++) {
        left.push(Number(l![i]))
        right.push(Number(r![i]))
        pattern.push(Number(p![i]))
        score.push(Number(probability![i]))
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
  const repeat = (list: Assignment['repeatedLeft']) =>
    list
      .filter((one) => score[one.pair]! >= definition.thresholds.repeat)
      .map((one) => ({ row: one.row, sameAs: one.sameAs, pattern: pattern[one.pair]! }))
  return {
    links: claimed.map((pair) => ({
      left: left[pair]!,
      right: right[pair]!,
      pattern: pattern[pair]!,
      score: score[pair]!,
      isReview: isSure[pair] !== 1,
    })),
    repeatedLeft: repeat(repeatedLeft),
    repeatedRight: repeat(repeatedRight),
  }
}
