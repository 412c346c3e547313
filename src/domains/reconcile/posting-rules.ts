import { type AccountCode, BOOK_ACCOUNTS } from '../whereabouts/index.ts'

/**
 * What a books run posts of a child. Both questions are asked of whole populations at once: the store tabulates the two
 * decisions and joins millions of children to them, so every fact is one of a few words.
 */

/** What the extracts say of the child's registration, or of its residence where it is not registered here. */
export const REGISTRATIONS = [
  /** Registered (or living) here with an open obligation. */
  'open',
  /** A roll entry may be this child: a person decides. */
  'review',
  /** Beyond nine nominal grades and on no given roll. */
  'over-age',
  /** Not six yet on the cut-off day. */
  'not-begun',
  'died',
  'abroad',
  'moved',
  /** Cancelled, and the reason tells nothing. */
  'cancelled',
  /** Was registered in a district that the run speaks of, and no longer stands in its newest extract. */
  'gone',
  /** In no extract we hold. */
  'none',
] as const
export type Registration = (typeof REGISTRATIONS)[number]

/** What the newest rolls say, of all schools and not only those of the run. */
export const ROLLS = [
  'none',
  /** In school in the district of registration (of residence, where not registered here). */
  'here',
  /** In school in another district of the city. */
  'elsewhere',
  /** In school in two schools at once. */
  'two',
  'paused',
  /** Left with a word that is no dropping out: 转出, 退学, 出国. */
  'left',
  /** 流失, 辍学, 失学. */
  'lost',
  'finished',
  /** In a grade beyond nine. */
  'beyond',
  /** In a kindergarten. */
  'kindergarten',
] as const
export type Roll = (typeof ROLLS)[number]

/** Why a child on a roll may be in no extract. */
export const ORIGINS = [
  'no-registration',
  'other-district',
  'other-province',
  'foreign',
  'id-to-repair',
  'outside-ages',
] as const
export type Origin = (typeof ORIGINS)[number]

export interface EntryFacts {
  readonly registration: Registration
  readonly roll: Roll
  readonly origin: Origin
  /** Already has to be accounted for. */
  readonly isInBooks: boolean
  /** Has had the birthday until which an unfinished child is watched. */
  readonly isWatchedAge: boolean
}

/**
 * [POST-1] The one account of a child by the newest extracts and rolls; null posts nothing: who is not in the books stays
 * out of them, and who is keeps what stands.
 */
export function decideEntry(facts: EntryFacts): AccountCode | null {
  switch (facts.registration) {
    case 'open':
      return entryOfOpen(facts)
    case 'review':
      return 'to-verify'
    case 'over-age':
      return entryOfOverAge(facts)
    case 'not-begun':
      return isAtSchool(facts.roll) ? 'roll-outside-ages' : null
    case 'died':
    case 'abroad':
    case 'moved':
    case 'cancelled':
      return entryOfCancelled(facts)
    case 'gone':
      return isAtSchool(facts.roll) ? entryOfRollOnly(facts) : entryOfGone(facts)
    case 'none':
      return entryOfRollOnly(facts)
  }
}

/** [POST-2] Registered or living here, obligation open. */
function entryOfOpen({ roll, isInBooks }: EntryFacts): AccountCode | null {
  switch (roll) {
    case 'here':
      return 'here'
    case 'elsewhere':
      return 'elsewhere-in-city'
    case 'two':
      return 'conflict'
    case 'paused':
      return 'suspended'
    case 'lost':
      return 'suspected'
    case 'kindergarten':
      return 'late-or-private'
    case 'finished':
    case 'beyond':
      return isInBooks ? 'finished' : null
    case 'left':
    case 'none':
      return 'to-verify'
  }
}

/** [POST-3] Beyond nine grades: a roll may still show the pupil; otherwise only a child of the books is asked for, never closed by age. */
function entryOfOverAge(facts: EntryFacts): AccountCode | null {
  if (isAtSchool(facts.roll)) return entryOfOpen(facts)
  if (!facts.isInBooks) return null
  if (facts.roll === 'finished' || facts.roll === 'beyond') return 'finished'
  return facts.isWatchedAge ? 'over-age' : 'to-verify'
}

/** [POST-4] A cancelled registration on a roll all the same draws money; off the rolls it closes the account of a child of the books. */
function entryOfCancelled({ registration, roll, isInBooks }: EntryFacts): AccountCode | null {
  if (isAtSchool(roll)) return 'roll-ghost'
  if (!isInBooks) return null
  if (registration === 'died') return 'died'
  if (registration === 'abroad') return 'settled-abroad'
  return registration === 'moved' ? 'moved-out' : 'to-verify'
}

