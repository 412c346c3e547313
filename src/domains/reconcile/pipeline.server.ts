import type { Model } from '../../engines/linkage/model.ts'
import { openSession, parquet } from '../../engines/linkage/server/session.ts'
import type { Decisions } from '../../engines/linkage/server/sides.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { schoolYear as toSchoolYear } from '../../kernel/school-year.ts'
import type { RunProgress, RunSummary } from './contract.ts'
import { classifyRollOnly, decideFates } from './pipeline-fate.server.ts'
import { linkSheets } from './pipeline-link.server.ts'
import { type Lists, writeLists } from './pipeline-lists.server.ts'
import { createProgress } from './pipeline-progress.server.ts'
import { readSheets } from './pipeline-read.server.ts'
import { summarise } from './pipeline-summary.server.ts'
import { schoolingRuleOn } from './policy.ts'
import { writePairs } from './review-pairs.server.ts'

export interface ReconcileInput {
  /** Made by `ingestToParquet`: `row`, `fault` and one text column a field. */
  readonly populationParquet: string
  readonly rollParquet: string
  /** Population rows beyond this one say who lives here without being registered; left out: all are registered here. */
  readonly registeredRows?: number
  /** What people decided of rows of the two sheets; it goes before every score. */
  readonly decisions?: Decisions
  /** A model that was switched on; left out: it is learnt from the two sheets. */
  readonly model?: Model
  /** How many pairs that the machine linked by itself people shall look at. */
  readonly samples?: number
  readonly schoolYear: number
  readonly today: PlainDate
  /** An existing folder of this run alone. The lists stay in it; the database and its spill leave. */
  readonly workDir: string
  readonly memoryLimitMb?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
}

export interface ReconcileResult {
  readonly summary: RunSummary
  readonly lists: Lists
}

export interface Compared extends ReconcileResult {
  /** Pairs for people: `review-pairs.server.ts`. */
  readonly pairsParquet: string
  /** What was learnt, or given. */
  readonly model: Model
}

/** Leaves room for Node and results in flight below 1.5 GB of the whole process. */
const MEMORY_LIMIT_MB = 800
const THREADS = 2

/** The whole comparison: two sheets in, seven lists and a balance out. The same two files give the same lists. */
export async function reconcile(input: ReconcileInput): Promise<Compared> {
  const year = toSchoolYear(input.schoolYear)
  // The matter speaks of the last day on which this year's beginners reach the entry age.
  const rule = schoolingRuleOn(plainDate(`${year}-08-31`))
  const startedAt = performance.now()
  const session = await openSession({
    workDir: input.workDir,
    memoryLimitMb: input.memoryLimitMb ?? MEMORY_LIMIT_MB,
    threads: input.threads ?? THREADS,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  })
  try {
    const populationRows = await session.count(`FROM ${parquet(input.populationParquet)}`)
    const rollRows = await session.count(`FROM ${parquet(input.rollParquet)}`)
    const progress = createProgress(populationRows + rollRows, input.onProgress)
    progress.enter('read')
    await readSheets(session, input)
    const { engine, model } = await linkSheets(session, { ...input, year, rule }, progress)
    progress.enter('lists')
    await decideFates(session, year, rule)
    await classifyRollOnly(session, input)
    // [MANIFEST-2] Two writers part the rows of a large file as it happens: the same rows, other bytes.
    await session.run('SET threads = 1')
    const lists = await writeLists(session, { ...input, year, rule })
    await session.run(`SET threads = ${input.threads ?? THREADS}`)
    const pairsParquet = await writePairs(session, {
      lists,
      model,
      samples: input.samples ?? 0,
      workDir: input.workDir,
    })
    const elapsedSeconds = Math.round((performance.now() - startedAt) / 100) / 10
    const summary = await summarise(session, {
      lists,
      populationRows: input.registeredRows ?? populationRows,
      lastRegistered: input.registeredRows,
      rollRows,
      schoolYear: year,
      engine,
      elapsedSeconds,
    })
    progress.enter('done')
    return { summary, lists, pairsParquet, model }
  } finally {
    session.close()
  }
}
