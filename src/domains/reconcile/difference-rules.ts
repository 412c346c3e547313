import type { PlainDate } from '../../kernel/plain-date.ts'

/** What became of a child between two runs. */
export const DIFFERENCE_KINDS = ['new', 'resolved', 'changed', 'entered', 'left'] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** Why, the nearest cause first. */
export const DIFFERENCE_CAUSES = [
  /** Somebody decided a pair of records of the child, or took a decision back. */
  'decision',
  /** An officer's entry, case or merge. */
  'officer',
  /** The day's close. */
  'close',
  /** A batch was undone. */
  'undone',
  /** A school year began in between. */
  'term',
  /** The sheets say something else of the child. */
  'input',
  /** The sheets say the same; the rules of linking are others. */
  'model',
  /** The own sheets say the same; sheets of other units changed. */
  'others',
] as const
export type DifferenceCause = (typeof DIFFERENCE_CAUSES)[number]

export interface Between {
  /** Null: not in the books. */
  readonly before: { readonly unexplained: boolean } | null
  readonly after: { readonly unexplained: boolean } | null
}

/** [DIFF-1] Unexplained is what has to be worked on: it comes, goes, or changes its account. */
export function kindOf({ before, after }: Between): DifferenceKind {
  if (after === null) return before?.unexplained === true ? 'resolved' : 'left'
  if (after.unexplained) return before?.unexplained === true ? 'changed' : 'new'
  if (before === null) return 'entered'
  return before.unexplained ? 'resolved' : 'changed'
}

export interface CauseFacts {
  readonly isDecided: boolean
  /** Who wrote the entry that stands after the run; null: nobody, the child left the books. */
  readonly writer: 'run' | 'close' | 'case' | 'undo' | 'merge' | 'correction' | null
  readonly hasBegun: boolean
  readonly hasOtherRows: boolean
  readonly isOtherModel: boolean
}

/** [DIFF-2] One cause a child: what people did before what the sheets say, and those before the rules. */
export function causeOf(facts: CauseFacts): DifferenceCause {
  if (facts.isDecided) return 'decision'
  if (facts.writer === 'close') return 'close'
  if (facts.writer === 'undo') return 'undone'
  if (facts.writer === 'case' || facts.writer === 'correction' || facts.writer === 'merge') return 'officer'
  if (facts.hasBegun) return 'term'
  if (facts.hasOtherRows) return 'input'
  return facts.isOtherModel ? 'model' : 'others'
}

/** Whether a 31 August, the day on which obligations open, lies in between: after the one day, not after the other. */
export function hasTermBegun(from: PlainDate, until: PlainDate): boolean {
  const schoolYear = (day: PlainDate) => Number(day.slice(0, 4)) - (day.slice(5) < '08-31' ? 1 : 0)
  return schoolYear(until) > schoolYear(from)
}
