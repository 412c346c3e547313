import { valueOn } from '../../engines/policy/index.ts'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, AuditPen } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { lockBooks } from '../whereabouts/server.ts'
import { caseDetail, caseList, childStanding } from './case-view.server.ts'
import { listHolders } from './chain.store.server.ts'
import type { CaseDetail, CaseList, ChildStanding, OfficerEvidence } from './contract.ts'
import { postOne } from './entry.server.ts'
import { type SchoolFound, searchSchools } from './entry.store.server.ts'
import { decideDueChange } from './entry-rules.ts'
import { mergeAndPost, unmergeAndPost } from './merge.server.ts'
import { keepNote } from './notes.server.ts'
import { leastReason, mostDelayDays } from './policy.ts'
import { endAnswers, retie } from './staging.store.server.ts'
import {
  type CaseQuery,
  findFile,
  findMerge,
  findSeenChild,
  insertAnswersTie,
  listUnitsOfChild,
  updateDueDay,
  updateOwner,
} from './store.ts'
import { casesWords } from './words.ts'

/** On whose behalf, and the audit line of the request. */
export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

export async function listCases(services: Services, actor: Actor, query: CaseQuery): Promise<CaseList> {
  return services.db.inScope(actor.scope, (tx) => caseList(tx, services, query))
}

