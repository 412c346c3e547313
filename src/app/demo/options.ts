import { type SchoolYear, schoolYear } from '../../kernel/school-year.ts'

/** What a generated city depends on; the same options give the same bytes. */
export interface DemoOptions {
  readonly seed: number
  /** 1 is the city itself: 3.3 million rows of population, 3.14 million pupils. */
  readonly scale: number
  readonly schoolYear: SchoolYear
  /** [DEMO-6] Share of the registered with an open obligation who go to no school at all. */
  readonly outOfSchoolShare: number
  /** [DEMO-5] Share of the registered with an open obligation who are at school outside the city and on none of its rolls. */
  readonly elsewhereShare: number
  /** Multiplies the rate of every planted fault. */
  readonly corruption: number
}

export const DEMO_DEFAULTS: DemoOptions = {
  seed: 20260901,
  scale: 0.01,
  schoolYear: schoolYear(2026),
  outOfSchoolShare: 0.003,
  elsewhereShare: 0.05,
  corruption: 1,
}

export function demoOptions(given: Partial<DemoOptions> = {}): DemoOptions {
  const options = { ...DEMO_DEFAULTS, ...given }
  if (!(options.scale > 0 && options.scale <= 1))
    throw new RangeError(`scale is above 0 and at most 1: ${options.scale}`)
  for (const share of [options.outOfSchoolShare, options.elsewhereShare]) {
    if (!(share >= 0 && share <= 0.4)) throw new RangeError(`a share is between 0 and 0.4: ${share}`)
  }
  if (!(options.corruption >= 0 && options.corruption <= 5)) {
    throw new RangeError(`corruption is between 0 and 5: ${options.corruption}`)
  }
  return options
}
