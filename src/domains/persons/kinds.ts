/** What a sheet speaks of: registered residents (户籍), floating residents (流动人口), the school roll (学籍). */
export const BATCH_KINDS = ['population', 'floating', 'roll'] as const
export type BatchKind = (typeof BATCH_KINDS)[number]

/** Why a unit sees a child: registered there, living there, on its roll, at school there, answering for its open file. */
export const TIE_KINDS = ['registered', 'living', 'roll', 'school', 'answers'] as const
export type TieKind = (typeof TIE_KINDS)[number]

export const TIE_SOURCES = ['batch', 'run', 'case', 'officer', 'division'] as const
export type TieSource = (typeof TIE_SOURCES)[number]

/** How a roll entry stands: the child should be in class, lawfully away for a time, through, or gone. */
export const STATUS_GROUPS = ['in-school', 'paused', 'finished', 'left'] as const
export type StatusGroup = (typeof STATUS_GROUPS)[number]
