import type { AccountId, ChildId, PostingId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { obligationDay } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type FoundEntry, findOpenEntry, type OpenEntry, postFound } from '../cases/server.ts'
import { findChild, findSurvivor } from '../persons/server.ts'
import { accountCodeOf, accountWords, BOOK_ACCOUNTS, evidenceExpiryOn } from '../whereabouts/index.ts'
import { findHomeOf, findPostingOf } from './home-store.server.ts'
import { accountOfLine, decideDenied, type Ending, evidenceOfProof } from './rules.ts'
import type { LineFound } from './store.ts'
import { outsideWords as words } from './words.ts'

interface Act {
  readonly authorId: AccountId
  readonly today: PlainDate
}

/** [OUT-4] What a proven line says in the books. Null: a child of elsewhere, for whom another bureau keeps its books. */
export async function postProven(tx: Tx, line: LineFound, { authorId, today }: Act): Promise<PostingId | null> {
  const { proof, checkedDay, validUntil } = line
  if (line.homeUnitId === null || proof === null || checkedDay === null || validUntil === null) return null
  const childId = await survivorOf(tx, line.childId)
  const stands = await findOpenEntry(tx, childId)
  const home = await findHomeOf(tx, childId)
  const account = accountOfLine(line.hostUnitId)
  const from = fromDay(stands, { account, checkedDay })
  const birth = (await findChild(tx, childId))?.birth ?? null
  const entry: FoundEntry = {
    childId,
    account,
    from,
    registered: stands === undefined ? (home?.unitId ?? line.homeUnitId) : stands.registeredId,
    living: null,
    school: line.hostUnitId === null ? null : line.schoolId,
    pauseUntil: null,
    evidence: evidenceOfProof(proof),
    confirmedDay: checkedDay,
    expiresDay: validUntil,
    obligedFrom: stands === undefined && birth !== null ? later(from, obligationDay(birth)) : undefined,
  }
  return postFound(tx, { source: 'case', sourceKey: `outside:${line.lineId}`, authorId }, [entry], today)
}

/** [OUT-4] From the day of the paper; over what is asked for or said alike, not before that began. */
function fromDay(
  stands: OpenEntry | undefined,
  { account, checkedDay }: { readonly account: string; readonly checkedDay: PlainDate },
): PlainDate {
  if (stands === undefined || stands.since <= checkedDay) return checkedDay
  const code = accountCodeOf(stands.accountId)
  if (BOOK_ACCOUNTS[code].isUnexplained || code === account) return stands.since
  throw new Problem('REQUEST.MALFORMED', {
    where: words.where.checkedDay,
    advice: words.advice.booksNewer(stands.since, accountWords.accounts[code]),
  })
}

/** [OUT-5] */
export async function postDenied(tx: Tx, line: LineFound, act: Act): Promise<void> {
  if (line.homeUnitId === null) return
  const childId = await survivorOf(tx, line.childId)
  const stands = await findOpenEntry(tx, childId)
  const isOfLine = line.postingId !== null && (await findPostingOf(tx, childId)) === line.postingId
  const account = decideDenied({ stands: stands === undefined ? null : accountCodeOf(stands.accountId), isOfLine })
  if (stands === undefined || account === null) return
  await postFound(tx, ground(line, act), [askedEntry(childId, stands, { account, today: act.today })], act.today)
}

/** [OUT-10] At school here again, where the school is told; else what the books rested on the line is asked for. */
export async function postBack(
  tx: Tx,
  line: LineFound,
  act: Act & { readonly ending: Ending; readonly day: PlainDate; readonly schoolId?: number | undefined },
): Promise<void> {
  if (line.homeUnitId === null) return
  const childId = await survivorOf(tx, line.childId)
  const stands = await findOpenEntry(tx, childId)
  if (stands === undefined) return
  if (act.ending === 'returned' && act.schoolId !== undefined) {
    const entry: FoundEntry = {
      childId,
      account: 'here',
      from: later(stands.since, act.day),
      registered: stands.registeredId,
      living: stands.livingId ?? stands.registeredId,
      school: act.schoolId,
      pauseUntil: null,
      evidence: 'attendance',
      confirmedDay: act.day,
      expiresDay: evidenceExpiryOn('attendance', act.day),
    }
    await postFound(tx, ground(line, act), [entry], act.today)
    return
  }
  const isOfLine = line.postingId !== null && (await findPostingOf(tx, childId)) === line.postingId
  if (!isOfLine) return
  await postFound(
    tx,
    ground(line, act),
    [askedEntry(childId, stands, { account: 'to-verify', today: act.today })],
    act.today,
  )
}

function askedEntry(
  childId: ChildId,
  stands: OpenEntry,
  { account, today }: { readonly account: 'to-verify' | 'conflict'; readonly today: PlainDate },
): FoundEntry {
  return {
    childId,
    account,
    from: later(stands.since, today),
    registered: stands.registeredId,
    living: stands.livingId ?? stands.registeredId,
    school: null,
    pauseUntil: null,
    evidence: 'officer',
    confirmedDay: today,
    expiresDay: evidenceExpiryOn('officer', today),
  }
}

function ground({ lineId }: LineFound, { authorId }: Act) {
  return { source: 'case', sourceKey: `outside:${lineId}`, authorId } as const
}

async function survivorOf(tx: Tx, child: ChildId): Promise<ChildId> {
  return (await findSurvivor(tx, child)) ?? child
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b
}
