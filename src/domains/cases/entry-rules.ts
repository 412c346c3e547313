import { daysBetween, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { type AccountCode, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { casesWords } from './words.ts'

const { where, advice } = casesWords

export interface SchoolPlace {
  readonly schoolId: number
  /** The district or zone it stands in; null for a school of the city itself. */
  readonly districtId: number | null
}

/** Where a child stands now, as far as a new entry has to fit it. */
export interface Current {
  /** First day it has to be accounted for. */
  readonly obligedFrom: PlainDate
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly school: SchoolPlace | null
  /** District or zone of registration, of residence without one; null where none is known. */
  readonly homeDistrictId: number | null
}

export interface EntryDraft {
  readonly account: AccountCode
  readonly from: PlainDate
  readonly evidence: string
  /** As the officer names it; null: the one the child is on the roll of. */
  readonly school: SchoolPlace | null
  readonly pauseUntil: PlainDate | null
}

/** What an entry says on the three bases. */
export interface EntryPlaces {
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly schoolId: number | null
}

/** What the day of posting and the policy in force allow. */
export interface Terms {
  readonly today: PlainDate
  /** Calendar days. */
  readonly longestPause: number
}

/** Not on a roll of ours and not living here, as far as the entry goes. */
const GONE: ReadonlySet<AccountCode> = new Set(['other-province', 'moved-out', 'settled-abroad', 'died'])

/** [CASE-13] Only what the law and the accounts allow together; answers what the entry says of registration, residence and roll. */
export function decideEntry(draft: EntryDraft, now: Current, { today, longestPause }: Terms): EntryPlaces {
  const account = BOOK_ACCOUNTS[draft.account]
  refuseDays(draft, now, { today, longestPause })
  if (account.isClosing && draft.evidence === 'officer') throw unlawful(where.evidence, advice.evidenceNeeded)
  if (account.group === 5 && now.registeredId !== null) throw unlawful(where.account, advice.isRegistered)
  const isGone = GONE.has(draft.account)
  // Who has finished or gone is on no roll of ours; everybody else stays on the one he is on.
  const school = isGone || account.isClosing ? null : (draft.school ?? now.school)
  refuseSchool(draft.account, school, now.homeDistrictId)
  return {
    registeredId: now.registeredId,
    livingId: isGone ? null : now.livingId,
    schoolId: school?.schoolId ?? null,
  }
}

function refuseDays({ account, from, pauseUntil }: EntryDraft, now: Current, { today, longestPause }: Terms): void {
  if (from > today) throw unlawful(where.from, advice.fromFuture)
  if (from < now.obligedFrom) throw unlawful(where.from, advice.fromTooEarly(now.obligedFrom))
  if (BOOK_ACCOUNTS[account].isPause) {
    if (pauseUntil === null || pauseUntil <= from) throw unlawful(where.pauseUntil, advice.pauseNeedsEnd)
    if (daysBetween(from, pauseUntil) > longestPause)
      throw unlawful(where.pauseUntil, advice.pauseTooLong(longestPause))
    return
  }
  if (pauseUntil !== null) throw unlawful(where.pauseUntil, advice.noPauseEnd)
}

/** 在本地 is the district of registration; the same school seen from another district is 在市内别处. */
function refuseSchool(account: AccountCode, school: SchoolPlace | null, homeDistrictId: number | null): void {
  if (account !== 'here' && account !== 'elsewhere-in-city') return
  if (school === null) throw unlawful(where.unit, advice.schoolNeeded)
  if (homeDistrictId === null) return
  if ((account === 'here') !== (school.districtId === homeDistrictId)) throw unlawful(where.unit, advice.wrongDistrict)
}

/** [CASE-15] */
export function decideDueChange(dueDay: PlainDate, today: PlainDate, mostDays: number): void {
  if (dueDay < today) throw unlawful(where.due, advice.dueTooEarly)
  if (daysBetween(today, dueDay) > mostDays) throw unlawful(where.due, advice.dueTooLate(mostDays))
}

function unlawful(place: string, what: string): Problem {
  return new Problem('ENTRY.NOT_LAWFUL', { where: place, advice: what })
}
