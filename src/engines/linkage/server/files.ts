import { join } from 'node:path'
import type { LinkageDefinition } from '../definition.ts'
import { text } from '../dialect.ts'
import type { Model } from '../model.ts'
import { type LinkInput, type LinkOutcome, link } from './link.ts'
import { openSession, type SessionOptions } from './session.ts'

export interface LinkFilesInput extends Omit<LinkInput, 'left' | 'right'>, SessionOptions {
  readonly definition: LinkageDefinition
  /** Parquet files that `prepare` made. */
  readonly left: LinkInput['left'] | string
  readonly right: LinkInput['right'] | string
  readonly model?: Model
  /** An existing folder for the results. */
  readonly out: string
}

export interface LinkFiles extends LinkOutcome {
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
    const outcome = await link(session, { ...input, left: side(input.left), right: side(input.right) })
    const files = {
      links: join(input.out, 'links.parquet'),
      repeatsLeft: join(input.out, 'repeats-left.parquet'),
      repeatsRight: join(input.out, 'repeats-right.parquet'),
    }
    const write = (table: string, order: string, out: string) =>
      session.run(`COPY (SELECT * FROM ${table} ORDER BY ${order}) TO ${text(out)} (FORMAT parquet, COMPRESSION zstd)`)
    await write('link', 'l, r', files.links)
    await write('repeat_left', 'row, same_as', files.repeatsLeft)
    await write('repeat_right', 'row, same_as', files.repeatsRight)
    return { ...outcome, ...files }
  } finally {
    session.close()
  }
}
