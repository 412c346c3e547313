import { personsWords } from './words.ts'

const { tag, tagSource: source } = personsWords

interface Tag {
  readonly label: string
  /** Which paper or register defines the group. */
  readonly source: string
  /** Says something of health, poverty or a case; never on a list, and only where the child's duties lie. */
  readonly isSensitive: boolean
}

/** [PERS-13] Groups that a child or its household belongs to, held with their days and sealed. */
export const TAGS = {
  'left-behind': { label: tag.leftBehind, source: source.leftBehind, isSensitive: false },
  'left-behind-unattended': { label: tag.leftBehindUnattended, source: source.leftBehind, isSensitive: true },
  'left-behind-frail-guardian': { label: tag.leftBehindFrail, source: source.leftBehind, isSensitive: true },
  migrant: { label: tag.migrant, source: source.statistics, isSensitive: false },
  floating: { label: tag.floating, source: source.floating, isSensitive: false },
  'away-from-district': { label: tag.away, source: source.seeds, isSensitive: false },
  hardship: { label: tag.hardship, source: source.hardship, isSensitive: true },
  orphan: { label: tag.orphan, source: source.orphan, isSensitive: true },
  'no-guardian': { label: tag.noGuardian, source: source.noGuardian, isSensitive: true },
  disabled: { label: tag.disabled, source: source.disabled, isSensitive: true },
  'disabled-severe': { label: tag.disabledSevere, source: source.disabled, isSensitive: true },
  'disabled-sight': { label: tag.disabledSight, source: source.disabled, isSensitive: true },
  'disabled-hearing': { label: tag.disabledHearing, source: source.disabled, isSensitive: true },
  'disabled-parent': { label: tag.disabledParent, source: source.form, isSensitive: true },
  'martyr-child': { label: tag.martyrChild, source: source.form, isSensitive: true },
  'out-of-poverty': { label: tag.outOfPoverty, source: source.form, isSensitive: true },
  'poverty-unstable': { label: tag.povertyUnstable, source: source.form, isSensitive: true },
  'poverty-edge': { label: tag.povertyEdge, source: source.form, isSensitive: true },
  'sudden-hardship': { label: tag.suddenHardship, source: source.form, isSensitive: true },
  'low-income': { label: tag.lowIncome, source: source.relief, isSensitive: true },
  'low-income-edge': { label: tag.lowIncomeEdge, source: source.form, isSensitive: true },
  'extreme-hardship': { label: tag.extremeHardship, source: source.relief, isSensitive: true },
  'rigid-spending': { label: tag.rigidSpending, source: source.spending, isSensitive: true },
  'other-low-income': { label: tag.otherLowIncome, source: source.form, isSensitive: true },
  'poor-boarder': { label: tag.poorBoarder, source: source.seeds, isSensitive: true },
  'poor-day-pupil': { label: tag.poorDayPupil, source: source.seeds, isSensitive: true },
  'learning-difficulty': { label: tag.learning, source: source.seeds, isSensitive: true },
  'double-difficulty': { label: tag.doubleDifficulty, source: source.seeds, isSensitive: true },
  'special-family': { label: tag.specialFamily, source: source.seeds, isSensitive: true },
  'special-constitution': { label: tag.specialConstitution, source: source.seeds, isSensitive: true },
  'special-psychology': { label: tag.specialPsychology, source: source.seeds, isSensitive: true },
  'in-a-case': { label: tag.inACase, source: source.keyGroups, isSensitive: true },
  'two-earner': { label: tag.twoEarner, source: source.seeds, isSensitive: false },
  'front-line-family': { label: tag.frontLine, source: source.seeds, isSensitive: false },
  'without-device': { label: tag.withoutDevice, source: source.seeds, isSensitive: false },
  'without-supplies': { label: tag.withoutSupplies, source: source.seeds, isSensitive: false },
} as const satisfies Readonly<Record<string, Tag>>

export type TagCode = keyof typeof TAGS

export function isTagCode(code: string): code is TagCode {
  return Object.hasOwn(TAGS, code)
}

/** [PERS-13] Groups a unit's ground belongs to. */
export const AREA_TAGS = {
  rural: tag.rural,
  remote: tag.remote,
  poor: tag.poor,
  minority: tag.minority,
  reservoir: tag.reservoir,
  urban: tag.urban,
  'central-town': tag.centralTown,
  'village-school': tag.villageSchool,
  'teaching-point': tag.teachingPoint,
} as const

export type AreaTagCode = keyof typeof AREA_TAGS