export async function readCase(services: Services, actor: Actor, caseId: number): Promise<CaseDetail> {
  return services.db.inScope(actor.scope, async (tx) => {
    const file = await findFile(tx, caseId)
    if (file === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return caseDetail(tx, services, actor, file)
  })
}

export async function readStanding(services: Services, actor: Actor, childId: ChildId): Promise<ChildStanding> {
  return services.db.inScope(actor.scope, (tx) => childStanding(tx, services, childId))
}

export async function findSchools({ db, clock }: Services, actor: Actor, q: string): Promise<{ rows: SchoolFound[] }> {
  const rows = await db.inScope(actor.scope, (tx) => searchSchools(tx, { q, near: actor.unitId, on: clock.today() }))
  return { rows }
}

export interface CaseChange {
  readonly dueDay?: PlainDate | undefined
  readonly owner?: { readonly unitId: number; readonly staffId: number } | undefined
  readonly reason: string
}

/** [CASE-15] Another day or another holder, for a reason that is kept. The new holder answers at a unit the child is tied to. */
export async function changeCase(
  services: Services,
  { actor, audit }: Asked,
  caseId: number,
  change: CaseChange,
): Promise<CaseDetail> {
  const { db, clock } = services
  const today = clock.today()
  await seeFile(services, actor, caseId)
  const reason = reasonOf(change.reason, today)
  if (change.dueDay !== undefined) decideDueChange(change.dueDay, today, valueOn(mostDelayDays, today))
  await db.asSystem('cases.change', async (tx) => {
    const file = await findFile(tx, caseId)
    if (file === undefined) throw new Problem('REQUEST.NOT_FOUND')
    if (!file.isOpen) throw new Problem('CASE.CLOSED', { day: file.closedDay ?? '' })
    const note = { childId: file.childId, caseId, postingId: null, text: reason }
    if (change.dueDay !== undefined) {
      await updateDueDay(tx, caseId, change.dueDay)
      await keepNote(tx, services, actor.accountId, { ...note, kind: 'due' })
    }
    if (change.owner !== undefined) {
      const { unitId, staffId } = change.owner
      const mayHold = (await listUnitsOfChild(tx, file.childId)).includes(unitId)
      const holders = mayHold ? await listHolders(tx, [unitId], today) : []
      if (!holders.some((holder) => holder.staff_id === staffId)) {
        throw new Problem('ENTRY.NOT_LAWFUL', { where: casesWords.where.owner, advice: casesWords.advice.notHolder })
      }
      await updateOwner(tx, file, { unitId, staffId, isStandIn: false })
      await endAnswers(tx, [file.childId], today)
      await insertAnswersTie(tx, file.childId, unitId, today)
      await retie(tx, [file.childId], today)
      await keepNote(tx, services, actor.accountId, { ...note, kind: 'owner' })
    }
    await audit.record(tx, { target: `case:${caseId}` })
  })
  return readCase(services, actor, caseId)
}

export interface EntryOrder {
  readonly childId: ChildId
  readonly account: AccountCode
  readonly from: PlainDate
  readonly evidence: OfficerEvidence
  readonly unitId?: number | undefined
  readonly pauseUntil?: PlainDate | undefined
  readonly note?: string | undefined
}

/** [CASE-13] An officer says where a child is; a correction is a newer entry. */
export async function postEntry(
  services: Services,
  { actor, audit }: Asked,
  order: EntryOrder,
): Promise<{ postingId: number; caseId: number | null }> {
  const { db, clock } = services
  await seeChild(services, actor, order.childId)
  return db.asSystem('cases.post-entry', async (tx) => {
    const { postingId, caseId } = await postOne(
      tx,
      { ...order, schoolId: order.unitId ?? null, pauseUntil: order.pauseUntil ?? null },
      { authorId: actor.accountId, today: clock.today() },
    )
    const text = order.note?.trim() ?? ''
    if (text !== '') {
      await keepNote(tx, services, actor.accountId, { childId: order.childId, caseId, postingId, kind: 'entry', text })
    }
    await audit.record(tx, { target: `child:${order.childId}` })
    return { postingId, caseId }
  })
}

/** [CASE-10] An officer found two files to be of one child. Both have to be in his sight. */
export async function mergeTwo(
  services: Services,
  { actor, audit }: Asked,
  order: { readonly from: ChildId; readonly into: ChildId; readonly reason: string },
): Promise<{ mergeId: number; childId: number }> {
  const { db, clock, ids } = services
  await seeChild(services, actor, order.from)
  if (order.from === order.into) throw new Problem('CASE.SAME_CHILD', { advice: casesWords.advice.sameChild })
  await seeChild(services, actor, order.into)
  const text = reasonOf(order.reason, clock.today())
  return db.asSystem('cases.merge', async (tx) => {
    // Two officers at once: the second sees what the first has made of the children.
    await lockBooks(tx)
    for (const id of [order.from, order.into]) await refuseMerged(tx, id)
    const act = { source: 'officer', sourceKey: ids.uuid(), authorId: actor.accountId, now: clock.now() } as const
    await mergeAndPost(tx, [{ from: order.from, into: order.into, grounds: null }], {
      ...act,
      today: clock.today(),
    })
    const merge = await findMerge(tx, { fromChild: order.from })
    if (merge === undefined) throw new Error('a merge left no line')
    const note = { childId: order.into, caseId: null, postingId: null, kind: 'merge', text } as const
    await keepNote(tx, services, actor.accountId, note)
    await audit.record(tx, { target: `child:${order.from} child:${order.into}` })
    return { mergeId: merge.mergeId, childId: order.into }
  })
}

/** [CASE-10] They were two after all. */
export async function undoMerge(
  services: Services,
  { actor, audit }: Asked,
  order: { readonly mergeId: number; readonly reason: string },
): Promise<{ childId: number; fromChildId: number }> {
  const { db, clock } = services
  await db.inScope(actor.scope, async (tx) => {
    if ((await findMerge(tx, { mergeId: order.mergeId })) === undefined) throw new Problem('REQUEST.NOT_FOUND')
  })
  const text = reasonOf(order.reason, clock.today())
  return db.asSystem('cases.undo-merge', async (tx) => {
    const act = { authorId: actor.accountId, now: clock.now(), today: clock.today() }
    const { fromChild, intoChild, postingId } = await unmergeAndPost(tx, order.mergeId, act)
    const note = { childId: intoChild, caseId: null, postingId, kind: 'unmerge', text } as const
    await keepNote(tx, services, actor.accountId, note)
    await audit.record(tx, { target: `merge:${order.mergeId}` })
    return { childId: intoChild, fromChildId: fromChild }
  })
}

async function seeFile({ db }: Services, actor: Actor, caseId: number): Promise<void> {
  const file = await db.inScope(actor.scope, (tx) => findFile(tx, caseId))
  if (file === undefined) throw new Problem('REQUEST.NOT_FOUND')
}

/** [CASE-13] Who has no tie to the child does not find it; a child that became another is found there. */
async function seeChild({ db }: Services, actor: Actor, id: ChildId): Promise<void> {
  await db.inScope(actor.scope, (tx) => refuseMerged(tx, id))
}

async function refuseMerged(tx: Tx, id: ChildId): Promise<void> {
  const child = await findSeenChild(tx, id)
  if (child === undefined) throw new Problem('REQUEST.NOT_FOUND')
  if (child.mergedInto !== null) throw new Problem('CASE.SAME_CHILD', { advice: casesWords.advice.merged })
}

function reasonOf(reason: string, today: PlainDate): string {
  return decideReason(reason, 'CASE.REASON_NEEDED', valueOn(leastReason, today))
}