/** [POST-5] Who no longer stands in the extract proves nothing by it. */
function entryOfGone({ roll }: EntryFacts): AccountCode {
  if (roll === 'finished' || roll === 'beyond') return 'finished'
  return roll === 'lost' ? 'suspected' : 'to-verify'
}

/** [POST-6] On a roll and in no extract: the reason, while at school; a child of the books that leaves the roll is asked for. */
function entryOfRollOnly(facts: EntryFacts): AccountCode | null {
  const { roll, origin } = facts
  if (roll === 'two') return 'conflict'
  if (roll === 'paused') return 'suspended'
  if (isAtSchool(roll)) return ACCOUNT_OF_ORIGIN[origin]
  return facts.isInBooks && roll !== 'kindergarten' ? entryOfGone(facts) : null
}

const ACCOUNT_OF_ORIGIN: Readonly<Record<Origin, AccountCode>> = {
  'no-registration': 'roll-no-registration',
  'other-district': 'roll-other-district',
  'other-province': 'roll-other-province',
  foreign: 'roll-foreign',
  'id-to-repair': 'roll-id-to-repair',
  'outside-ages': 'roll-outside-ages',
}

function isAtSchool(roll: Roll): boolean {
  return roll === 'here' || roll === 'elsewhere' || roll === 'two' || roll === 'paused'
}

/** Who wrote the entry that stands: a run, the day's close, an officer (a case, a correction, a merge, an undo), or a run over the lists of the classes. */
export const WRITERS = ['nobody', 'run', 'close', 'officer', 'class-list'] as const
export type Writer = (typeof WRITERS)[number]

export interface ChangeFacts {
  readonly by: Writer
  readonly stands: AccountCode | null
  readonly wanted: AccountCode
  /** The sheet that speaks is of a later day than the entry, and than the day an officer wrote it. */
  readonly isNewer: boolean
}

/**
 * [POST-7] What a run posts over what stands. A run replaces what a run posted. What an officer or the day's close wrote
 * gives way only to a newer sheet that proves something: that a child was not found disproves no paper, and 待核 says less
 * than the account an officer chose. A newer roll against an officer's closing evidence is a conflict, for a person.
 * Null keeps what stands.
 */
export function decideChange({ by, stands, wanted, isNewer }: ChangeFacts): AccountCode | null {
  if (stands === null || by === 'nobody' || by === 'run') return wanted
  if (by === 'class-list') return overClassList(stands, wanted)
  if (!isNewer || isUnexplained(wanted, 'conflict')) return null
  if (by === 'close') return BOOK_ACCOUNTS[wanted].isPause && stands !== wanted ? null : wanted
  const isClosedByPaper = BOOK_ACCOUNTS[stands].isClosing
  return isClosedByPaper && !BOOK_ACCOUNTS[wanted].isClosing ? 'conflict' : wanted
}

/**
 * [ROST-16] What the list of a class found: a roll that says 在读 does not seat a child that is in no class (名在人不在), and a
 * register without a roll entry does not unseat one that is. A pause and an end explain both.
 */
function overClassList(stands: AccountCode, wanted: AccountCode): AccountCode | null {
  const { isPause, isClosing, isUnexplained: isAskedFor } = BOOK_ACCOUNTS[wanted]
  if (BOOK_ACCOUNTS[stands].isUnexplained) return isPause || isClosing ? wanted : null
  return isAskedFor && wanted !== 'conflict' ? null : wanted
}

function isUnexplained(account: AccountCode, but: AccountCode): boolean {
  return account !== but && BOOK_ACCOUNTS[account].isUnexplained
}

/** [POST-8] 注销原因 of a registration: died, settled abroad, moved, or nothing told. */
export function cancellationOf(reason: string | null): 'died' | 'abroad' | 'moved' | 'cancelled' {
  const said = (reason ?? '').normalize('NFKC')
  if (/死亡|去世|病故|亡故/u.test(said)) return 'died'
  if (/出国|出境|国外|境外|定居国|加入外国|港澳|台湾/u.test(said)) return 'abroad'
  return /迁出|迁往|迁移|市外|省外|外迁/u.test(said) ? 'moved' : 'cancelled'
}

/** [POST-9] A word of the roll that says the child dropped out, not that it went to another school. */
export function isLostWord(status: string | null): boolean {
  return /流失|辍学|失学/u.test((status ?? '').normalize('NFKC')) && !/复学/u.test(status ?? '')
}

/** [POST-10] Documents of 港澳台 and foreign pupils: those of residents are 居民身份证 and 户口簿. */
export function isForeignDocument(idType: string | null): boolean {
  return /护照|港澳|台湾|台胞|回乡证|通行证|外国人|永久居留/u.test((idType ?? '').normalize('NFKC'))
}
