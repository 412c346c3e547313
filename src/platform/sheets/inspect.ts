import { Problem } from '../../kernel/problem.ts'
import { asProblem, type DuckOptions } from './duck.ts'
import { inspectParquet } from './parquet-sheet.ts'
import { sniffContainer } from './sniff.ts'
import { inspectText } from './text-sheet.ts'
import { SHEET_LIMITS, type SheetField, type SheetLayout, type SheetLimits } from './types.ts'
import { inspectWorkbook } from './xlsx-sheet.ts'

export interface InspectInput extends DuckOptions {
  readonly path: string
  /** As the clerk knows the file. */
  readonly fileName: string
  readonly fields: readonly SheetField[]
  /** Counting reads the whole file once more; the ingest counts anyway. */
  readonly countRows: boolean
  readonly limits?: SheetLimits
}

/** What a reader of one kind of file is given. */
export interface KnownInput extends InspectInput {
  readonly limits: SheetLimits
}

/**
 * Recognises a sheet: what kind of file, which encoding, where the heading stands, which column holds what, how many
 * rows. Whatever is wrong with the file comes back as a Problem in the clerk's words.
 */
export async function inspectSheet(input: InspectInput): Promise<SheetLayout> {
  const known: KnownInput = { ...input, limits: input.limits ?? SHEET_LIMITS }
  try {
    const container = await sniffContainer(known.path, known.fileName)
    const layout = await INSPECTORS[container](known)
    if (layout.rows === 0) throw new Problem('SHEET.NO_ROWS', { file: known.fileName })
    return layout
  } catch (error) {
    throw asProblem(error)
  }
}

const INSPECTORS = { zip: inspectWorkbook, parquet: inspectParquet, text: inspectText } as const
