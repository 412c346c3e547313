/** Bases of a balance: R registered here (户籍), P living here (在地), S on a roll here (学籍). */
export const BASES = ['R', 'P', 'S'] as const
export type Base = (typeof BASES)[number]

/** 1 schooled, 2 lawful pause, 3 closed by evidence, 4 unexplained, 5 on a roll and not registered here. */
export const BOOK_GROUPS = [1, 2, 3, 4, 5] as const
export type BookGroup = (typeof BOOK_GROUPS)[number]

/** The groups that a base accounts for; group 5 stands on rolls only and closes S. */
export const ACCOUNTED_GROUPS = [1, 2, 3, 4] as const

/** [BOOK-1] The accounts, in the order in which they are printed. The ids are those of the table book_account. */
export const BOOK_ACCOUNTS = {
  here: account(101),
  'elsewhere-in-city': account(102),
  'other-province': account(103),
  'home-teaching': account(104),
  'teaching-point': account(105),
  'special-school': account(106),
  'custody-schooled': account(107),
  'art-or-sport': account(108),
  vocational: account(109),
  'without-roll': account(110),

  deferred: account(201),
  suspended: account(202),
  'sick-leave': account(203),
  'awaiting-report': account(204),
  'in-transfer': account(205),

  finished: account(301),
  'moved-out': account(302),
  'settled-abroad': account(303),
  died: account(304),

  'to-verify': account(401),
  'not-located': account(402),
  missing: account(403),
  'disabled-unplaced': account(404),
  'late-or-private': account(405),
  conflict: account(406),
  suspected: account(407),
  'never-enrolled': account(408),
  'dropped-out': account(409),
  'over-age': account(410),

  'roll-other-district': account(501),
  'roll-other-province': account(502),
  'roll-no-registration': account(503),
  'roll-foreign': account(504),
  'roll-id-to-repair': account(505),
  'roll-outside-ages': account(506),
  'roll-ghost': account(507),
} as const

export type AccountCode = keyof typeof BOOK_ACCOUNTS

export interface BookAccount {
  readonly id: number
  readonly group: BookGroup
  readonly isUnexplained: boolean
  /** Needs an end day. */
  readonly isPause: boolean
  /** Ends the obligation. */
  readonly isClosing: boolean
}

export const ACCOUNT_CODES = Object.keys(BOOK_ACCOUNTS) as AccountCode[]

const codeById = new Map<number, AccountCode>(ACCOUNT_CODES.map((code) => [BOOK_ACCOUNTS[code].id, code]))

export function accountCodeOf(id: number): AccountCode {
  const code = codeById.get(id)
  if (code === undefined) throw new RangeError(`not an account: ${id}`)
  return code
}

export function accountsOfGroup(group: BookGroup): readonly AccountCode[] {
  return ACCOUNT_CODES.filter((code) => BOOK_ACCOUNTS[code].group === group)
}

function account(id: number): BookAccount {
  const group = Math.floor(id / 100) as BookGroup
  return { id, group, isUnexplained: group === 4, isPause: group === 2, isClosing: group === 3 }
}
