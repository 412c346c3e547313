import {
  HOUSEHOLD_LEVELS,
  IDENTITY_LEVELS,
  type LinkageDefinition,
  levelsOf,
  NAME_LEVELS,
  PLACE_LEVELS,
  type SideColumns,
} from '../../engines/linkage/definition.ts'
import { type LinkOutcome, type LinkSide, linkRest, type Repeat } from '../../engines/linkage/server/link.ts'
import { type FoundRepeat, findRepeats } from '../../engines/linkage/server/repeats.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { SchoolingRule, SchoolYear } from '../../kernel/school-year.ts'
import type { RunSummary } from './contract.ts'
import { registerToRoll } from './linkage-definition.ts'
import type { Progress } from './pipeline-progress.server.ts'
import { FAULTS, type Sheets } from './pipeline-read.server.ts'
import { reasonWords } from './reason-words.ts'
import { obligationBand } from './rules.ts'

/** Raised with every change of the pipeline that can move a row. */
const ENGINE_VERSION = '3'
/** [RUN-17] By which a run without anything special would be known. */
export const MODEL = { version: ENGINE_VERSION, model: `${registerToRoll.id}@${registerToRoll.version}` } as const
/** Patterns of the engine are 0 and up; the exact link and the exact repeat need one of their own. */
export const EXACT = -1

interface LinkedSheets extends Sheets {
  readonly year: SchoolYear
  readonly rule: SchoolingRule
}

/** Makes `link` (l, r, pattern, score, is_review), `dup_p`, `dup_r` (row, same_as, pattern) and `pattern_words`. */
export async function linkSheets(
  session: Session,
  sheets: LinkedSheets,
  progress: Progress,
): Promise<RunSummary['engine']> {
  const definition = registerToRoll
  progress.enter('exact')
  for (const side of ['p', 'r'] as const) await findSameIdAndName(session, side)
  await linkExact(session)
  const open = (side: 'p' | 'r', paired: 'l' | 'r', born = 'true'): LinkSide => ({
    base: `(SELECT *, faults & ${clashBits()} > 0 AS clash FROM ${side} WHERE NOT is_error AND row NOT IN (SELECT row FROM dup_${side}))`,
    source: parquet(side === 'p' ? sheets.populationParquet : sheets.rollParquet),
    rows: `SELECT row FROM ${side} WHERE NOT is_error AND (${born}) AND row NOT IN (SELECT ${paired} FROM link) AND row NOT IN (SELECT row FROM dup_${side})`,
  })
  const left = open('p', 'l', bornWithin(sheets, MARGIN))
  const right = open('r', 'r')
  const outcome = await linkRest(session, { definition, left, right, onStage: progress.enter })
  await keep(session, outcome)
  progress.enter('duplicates')
  const model = outcome.model
  const repeatsOf = (side: LinkSide, columns: SideColumns, features: string) =>
    findRepeats(session, { definition, model, side, columns, features })
  await keepFound(
    session,
    'p',
    await repeatsOf(open('p', 'l', bornWithin(sheets, NO_MARGIN)), definition.left, 'f_left'),
  )
  await keepFound(session, 'r', await repeatsOf(right, definition.right, 'f_right'))
  await createPatternWords(session)
  return { version: ENGINE_VERSION, model: describe(definition, outcome) }
}

/** Years of birth before and after the band within which a population row is looked for by more than ID and name. */
const MARGIN = { older: 3, younger: 1 }
const NO_MARGIN = { older: 0, younger: 0 }

/**
 * [RECON-11] A child years away from school age, or long past it, is linked by ID and name alone: half of an
 * extract of the ages 3 to 18, on no roll by rights, would otherwise be searched for at great cost.
 */
function bornWithin({ year, rule }: LinkedSheets, margin: { older: number; younger: number }): string {
  const band = obligationBand(year, rule)
  const day = (text: string, years: number) => Number(text.replaceAll('-', '')) + years * 10_000
  return `birth IS NULL OR birth BETWEEN ${day(band.from, -margin.older)} AND ${day(band.until, margin.younger)}`
}

function clashBits(): number {
  return 2 ** FAULTS.indexOf('birthClash') + 2 ** FAULTS.indexOf('sexClash')
}

