import { join } from 'node:path'
import { name as quoted, text } from '../../engines/linkage/dialect.ts'
import { openSession, parquet } from '../../engines/linkage/server/session.ts'
import type { BatchId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { FIELDS_OF, type ImportKind, keyColumn, LINKAGE_KEYS } from '../imports/index.ts'
import type { RunProgress } from './contract.ts'
import { type ReconcileResult, reconcile } from './pipeline.server.ts'
import { hasKeys } from './pipeline-link.server.ts'
import { writeFacts } from './posting-facts.server.ts'

export interface BatchRows {
  readonly batchId: BatchId
  readonly kind: ImportKind
  /** The rows as the import sealed them, opened. */
  readonly path: string
}

/** A unit for which a newer batch speaks: what this one says of it no longer holds. */
export interface Outspoken {
  readonly batchId: BatchId
  readonly unitId: number
}

export interface BooksInput {
  readonly batches: readonly BatchRows[]
  readonly outspoken: readonly Outspoken[]
  readonly schoolYear: number
  readonly cityPrefix: string
  readonly today: PlainDate
  readonly workDir: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
}

export interface BooksCompared {
  readonly result: ReconcileResult
  readonly factsCsv: string
}

/** Share of a books run that the comparison takes, in percent; the posting has the rest. */
const COMPARE_SHARE = 40

/** Committed batches to lists, balance and the facts of a posting. The same batches give the same of each. */
export async function compareBatches(input: BooksInput): Promise<BooksCompared> {
  const sides = await writeSides(input)
  const onProgress = input.onProgress
  const result = await reconcile({
    ...sides,
    schoolYear: input.schoolYear,
    today: input.today,
    workDir: input.workDir,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (said: RunProgress) =>
            onProgress({ ...said, percent: (said.percent * COMPARE_SHARE) / 100, remainingSeconds: null }),
        }),
  })
  const factsCsv = await writeFacts({ ...input, ...sides, lists: result.lists })
  return { result, factsCsv }
}

interface Sides {
  readonly populationParquet: string
  readonly rollParquet: string
  readonly registeredRows: number
}

/**
 * [POST-21] One sheet a side: the rows of all batches under one numbering, who is registered before who only lives here, so
 * that of two rows of one child the registration stays. Rows of units for which a newer batch speaks are left out.
 */
async function writeSides({ batches, outspoken, workDir, signal }: BooksInput): Promise<Sides> {
  const session = await openSession({
    workDir,
    memoryLimitMb: 800,
    threads: 2,
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    await session.run('CREATE TABLE outspoken (batch_id INTEGER, unit_id INTEGER)')
    await session.append(
      'outspoken',
      outspoken.map(({ batchId, unitId }) => [batchId, unitId]),
    )
    const rowsOf = async (kinds: readonly ImportKind[], role: 'population' | 'roll') => {
      const meant = batches.filter((batch) => kinds.includes(batch.kind))
      // A batch of before the keys were derived at import: the run derives those of its whole side.
      const haveKeys = (await Promise.all(meant.map(({ path }) => hasKeys(session, path)))).every(Boolean)
      const keys = haveKeys ? `, ${LINKAGE_KEYS.map((key) => `s.${keyColumn(key)}`).join(', ')}` : ''
      return kinds
        .flatMap((kind) =>
          batches.filter((batch) => batch.kind === kind).map((batch) => ({ ...batch, rank: kinds.indexOf(kind) })),
        )
        .map(({ batchId, kind, path, rank }) => {
          const cells = FIELDS_OF[role].map(({ id }) => `${cellOf(id, kind)} AS ${quoted(id)}`)
          const place = kind === 'roll' ? 's.school_id' : 's.unit_id'
          return `SELECT ${rank} AS rank, ${batchId}::BIGINT AS batch_id, s.row::INTEGER AS batch_row, ${cells.join(', ')}, s.fault${keys}
            FROM ${parquet(path)} s ANTI JOIN (FROM outspoken WHERE batch_id = ${batchId}) o ON o.unit_id = ${place}`
        })
        .join(' UNION ALL ')
    }
    const write = async (role: 'population' | 'roll', rows: string) => {
      const out = join(workDir, `${role}.parquet`)
      await session.run(`COPY (SELECT (row_number() OVER (ORDER BY rank, batch_id, batch_row))::BIGINT AS row, * FROM (${rows}) ORDER BY row)
        TO ${text(out)} (FORMAT parquet, COMPRESSION snappy)`)
      if ((await session.count(`FROM ${parquet(out)}`)) === 0) throw new Problem('RUN.BATCH_SUPERSEDED')
      return out
    }
    const populationParquet = await write('population', await rowsOf(['population', 'floating'], 'population'))
    const rollParquet = await write('roll', await rowsOf(['roll'], 'roll'))
    const registeredRows = await session.count(`FROM ${parquet(populationParquet)} WHERE rank = 0`)
    return { populationParquet, rollParquet, registeredRows }
  } finally {
    session.close()
  }
}

/** Fields of an extract of residents that stand in the place of those of the register. */
function cellOf(field: string, kind: ImportKind): string {
  if (FIELDS_OF[kind].some(({ id }) => id === field)) return `s.${quoted(field)}`
  return kind === 'floating' && field === 'address' ? 's."livingAddress"' : 'NULL::VARCHAR'
}
