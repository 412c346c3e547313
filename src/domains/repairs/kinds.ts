/** What may be wrong of a child in a register. Codes; the words stand in `words.ts`. */
export const FIELDS = ['name', 'citizen-id', 'birthday', 'sex', 'former-name'] as const
export type RepairField = (typeof FIELDS)[number]

/** 学籍 and 户籍; the one that `mends` is the one that is wrong. */
export const SIDES = ['roll', 'register'] as const
export type Side = (typeof SIDES)[number]

/** Which is right: a side, or what neither of them says. */
export const RIGHTS = ['roll', 'register', 'other'] as const
export type RightSide = (typeof RIGHTS)[number]

/**
 * found -> confirmed -> sent -> agreed; a sent one that the next export does not carry is `unchanged` (未改) and may be sent
 * again. Dismissed: the two may differ. Lapsed: the sheet that said so was undone.
 */
export const STATES = ['found', 'confirmed', 'sent', 'unchanged', 'agreed', 'dismissed', 'lapsed'] as const
export type RepairState = (typeof STATES)[number]

/** Work is left. */
export const OPEN_STATES = ['found', 'confirmed', 'sent', 'unchanged'] as const

export const HINTS = ['former-name', 'id-unsound', 'id-missing', 'id-shared', 'unreadable'] as const
export type Hint = (typeof HINTS)[number]

export const DISMISS_CAUSES = ['former-name', 'both-lawful', 'other-person', 'left', 'too-small', 'is-right'] as const
export type DismissCause = (typeof DISMISS_CAUSES)[number]
