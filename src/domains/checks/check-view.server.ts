import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findOpenEntry } from '../cases/server.ts'
import { shownChildren } from '../persons/server.ts'
import { findUnit } from '../registry/server.ts'
import { accountCodeOf, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import type { CheckDetail, CheckLine, CheckReport } from './contract.ts'
import { findTask, type ListedTask } from './list.store.server.ts'
import { openWords, RETURN_SEAL } from './report.server.ts'
import { provinceName, resultOf } from './results.ts'
import { evidenceOf, fateOf, isOnVisitLists, missingOf, proposalOf, taskStateOf, whyOf } from './rules.ts'
import {
  type FileState,
  findFile,
  listPlaceNames,
  listReportsOf,
  listStaffNames,
  listTexts,
  type PlaceName,
  type ReportRow,
} from './store.ts'
import { taskFacts } from './task.server.ts'

export async function checkLines(
  tx: Tx,
  { keys }: Pick<Services, 'keys'>,
  tasks: readonly ListedTask[],
  today: PlainDate,
): Promise<CheckLine[]> {
  const shown = await shownChildren(
    tx,
    keys,
    tasks.map(({ childId }) => childId),
  )
  const places = await listPlaceNames(
    tx,
    tasks.flatMap((task) => [task.ownerUnitId, task.livingId, task.registeredId, task.schoolId]),
  )
  const staff = await listStaffNames(
    tx,
    tasks.map(({ ownerId }) => ownerId),
  )
  const nameOf = (id: number | null) => (id === null ? null : (places.get(id)?.name ?? null))
  return tasks.map((task) => {
    const { account, why, proposed, state, missing, isVisited } = taskFacts(task, today)
    const { report } = task
    return {
      caseId: task.caseId,
      childId: task.childId,
      name: shown.get(task.childId)?.name ?? '',
      birthDay: shown.get(task.childId)?.birth ?? null,
      place: nameOf(task.livingId) ?? nameOf(task.registeredId),
      school: nameOf(task.schoolId),
      account,
      since: task.since,
      why,
      proposed,
      state,
      report:
        report === null
          ? null
          : {
              reportId: report.reportId,
              result: report.result,
              method: report.method,
              checkedDay: report.checkedDay,
              missing: [...missing],
              evidence:
                report.result === null
                  ? null
                  : evidenceOf(resultOf(report.result), { ...report, result: report.result }),
            },
      owner: ownerOf(task, places, staff),
      dueDay: task.dueDay,
      isVisited,
    }
  })
}

function ownerOf(
  file: Pick<FileState, 'ownerUnitId' | 'ownerId' | 'isStandIn'>,
  places: ReadonlyMap<number, PlaceName>,
  staff: ReadonlyMap<number, string>,
) {
  const unit = places.get(file.ownerUnitId)
  if (unit === undefined) throw new Error(`a file lies with unit ${file.ownerUnitId}, which is not there`)
  return { unit, person: staff.get(file.ownerId) ?? null, isStandIn: file.isStandIn }
}

/** One task, open or closed, in the scope of who asks. */
export async function checkDetail(tx: Tx, services: Services, actor: Actor, caseId: number): Promise<CheckDetail> {
  const today = services.clock.today()
  const file = await findFile(tx, caseId)
  if (file === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const shown = (await shownChildren(tx, services.keys, [file.childId])).get(file.childId)
  if (shown === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const task = await findTask(tx, caseId)
  const entry = await findOpenEntry(tx, file.childId)
  const account = entry === undefined ? null : accountCodeOf(entry.accountId)
  const isUnexplained = account !== null && BOOK_ACCOUNTS[account].isUnexplained
  const isExpired = entry?.expires != null && entry.expires <= today
  const why =
    entry === undefined || account === null || !isUnexplained
      ? null
      : whyOf(account, { evidence: entry.evidenceKind, isExpired, isRegistered: entry.registeredId !== null })
  const reports = await listReportsOf(tx, caseId)
  const places = await listPlaceNames(tx, [
    file.ownerUnitId,
    entry?.registeredId ?? null,
    entry?.livingId ?? null,
    entry?.schoolId ?? null,
    ...reports.flatMap(({ schoolId, unitId }) => [schoolId, unitId]),
  ])
  const place = (id: number | null | undefined) => (id == null ? null : (places.get(id) ?? null))
  const isVillage = (await findUnit(tx, actor.unitId))?.kind === 'village'
  return {
    caseId,
    childId: file.childId,
    name: shown.name,
    birthDay: shown.birth,
    account,
    since: entry?.since ?? null,
    why,
    proposed: account === null || why === null ? null : proposalOf(account, why, entry?.schoolId != null),
    evidence: entry?.evidenceKind ?? null,
    confirmed: entry?.confirmed ?? null,
    stage: file.stage,
    isOpen: file.isOpen,
    closedDay: file.closedDay,
    closedBy: null,
    state: taskStateOf(task?.report?.state ?? null),
    registered: place(entry?.registeredId),
    living: place(entry?.livingId),
    school: place(entry?.schoolId),
    owner: ownerOf(file, places, await listStaffNames(tx, [file.ownerId])),
    dueDay: file.isOpen ? file.dueDay : null,
    isVisited: account === null || isOnVisitLists(account),
    reports: await reportsOf(tx, services, reports, { places, file, onRoll: entry?.schoolId != null, isVillage }),
    today,
  }
}

interface ReportView {
  readonly places: ReadonlyMap<number, PlaceName>
  readonly file: FileState
  readonly onRoll: boolean
  /** [CHECK-13] Reads no words. */
  readonly isVillage: boolean
}

async function reportsOf(
  tx: Tx,
  services: Services,
  reports: readonly ReportRow[],
  { places, file, onRoll, isVillage }: ReportView,
): Promise<CheckReport[]> {
  const texts = isVillage
    ? new Map()
    : await listTexts(
        tx,
        reports.map(({ reportId }) => reportId),
      )
  const nameOf = (id: number | null) => (id === null ? null : (places.get(id)?.name ?? null))
  return reports.map((report) => {
    const text = texts.get(report.reportId)
    return {
      reportId: report.reportId,
      result: report.result,
      method: report.method,
      checkedDay: report.checkedDay,
      school: nameOf(report.schoolId),
      province: report.province === null ? null : provinceName(report.province),
      pauseUntil: report.pauseUntil,
      missing: report.result === null ? [] : [...missingOf({ ...report, result: report.result }, onRoll)],
      fate: fateOf(report.state, file.isOpen),
      isAutomatic: report.state === 'accepted' && report.decidedBy === null,
      unit: nameOf(report.unitId),
      givenAt: report.givenAt.toISOString(),
      decidedAt: report.decidedAt?.toISOString() ?? null,
      words:
        text === undefined
          ? null
          : {
              ...openWords(services, text.sealed),
              returned: text.returned === null ? '' : services.keys.open(text.returned, RETURN_SEAL),
            },
    }
  })
}