/** [LINK-7] Rows of one sheet that repeat ID and name: the best of them (live before cancelled, at school before left, then the first) stays. */
async function findSameIdAndName(session: Session, side: 'p' | 'r'): Promise<void> {
  await session.run(`CREATE TABLE dup_${side} AS
    WITH twice AS (SELECT n FROM ${side} WHERE n IS NOT NULL AND NOT is_error GROUP BY n HAVING count(*) > 1),
      ranked AS (SELECT row, first(row) OVER one AS same_as FROM ${side} WHERE n IN (FROM twice) AND name IS NOT NULL AND NOT is_error
        WINDOW one AS (PARTITION BY n, name ORDER BY rank, row))
    SELECT row, same_as, ${EXACT} AS pattern FROM ranked WHERE row <> same_as`)
}

/** [LINK-1] A sound ID and the name, both: an ID alone may be a brother's, or a typing error that hits another child. */
async function linkExact(session: Session): Promise<void> {
  await session.run(`CREATE TABLE link AS SELECT p.row AS l, r.row AS r, ${EXACT} AS pattern, 1.0::DOUBLE AS score, false AS is_review
    FROM p JOIN r ON p.n = r.n AND p.name = r.name
    WHERE NOT p.is_error AND NOT r.is_error AND p.row NOT IN (SELECT row FROM dup_p) AND r.row NOT IN (SELECT row FROM dup_r)`)
}

async function keep(session: Session, outcome: LinkOutcome): Promise<void> {
  await session.append(
    'link',
    outcome.links.map((link) => [link.left, link.right, link.pattern, link.score, link.isReview]),
  )
  await keepRepeats(session, 'p', outcome.repeatedLeft)
  await keepRepeats(session, 'r', outcome.repeatedRight)
}

async function keepRepeats(session: Session, side: 'p' | 'r', repeats: readonly Repeat[]): Promise<void> {
  await session.append(
    `dup_${side}`,
    repeats.map((repeat) => [repeat.row, repeat.sameAs, repeat.pattern]),
  )
}

/**
 * A repeat goes under the row it repeats, whatever that row itself turned out to repeat. A better row takes the
 * counterpart over from a worse one: the live registration from the cancelled, the entry at school from the left.
 */
async function keepFound(session: Session, side: 'p' | 'r', found: readonly FoundRepeat[]): Promise<void> {
  const column = side === 'p' ? 'l' : 'r'
  const under = new Map<number, FoundRepeat>()
  for (const repeat of found) {
    const { row, sameAs, pattern, isPreferred } = repeat
    if (!isPreferred || under.has(sameAs)) {
      under.set(row, repeat)
      continue
    }
    under.set(sameAs, { row: sameAs, sameAs: row, pattern, isPreferred })
    await session.run(`UPDATE link SET ${column} = ${row}, pattern = ${pattern} WHERE ${column} = ${sameAs};
      UPDATE dup_${side} SET same_as = ${row} WHERE same_as = ${sameAs}`)
  }
  const root = (row: number): number => {
    const above = under.get(row)
    return above === undefined ? row : root(above.sameAs)
  }
  await keepRepeats(
    session,
    side,
    [...under.values()].map((repeat) => ({ ...repeat, sameAs: root(repeat.sameAs) })),
  )
}

async function createPatternWords(session: Session): Promise<void> {
  const words = reasonWords.link
  await session.run('CREATE TABLE pattern_words (pattern INTEGER, words VARCHAR)')
  const patterns = await session.rows(
    'SELECT DISTINCT pattern FROM (SELECT pattern FROM link UNION ALL SELECT pattern FROM dup_p UNION ALL SELECT pattern FROM dup_r) ORDER BY pattern',
  )
  await session.append(
    'pattern_words',
    patterns.map((row) => {
      const pattern = Number(row['pattern'])
      return [pattern, pattern === EXACT ? words.exact : sayPattern(pattern)]
    }),
  )
}

/** `证件号一位之差且校验不符，姓名同音，监护人证号一致` */
function sayPattern(pattern: number): string {
  const words = reasonWords.link
  const levels = levelsOf(pattern)
  const said = [
    words.identity[IDENTITY_LEVELS[levels.identity]!],
    words.name[NAME_LEVELS[levels.name]!],
    words.household[HOUSEHOLD_LEVELS[levels.household]!],
    words.place[PLACE_LEVELS[levels.place]!],
  ]
  return said.filter((part) => part !== '').join(reasonWords.separator)
}

function describe(definition: LinkageDefinition, outcome: LinkOutcome): string {
  const dropped = outcome.dropped.reduce((sum, one) => sum + one.blocks, 0)
  return dropped === 0
    ? `${definition.id}@${definition.version}`
    : `${definition.id}@${definition.version} dropped-blocks:${dropped}`
}
