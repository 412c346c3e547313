import { addDays } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, AuditPen } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type SchoolFound, searchSchools } from '../cases/server.ts'
import { shownChildren } from '../persons/server.ts'
import { findUnit } from '../registry/server.ts'
import { type Accepted, postAccepted } from './accept.server.ts'
import { checkDetail, checkLines } from './check-view.server.ts'
import type { CheckDetail, CheckList, CheckProgress } from './contract.ts'
import { findTask, listProgress, listTasks, listTasksById, type TaskQuery } from './list.store.server.ts'
import { keepReport, postClosing, RETURN_SEAL, refuseFaults } from './report.server.ts'
import type { ResultCode } from './results.ts'
import { fateOf, missingOf, type ReportDraft } from './rules.ts'
import {
  findFile,
  listClosings,
  listPlaceNames,
  listReportsOfUnit,
  listSeenReports,
  listWrongData,
  lockWaiting,
  setReturned,
} from './store.ts'

/** On whose behalf, and the audit line of the request. */
export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

/** Tasks that ended within so many days show what was done lately. */
const DONE_DAYS = 90
/** Results accepted at once: a few seconds under the lock of the books. */
const MOST_AT_ONCE = 200

/** [CHECK-9] Lists of schools, townships and villages are lists by which somebody goes or calls. */
async function isVisiting(tx: Tx, actor: Actor): Promise<boolean> {
  const kind = (await findUnit(tx, actor.unitId))?.kind
  return kind === 'school' || kind === 'township' || kind === 'village'
}

type ListAsk = Pick<TaskQuery, 'tab' | 'ownerId' | 'result'> & { readonly page: number; readonly size: number }

export async function listChecks(services: Services, actor: Actor, asked: ListAsk): Promise<CheckList> {
  const today = services.clock.today()
  return services.db.inScope(actor.scope, async (tx) => {
    const page = await listTasks(tx, { ...asked, today, isVisiting: await isVisiting(tx, actor) })
    const waiting = []
    for (const { result, caseIds } of page.waiting) {
      const tasks = await listTasksById(tx, caseIds)
      waiting.push({ result, all: caseIds.length, complete: tasks.filter(isComplete).length })
    }
    const owners = await listPlaceNames(
      tx,
      page.owners.map(({ unitId }) => unitId),
    )
    return {
      total: page.total,
      page: asked.page,
      size: asked.size,
      rows: await checkLines(tx, services, page.rows, today),
      counts: page.counts,
      waiting,
      owners: page.owners.flatMap(({ unitId, count }) => {
        const unit = owners.get(unitId)
        return unit === undefined ? [] : [{ ...unit, count }]
      }),
      today,
    }
  })
}

function isComplete({ report, schoolId }: Awaited<ReturnType<typeof listTasksById>>[number]): boolean {
  if (report === null || report.result === null) return false
  return missingOf({ ...report, result: report.result }, schoolId !== null).length === 0
}

export async function readProgress({ db, clock }: Services, actor: Actor): Promise<CheckProgress> {
  const today = clock.today()
  return db.inScope(actor.scope, async (tx) => {
    const doneSince = addDays(today, -DONE_DAYS)
    const rows = await listProgress(tx, { isVisiting: await isVisiting(tx, actor), today, doneSince })
    const places = await listPlaceNames(
      tx,
      rows.map(({ unitId }) => unitId),
    )
    return {
      today,
      rows: rows.flatMap(({ visits, ...row }) => {
        const unit = places.get(row.unitId)
        return unit === undefined ? [] : [{ ...row, ...unit, hasSheet: visits > 0 }]
      }),
    }
  })
}

export async function readCheck(services: Services, actor: Actor, caseId: number): Promise<CheckDetail> {
  const detail = await services.db.inScope(actor.scope, (tx) => checkDetail(tx, services, actor, caseId))
  if (detail.isOpen) return detail
  const closings = await services.db.asSystem('checks.closing', (tx) => listClosings(tx, [caseId]))
  return { ...detail, closedBy: closings.get(caseId) ?? null }
}

/** [CHECK-3] A visit, a call or a result for a child the own unit is tied to. */
export async function giveReport(
  services: Services,
  { actor, audit }: Asked,
  caseId: number,
  draft: ReportDraft,
): Promise<CheckDetail> {
  const { db, clock } = services
  const today = clock.today()
  await db.inScope(actor.scope, async (tx) => {
    const file = await findFile(tx, caseId)
    if (file === undefined) throw new Problem('REQUEST.NOT_FOUND')
    const task = await findTask(tx, caseId)
    if (task === undefined) throw new Problem('CHECK.CLOSED', { day: file.closedDay ?? today })
    await refuseFaults(tx, draft, { today, isRegistered: task.registeredId !== null })
  })
  await db.asSystem('checks.report', async (tx) => {
    const task = await findTask(tx, caseId)
    if (task === undefined) throw new Problem('CHECK.CLOSED', { day: today })
    const { closing } = await keepReport(tx, services, { task, draft, actor, via: 'page' })
    if (closing !== null) await postClosing(tx, services, [closing], actor)
    await audit.record(tx, { target: `case:${caseId}` })
  })
  return readCheck(services, actor, caseId)
}

