import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { ResultCode } from './results.ts'
import { checksWords } from './words.ts'

const words = checksWords.policy
/** Of the product, not of a document: the page shows it as to be verified, and a pack may set its own. */
const HOUSE_DEFAULT = {
  from: plainDate('1986-07-01'),
  source: { title: words.design },
  confidence: 'to-verify',
} as const

/** [CHECK-6] Days a check may lie back when its result is given. */
export const oldestCheckDays = defineParameter({
  id: 'checks.oldest-check-days',
  label: words.oldestCheckDays,
  area: words.area,
  unit: 'days',
  note: words.oldestCheckNote,
  least: 7,
  most: 180,
  values: [{ ...HOUSE_DEFAULT, value: 60 }],
})

/** [CHECK-9] Blank lines of a form for children found at the door. */
export const blankLines = defineParameter({
  id: 'checks.blank-lines',
  label: words.blankLines,
  area: words.area,
  unit: 'rows',
  note: words.blankLinesNote,
  least: 0,
  most: 200,
  values: [{ ...HOUSE_DEFAULT, value: 20 }],
})

/** [CHECK-7] A1 that a newer roll says too. */
export const closesHere = selfClosing('checks.closes-itself-a1', words.closesHere, words.closesHereNote)

/** [CHECK-7] A2-1 that a newer roll says too. */
export const closesElsewhere = selfClosing('checks.closes-itself-a2', words.closesElsewhere, words.closesElsewhereNote)

function selfClosing(id: string, label: string, note: string) {
  return defineParameter({
    id,
    label,
    area: words.area,
    unit: 'yes-no',
    note,
    values: [{ ...HOUSE_DEFAULT, value: true }],
  })
}

export const checksParameters = [oldestCheckDays, blankLines, closesHere, closesElsewhere] as const

/** [CHECK-7] Results that need nobody's judgement on a day in a place. */
export function selfClosingOn(day: PlainDate, place?: PolicyPlace): ReadonlySet<string> {
  const closing: ResultCode[] = []
  if (valueOn(closesHere, day, place)) closing.push('A1')
  if (valueOn(closesElsewhere, day, place)) closing.push('A2-1')
  return new Set(closing)
}
