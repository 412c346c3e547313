/** What the books are kept from: registered residents (户籍), floating residents (流动人口), the school roll (学籍). */
export const BOOK_KINDS = ['population', 'floating', 'roll'] as const
export type BookKind = (typeof BOOK_KINDS)[number]

/**
 * Sheets of other offices, which name children and place none on a base: who truly sits in class (在校花名册), poor households
 * (脱贫户, 防返贫), relief (民政), the disabled (残联), aid (资助).
 */
export const LIST_KINDS = ['attendance', 'poverty', 'relief', 'disability', 'aid'] as const
export type ListKind = (typeof LIST_KINDS)[number]

/** What a sheet speaks of. */
export const BATCH_KINDS = [...BOOK_KINDS, ...LIST_KINDS] as const
export type BatchKind = (typeof BATCH_KINDS)[number]

/** [ROST-5] Lists that say poverty, relief or disability of whom they name. */
export const SENSITIVE_KINDS: readonly BatchKind[] = ['poverty', 'relief', 'disability', 'aid']

export function isListKind(kind: BatchKind): kind is ListKind {
  return (LIST_KINDS as readonly BatchKind[]).includes(kind)
}

/** Why a unit sees a child: registered there, living there, on its roll, at school there, answering for its open file, on a list of it. */
export const TIE_KINDS = ['registered', 'living', 'roll', 'school', 'answers', 'listed'] as const
export type TieKind = (typeof TIE_KINDS)[number]

export const TIE_SOURCES = ['batch', 'run', 'case', 'officer', 'division'] as const
export type TieSource = (typeof TIE_SOURCES)[number]

/** How a roll entry stands: the child should be in class, lawfully away for a time, through, or gone. */
export const STATUS_GROUPS = ['in-school', 'paused', 'finished', 'left'] as const
export type StatusGroup = (typeof STATUS_GROUPS)[number]

/** What a list of a class says of a child: there, away with leave, not there, gone elsewhere, a word that nobody understood, out of school. */
export const PRESENCE_MARKS = ['present', 'leave', 'absent', 'gone', 'unclear', 'lost'] as const
export type PresenceMark = (typeof PRESENCE_MARKS)[number]
