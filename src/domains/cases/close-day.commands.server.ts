import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Services } from '../../platform/services.ts'
import { listTiesTurning, retie } from '../persons/server.ts'
import { decideClose } from '../whereabouts/index.ts'
import { findLastClosedDay, markClosed, stageDue } from '../whereabouts/server.ts'
import { findLatestPosting, lockClosing } from './close-day.store.server.ts'
import { relieveHolders } from './holders.server.ts'
import { openAndPost } from './posting.server.ts'

/** Rows posted in one transaction; a day of a district has hundreds, 31 August of the city 300,000. */
const CHUNK = 50_000
/** Children whose sight is made anew in one transaction. */
const SIGHT_CHUNK = 20_000
/** A chunk of 50,000 with its files takes seconds; under load more. */
const STATEMENT = { statementSeconds: 300 }

export interface ClosedDay {
  readonly day: PlainDate
  /** False: it was closed before, nothing was done. */
  readonly isNew: boolean
  readonly posted: number
}

interface CloseOptions {
  /** Rows posted in one transaction. */
  readonly chunk?: number
}

/**
 * [CASE-11] Posts what falls due on `day`, with the files it opens, and marks the day closed. Days close in order, once, and
 * when they are over. [CASE-12] A small day is one transaction. A large one is several, the mark with the last: what was
 * posted is due no more, so a close that was killed goes on where it stopped.
 */
export async function closeDay(
  services: Services,
  day: PlainDate,
  { chunk = CHUNK }: CloseOptions = {},
): Promise<ClosedDay> {
  const { db, log } = services
  const isDue = await db.asSystem('cases.close-day', (tx) => isToClose(tx, services, day))
  if (isDue) await refreshSight(services, day)
  let posted = 0
  for (;;) {
    const part = await db.asSystem('cases.close-day', (tx) => closePart(tx, services, { day, chunk }), STATEMENT)
    if (part === 'already') return { day, isNew: false, posted: 0 }
    posted += part.posted
    if (part.isClosed) break
  }
  log.info('book.day-closed', { day, posted })
  return { day, isNew: true, posted }
}

/** [CASE-11] Every day up to `day` that is not closed yet, oldest first. Nothing while the books are not open. */
export async function closeDaysUntil(services: Services, day: PlainDate): Promise<readonly ClosedDay[]> {
  const last = await services.db.asSystem('cases.last-closed', findLastClosedDay)
  const closed: ClosedDay[] = []
  if (last === undefined) return closed
  warnOfClock(services, last)
  for (let next = addDays(last, 1); next <= day; next = addDays(next, 1)) closed.push(await closeDay(services, next))
  return closed
}

/** [CASE-11] False: it was closed before. A day that is skipped, not over, or before a clock that was set back is refused. */
async function isToClose(tx: Tx, services: Services, day: PlainDate): Promise<boolean> {
  const last = await findLastClosedDay(tx)
  if (last !== undefined) warnOfClock(services, last)
  return decideClose(last, day, services.clock.today()) === 'close'
}

type Part = 'already' | { readonly posted: number; readonly isClosed: boolean }

async function closePart(
  tx: Tx,
  services: Services,
  { day, chunk }: { readonly day: PlainDate; readonly chunk: number },
): Promise<Part> {
  const today = services.clock.today()
  await lockClosing(tx)
  if (!(await isToClose(tx, services, day))) return 'already'
  let posted = 0
  while (posted < chunk) {
    const staged = await stageDue(tx, day, chunk - posted)
    if (staged === 0) {
      await relieveHolders(tx, today)
      await markClosed(tx, day, await findLatestPosting(tx), services.clock.now())
      return { posted, isClosed: true }
    }
    const { postingId } = await openAndPost(tx, { source: 'close', sourceKey: day, authorId: null }, today)
    // Who leaves the balance is posted without an entry.
    if (postingId === null) throw new Error(`what is due on ${day} stays due`)
    posted += staged
  }
  return { posted, isClosed: false }
}

/** The close is refused; whoever keeps the server has to hear of it. */
function warnOfClock({ clock, log }: Services, last: PlainDate): void {
  const today = clock.today()
  if (today < last) log.warn('book.clock-back', { today, last })
}

/** [CASE-8] Whose tie to a child ended with `day` ceases to see it. Made anew, so it may be done twice, and before the mark. */
async function refreshSight({ db, clock }: Services, day: PlainDate): Promise<void> {
  for (let after = 0; ; ) {
    const children = await db.asSystem(
      'cases.refresh-sight',
      async (tx) => {
        const found = await listTiesTurning(tx, addDays(day, 1), after, SIGHT_CHUNK)
        await retie(tx, found, clock.today())
        return found
      },
      STATEMENT,
    )
    if (children.length < SIGHT_CHUNK) return
    after = children.at(-1) ?? after
  }
}
