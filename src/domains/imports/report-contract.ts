import { z } from 'zod'
import { SEVERITIES } from './kinds.ts'

const count = z.number().int().min(0)
const UnitName = z.object({ unitId: z.number().int(), name: z.string() })

/** One kind of finding with how many there are and in how many rows. */
export const FindingCount = z.object({
  code: z.string(),
  label: z.string(),
  severity: z.enum(SEVERITIES),
  findings: count,
  rows: count,
})
export type FindingCount = z.infer<typeof FindingCount>

/** What the officer has to know of the sheet as a whole; `batchId` where it speaks of an earlier batch. */
export const ImportNote = z.object({
  code: z.enum([
    'other-kind',
    'no-township',
    'same-content',
    'older-extract',
    'closed-school',
    'columns-changed',
    'other-worksheets',
    'merged-cells',
    'heading-rows',
    'rounded-numbers',
    'findings-cut',
    'covers-less',
    'far-fewer',
    'stored-numbers',
    'columns-cut',
    'left-aside',
  ]),
  text: z.string(),
  batchId: z.number().int().nullable(),
})
export type ImportNote = z.infer<typeof ImportNote>

export const ImportReport = z.object({
  rows: count,
  /** Rows with something that must be corrected: they do not go in. */
  refusedRows: count,
  /** Rows that go in and stand on the repair list. */
  repairRows: count,
  /** Rows with reminders only. */
  remindedRows: count,
  /** Of no age that is looked for: counted, and left. */
  asideRows: count,
  /** rows − refusedRows − asideRows. */
  goodRows: count,
  /** By number of findings, those that refuse first. Only codes that occur. */
  counts: z.array(FindingCount),
  /** What storing the good rows would do: newChildren + changed + unchanged + repeats = goodRows. */
  effect: z.object({ newChildren: count, changed: count, unchanged: count, repeats: count }),
  notes: z.array(ImportNote),
  /** Of which units the sheet speaks whole: schools of a roll, districts of an extract; the largest first, at most 50. */
  covers: z.array(UnitName.extend({ rows: count })),
  coverCount: count,
  seconds: z.number(),
})
export type ImportReport = z.infer<typeof ImportReport>
