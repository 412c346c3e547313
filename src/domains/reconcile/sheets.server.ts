import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { type ColumnChoice, ingestToParquet, inspectSheet, type SheetLayout } from '../../platform/sheets/index.ts'
import { FIELDS_OF } from '../imports/index.ts'
import type { RunProgress, SheetRole } from './contract.ts'
import { type Compared, reconcile } from './pipeline.server.ts'
import { workbookWords as words } from './workbook-words.ts'

export interface InspectRoleInput {
  readonly role: SheetRole
  readonly path: string
  readonly fileName: string
  /** An existing folder of this work alone, mode 0700. */
  readonly workDir: string
  /** Off where the rows are counted by the ingest that follows. */
  readonly countRows?: boolean
  readonly signal?: AbortSignal
}

export async function inspectRoleSheet({ role, countRows = true, ...input }: InspectRoleInput): Promise<SheetLayout> {
  return inspectSheet({ ...input, fields: FIELDS_OF[role], countRows })
}

export interface SheetToCompare {
  readonly path: string
  readonly fileName: string
  readonly layout: SheetLayout
  readonly columns: ColumnChoice
}

export interface CompareInput {
  readonly population: SheetToCompare
  readonly roll: SheetToCompare
  readonly schoolYear: number
  readonly today: PlainDate
  readonly workDir: string
  readonly memoryLimitMb?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
}

/** Share of a whole run that reading both sheets takes, in percent; measured on CSV of a city, 3.3 million rows each. */
const READING_SHARE = 40

/** Two recognised sheets to lists and balance: the one way both the command and the job go. */
export async function compareSheets(input: CompareInput): Promise<Compared> {
  const { workDir, onProgress } = input
  await refuseSameSheet(input.population.path, input.roll.path)
  const startedAt = performance.now()
  const tell = (percent: number, stage: string, rows: number | null) => {
    const seconds = (performance.now() - startedAt) / 1000
    const isEarly = percent < 1 || seconds < 0.5
    onProgress?.({
      percent: Math.min(100, Math.round(percent * 10) / 10),
      stage,
      rowsPerSecond: isEarly || rows === null ? null : Math.round((rows * percent) / 100 / seconds),
      remainingSeconds: isEarly ? null : Math.round((seconds * (100 - percent)) / percent),
    })
  }
  const bytes = { population: (await stat(input.population.path)).size, roll: (await stat(input.roll.path)).size }
  const populationShare = (READING_SHARE * bytes.population) / (bytes.population + bytes.roll)
  const options = {
    workDir,
    ...(input.memoryLimitMb === undefined ? {} : { memoryLimitMb: input.memoryLimitMb }),
    ...(input.threads === undefined ? {} : { threads: input.threads }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  }
  const ingest = async (role: SheetRole, from: number, share: number) => {
    const out = join(resolve(workDir), `${role}.parquet`)
    const stage = words.stage.reading[role]
    tell(from, stage, null)
    const onShare = (done: number) => tell(from + share * done, stage, null)
    const { rows } = await ingestToParquet({
      ...input[role],
      ...options,
      fields: FIELDS_OF[role],
      out,
      onProgress: onShare,
    })
    return { out, rows }
  }
  const population = await ingest('population', 0, populationShare)
  const roll = await ingest('roll', populationShare, READING_SHARE - populationShare)
  const rows = population.rows + roll.rows
  return reconcile({
    ...options,
    populationParquet: population.out,
    rollParquet: roll.out,
    schoolYear: input.schoolYear,
    today: input.today,
    onProgress: ({ percent, stage }) => tell(READING_SHARE + (percent * (100 - READING_SHARE)) / 100, stage, rows),
  })
}

async function refuseSameSheet(population: string, roll: string): Promise<void> {
  const [one, other] = [await stat(population), await stat(roll)]
  if (one.ino === other.ino && one.dev === other.dev) throw new Problem('RUN.SAME_SHEET')
}
