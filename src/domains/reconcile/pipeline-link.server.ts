import { join } from 'node:path'
import { text } from '../../engines/linkage/dialect.ts'
import type { Model } from '../../engines/linkage/model.ts'
import { type LinkOutcome, link } from '../../engines/linkage/server/link.ts'
import { prepare } from '../../engines/linkage/server/prepare.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { Decisions, Within } from '../../engines/linkage/server/sides.ts'
import type { SchoolingRule, SchoolYear } from '../../kernel/school-year.ts'
import { keyColumn, LINKAGE_KEYS } from '../imports/index.ts'
import { isRoundedColumn } from '../imports/server.ts'
import type { RunSummary } from './contract.ts'
import { registerToRoll } from './linkage-definition.ts'
import { sayPattern } from './linkage-words.ts'
import type { Progress } from './pipeline-progress.server.ts'
import type { Sheets } from './pipeline-read.server.ts'
import { obligationBand } from './rules.ts'

/** Raised with every change of the pipeline that can move a row. */
const ENGINE_VERSION = '4'
/** [RUN-17] By which a run without anything special would be known. */
export const MODEL = { version: ENGINE_VERSION, model: `${registerToRoll.id}@${registerToRoll.version}` } as const

interface LinkedSheets extends Sheets {
  readonly year: SchoolYear
  readonly rule: SchoolingRule
  readonly workDir: string
  /** What people decided of rows of the two sheets. */
  readonly decisions?: Decisions
  /** A model that was switched on for the unit; left out: it is learnt. */
  readonly model?: Model
}

export interface LinkedBy {
  readonly engine: RunSummary['engine']
  readonly model: Model
}

/** Makes `link` (l, r, pattern, score, is_review), `dup_p`, `dup_r` (row, same_as, pattern) and `pattern_words`. */
export async function linkSheets(session: Session, sheets: LinkedSheets, progress: Progress): Promise<LinkedBy> {
  const definition = registerToRoll
  progress.enter('fold')
  const left = await prepareSide(session, sheets, 'left')
  const right = await prepareSide(session, sheets, 'right')
  const outcome = await link(session, {
    definition,
    left: { prepared: left, within: bornWithin(sheets, MARGIN), repeatsWithin: bornWithin(sheets, NO_MARGIN) },
    right: { prepared: right },
    ...(sheets.decisions === undefined ? {} : { decisions: sheets.decisions }),
    ...(sheets.model === undefined ? {} : { model: sheets.model }),
    onStage: progress.enter,
  })
  await session.run('CREATE VIEW dup_p AS FROM repeat_left; CREATE VIEW dup_r AS FROM repeat_right')
  await createPatternWords(session)
  return { engine: { version: ENGINE_VERSION, model: describe(definition, outcome) }, model: outcome.model }
}

async function prepareSide(session: Session, sheets: LinkedSheets, side: 'left' | 'right'): Promise<string> {
  const [path, table] = side === 'left' ? [sheets.populationParquet, 'p'] : [sheets.rollParquet, 'r']
  const out = join(sheets.workDir, `${table}.keys.parquet`)
  const persons = `${parquet(path)} w JOIN ${table} t ON t.row = w.row WHERE NOT t.is_error`
  if (await hasKeys(session, path)) {
    const keys = LINKAGE_KEYS.map((key) => `w.${keyColumn(key)} AS ${key}`).join(', ')
    await session.run(
      `COPY (SELECT t.row, t.rank, ${keys} FROM ${persons}) TO ${text(out)} (FORMAT parquet, COMPRESSION lz4_raw)`,
    )
    return out
  }
  await prepare(session, {
    fields: registerToRoll.fields,
    side,
    source: `(SELECT w.*, t.rank AS own_rank FROM ${persons})`,
    rank: 'own_rank',
    today: Number(sheets.today.replaceAll('-', '')),
    isRounded: await isRoundedColumn(session, path),
    out,
  })
  return out
}

/** [LINK-12] Whether the rows were sealed with what a comparison knows them by. */
export async function hasKeys(session: Session, path: string): Promise<boolean> {
  const columns = await session.rows(`SELECT name FROM parquet_schema(${text(path)})`)
  const has = new Set(columns.map(({ name }) => name))
  return LINKAGE_KEYS.every((key) => has.has(keyColumn(key)))
}

/** Years of birth before and after the band within which a population row is looked for by more than ID and name. */
const MARGIN = { older: 3, younger: 1 }
const NO_MARGIN = { older: 0, younger: 0 }

/**
 * [RECON-11] A child years away from school age, or long past it, is linked by ID and name alone: half of an
 * extract of the ages 3 to 18, on no roll by rights, would otherwise be searched for at great cost.
 */
function bornWithin({ year, rule }: LinkedSheets, margin: { older: number; younger: number }): Within {
  const band = obligationBand(year, rule)
  const day = (text: string, years: number) => Number(text.replaceAll('-', '')) + years * 10_000
  return { key: 'birth', from: day(band.from, -margin.older), until: day(band.until, margin.younger) }
}

async function createPatternWords(session: Session): Promise<void> {
  await session.run('CREATE TABLE pattern_words (pattern INTEGER, words VARCHAR)')
  const patterns = await session.rows(
    'SELECT DISTINCT pattern FROM (SELECT pattern FROM link UNION ALL SELECT pattern FROM dup_p UNION ALL SELECT pattern FROM dup_r) ORDER BY pattern',
  )
  await session.append(
    'pattern_words',
    patterns.map((row) => {
      const pattern = Number(row['pattern'])
      return [pattern, sayPattern(pattern)]
    }),
  )
}

function describe(definition: { readonly id: string; readonly version: string }, outcome: LinkOutcome): string {
  const dropped = outcome.dropped.reduce((sum, one) => sum + one.blocks, 0)
  return dropped === 0
    ? `${definition.id}@${definition.version}`
    : `${definition.id}@${definition.version} dropped-blocks:${dropped}`
}
