import { z } from 'zod'
import { BOOK_KINDS } from '../persons/index.ts'
import { AccountCodeSchema } from '../whereabouts/index.ts'

const Kind = z.enum(BOOK_KINDS)

/** A batch that a run reads. */
export const RunInput = z.object({
  batchId: z.number().int(),
  kind: Kind,
  asOf: z.iso.date(),
  /** Who gave it. */
  giver: z.string(),
  rows: z.number().int(),
})
export type RunInput = z.infer<typeof RunInput>

/** Children that a posting moved; `from` null: came into the books. */
export const PostedChange = z.object({
  from: AccountCodeSchema.nullable(),
  to: AccountCodeSchema,
  count: z.number().int(),
})
export type PostedChange = z.infer<typeof PostedChange>

export const RunPosting = z.object({
  /** `reversed`: a batch it stood on was undone, and its postings with it. */
  state: z.enum(['posting', 'posted', 'reversed']),
  asOf: z.iso.date(),
  posted: z.number().int(),
  /** Children that turned out to be one. */
  merged: z.number().int(),
  changes: z.array(PostedChange),
})
export type RunPosting = z.infer<typeof RunPosting>

/** How a side differs from what the run before read. */
export const InputChange = z.object({
  kind: Kind,
  isSame: z.boolean(),
  rows: z.number().int(),
  rowsBefore: z.number().int(),
})
export type InputChange = z.infer<typeof InputChange>