/** [CHECK-5] */
export async function acceptReports(
  services: Services,
  { actor, audit }: Asked,
  reportIds: readonly number[],
): Promise<{ accepted: number; refused: { reportId: number; reason: string }[] }> {
  const { db, clock } = services
  const seen = await db.inScope(actor.scope, (tx) => listSeenReports(tx, reportIds))
  const unseen = reportIds.filter((id) => !seen.has(id))
  const act = { authorId: actor.accountId, decidedBy: actor.accountId, now: clock.now(), today: clock.today() }
  const done = await db.asSystem('checks.accept', async (tx): Promise<Accepted> => {
    const accepted = await postAccepted(
      tx,
      reportIds.filter((id) => seen.has(id)),
      act,
    )
    await audit.record(tx, accepted.postingId === null ? {} : { target: `posting:${accepted.postingId}` })
    // [CHECK-5] A wrong name or number goes on to who mends it.
    for (const { reportId, childId } of await listWrongData(tx, accepted.accepted))
      await services.outbox.publish(tx, {
        topic: 'check.data-wrong',
        key: String(reportId),
        payload: { reportId, childId },
      })
    return accepted
  })
  const notFound = unseen.map((reportId) => ({ reportId, reason: new Problem('REQUEST.NOT_FOUND').message }))
  return { accepted: done.accepted.length, refused: [...done.refused, ...notFound] }
}

/** [CHECK-4] All that show what is asked, the most urgent first. */
export async function acceptComplete(
  services: Services,
  asked: Asked,
  { result, ownerId }: { readonly result: ResultCode; readonly ownerId?: number | undefined },
) {
  const { db, clock } = services
  const complete = await db.inScope(asked.actor.scope, async (tx) => {
    const query = {
      tab: 'all',
      result,
      ownerId,
      today: clock.today(),
      isVisiting: false,
      page: 1,
      size: MOST_AT_ONCE,
    } as const
    const { rows } = await listTasks(tx, query)
    return rows.filter(isComplete).flatMap(({ report }) => (report === null ? [] : [report.reportId]))
  })
  if (complete.length === 0) return { accepted: 0, refused: [] }
  return acceptReports(services, asked, complete)
}

/** [CHECK-3] Sent back with a reason; the task is open again for the same people. */
export async function returnReport(
  services: Services,
  { actor, audit }: Asked,
  { reportId, reason }: { readonly reportId: number; readonly reason: string },
): Promise<{ reportId: number }> {
  const { db, keys, clock } = services
  const seen = await db.inScope(actor.scope, (tx) => listSeenReports(tx, [reportId]))
  if (!seen.has(reportId)) throw new Problem('REQUEST.NOT_FOUND')
  const text = decideReason(reason, 'CHECK.REASON_NEEDED')
  await db.asSystem('checks.return', async (tx) => {
    const [report] = await lockWaiting(tx, [reportId])
    if (report === undefined) throw new Problem('CHECK.DECIDED')
    const sealed = keys.seal(text, RETURN_SEAL)
    await setReturned(tx, reportId, { accountId: actor.accountId, at: clock.now(), sealed })
    await audit.record(tx, { target: `case:${report.caseId}` })
  })
  return { reportId }
}

/** [CHECK-8] What the own unit gave, with what became of it. */
export async function listReports(
  services: Services,
  actor: Actor,
  page: { readonly page: number; readonly size: number },
) {
  const { db, keys } = services
  const { total, rows } = await db.asSystem('checks.reports', (tx) => listReportsOfUnit(tx, actor.unitId, page))
  const shown = await db.inScope(actor.scope, (tx) =>
    shownChildren(
      tx,
      keys,
      rows.map(({ childId }) => childId),
    ),
  )
  return {
    ...page,
    total,
    rows: rows.map(({ childId, state, decidedBy, isFileOpen, closedBy, givenAt, ...row }) => ({
      ...row,
      name: shown.get(childId)?.name ?? null,
      givenAt: givenAt.toISOString(),
      fate: fateOf(state, isFileOpen),
      isAutomatic: state === 'accepted' && decidedBy === null,
      closedBy: isFileOpen ? null : closedBy,
    })),
  }
}

export async function findSchools({ db, clock }: Services, actor: Actor, q: string): Promise<{ rows: SchoolFound[] }> {
  const rows = await db.inScope(actor.scope, (tx) => searchSchools(tx, { q, near: actor.unitId, on: clock.today() }))
  return { rows }
}
