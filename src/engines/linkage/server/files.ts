import { join } from 'node:path'
import type { LinkageDefinition } from '../definition.ts'
import { text } from '../dialect.ts'
import type { Model } from '../model.ts'
import { keepRun } from './keep.ts'
import { type LinkInput, type LinkOutcome, link } from './link.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'
import { NO_DECISIONS } from './sides.ts'

export interface LinkFilesInput extends Omit<LinkInput, 'left' | 'right'>, SessionOptions {
  readonly definition: LinkageDefinition
  /** Parquet files that `prepare` made. */
  readonly left: LinkInput['left'] | string
  readonly right: LinkInput['right'] | string
  readonly model?: Model
  /** An existing folder for the results. */
  readonly out: string
  /** An existing folder for what `relinkFiles` goes on with. */
  readonly keep?: string
}

export interface LinkFiles extends LinkOutcome, ResultFiles {}

export interface ResultFiles {
  /** l, r, pattern, weight, score, is_review, in the order of l. */
  readonly links: string
  /** row, same_as, pattern, in the order of row. */
  readonly repeatsLeft: string
  readonly repeatsRight: string
}

/** Two prepared files to three: what belongs together, and what repeats. The same files give the same bytes. */
export async function linkFiles(input: LinkFilesInput): Promise<LinkFiles> {
  const session = await openSession(input)
  try {
    const side = (given: LinkInput['left'] | string) => (typeof given === 'string' ? { prepared: given } : given)
    const isKept = input.keep !== undefined
    const outcome = await link(session, { ...input, isKept, left: side(input.left), right: side(input.right) })
    if (input.keep !== undefined)
      await keepRun(session, input.definition, { ...outcome, decisions: input.decisions ?? NO_DECISIONS }, input.keep)
    return { ...outcome, ...(await writeResults(session, input.out)) }
  } finally {
    session.close()
  }
}

export async function writeResults(session: Session, out: string): Promise<ResultFiles> {
  const files = {
    links: join(out, 'links.parquet'),
    repeatsLeft: join(out, 'repeats-left.parquet'),
    repeatsRight: join(out, 'repeats-right.parquet'),
  }
  const write = (table: string, order: string, file: string) =>
    session.run(`COPY (SELECT * FROM ${table} ORDER BY ${order}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`)
  await write('link', 'l, r', files.links)
  await write('repeat_left', 'row, same_as', files.repeatsLeft)
  await write('repeat_right', 'row, same_as', files.repeatsRight)
  return files
}
