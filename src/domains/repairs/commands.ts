import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, AuditPen } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { openIdentity } from '../persons/server.ts'
import type { RepairCounts, RepairLine, RepairPage } from './contract.ts'
import type { DismissCause, RightSide, Side } from './kinds.ts'
import { oldDaysOn } from './policy.ts'
import { recordRepairsOfChild } from './record.server.ts'
import { decideRight, refuseMoved } from './rules.ts'
import { openCell, sealCell } from './seal.server.ts'
import { closeAgreed } from './settle.server.ts'
import { forgetRounds } from './settle.store.server.ts'
import {
  clearDecision,
  clearDismissal,
  countRepairs,
  findRepair,
  listRecords,
  listRepairRows,
  listSchools,
  lockRepair,
  type RepairQuery,
  type RepairRow,
  saveDecision,
  saveDismissal,
} from './store.ts'
import { linesOf, oldBefore } from './view.server.ts'

export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

export async function readRepairs(services: Services, actor: Actor, query: RepairQuery): Promise<RepairPage> {
  const { db, clock } = services
  const today = clock.today()
  const before = oldBefore(today)
  const read = await db.inScope(actor.scope, async (tx) => ({
    counts: await countRepairs(tx, before),
    schools: [...(await listSchools(tx, query.mends))],
    ...(await listRepairRows(tx, query, before)),
  }))
  return {
    ...read,
    rows: await shown(services, read.rows),
    page: query.page,
    size: query.size,
    mends: query.mends,
    oldDays: oldDaysOn(today),
    today,
    mayDecide: actor.permissions.has('repair.decide'),
  }
}

/** Rounds of a city's export are one transaction. */
const STATEMENT = { statementSeconds: 300 }

/** [REP-6] A new extract is asked at once, and not only by the next run. */
export async function askStored({ db, keys }: Services, batchId: number): Promise<void> {
  await db.asSystem('repairs.close-agreed', (tx) => closeAgreed(tx, keys, { batchId }), STATEMENT)
}

/** [REP-9] What was found at the door of one child (B1), by its newest rows. Told twice it is one repair. */
export async function recordFromCheck(
  { db, keys, clock }: Services,
  { reportId, childId }: { readonly reportId: number; readonly childId: ChildId },
): Promise<void> {
  const finding = { source: 'check', sourceKey: String(reportId), day: clock.today() } as const
  await db.asSystem('repairs.record-check', (tx) => recordRepairsOfChild(tx, keys, finding, childId))
}

export async function readCounts({ db, clock }: Services, actor: Actor): Promise<Record<Side, RepairCounts>> {
  return db.inScope(actor.scope, (tx) => countRepairs(tx, oldBefore(clock.today())))
}

export interface RightOrder {
  readonly right: RightSide
  readonly value?: string | undefined
  readonly page?: string | undefined
  readonly seenDay?: PlainDate | undefined
}

/** [REP-4] The district's officer or the school says which is right. An extract that came meanwhile is asked again. */
export async function decideOne(services: Services, asked: Asked, id: number, order: RightOrder): Promise<RepairLine> {
  const { keys, clock } = services
  return change(services, asked, id, async (tx, row) => {
    const { right, value } = decideRight(
      {
        field: row.field,
        state: row.state,
        roll: openCell(keys, 'roll_sealed', row.roll_sealed),
        register: openCell(keys, 'register_sealed', row.register_sealed),
        isAlone: row.roll_record === null || row.register_record === null,
      },
      order,
      clock.today(),
    )
    const page = order.page?.trim() ?? ''
    await saveDecision(tx, id, {
      right,
      rightSealed: right === 'other' ? sealCell(keys, 'right_sealed', value) : null,
      evidenceSealed: page === '' ? null : sealCell(keys, 'evidence_sealed', page),
      evidenceDay: order.seenDay ?? null,
      accountId: asked.actor.accountId,
      now: clock.now(),
    })
    await askAgain(tx, services, id)
  })
}

/** What an extract says depends on what is right. */
async function askAgain(tx: Tx, { keys }: Services, id: number): Promise<void> {
  await forgetRounds(tx, id)
  await closeAgreed(tx, keys, { repairId: id })
}

/** [REP-4] The last step is taken back: a dismissal first, then the decision. What was sent is not. */
export async function undoOne(services: Services, asked: Asked, id: number): Promise<RepairLine> {
  return change(services, asked, id, async (tx, row) => {
    if (row.state === 'dismissed') return clearDismissal(tx, id)
    refuseMoved(row.state)
    await clearDecision(tx, id)
    await askAgain(tx, services, id)
  })
}

/** [REP-4] Two sources may differ by rights. */
export async function dismissOne(
  services: Services,
  asked: Asked,
  id: number,
  cause: DismissCause,
): Promise<RepairLine> {
  return change(services, asked, id, async (tx, row) => {
    if (row.state !== 'sent' && row.state !== 'unchanged') refuseMoved(row.state)
    await saveDismissal(tx, id, { cause, accountId: asked.actor.accountId, now: services.clock.now() })
  })
}

/** [REP-5] Both values and the numbers of the child, for a reason that is kept. */
export async function revealOne(
  { db, keys }: Services,
  { actor, audit }: Asked,
  id: number,
  typedReason: string,
): Promise<{
  roll: string | null
  register: string | null
  right: string | null
  studentNo: string | null
  citizenId: string | null
}> {
  const reason = decideLoggedReason(typedReason, 'RUN.REASON_NEEDED')
  const row = await seeRepair({ db }, actor, id)
  return db.asSystem('repairs.reveal', async (tx) => {
    await audit.record(tx, { kind: 'reveal', target: targetOf(id), reason })
    const record = (await listRecords(tx, [row.anchor_record])).get(row.anchor_record)
    const identity = record === undefined ? undefined : openIdentity(keys, record.sealed)
    return {
      roll: openCell(keys, 'roll_sealed', row.roll_sealed),
      register: openCell(keys, 'register_sealed', row.register_sealed),
      right: openCell(keys, 'right_sealed', row.right_sealed),
      studentNo: identity?.studentNo ?? null,
      citizenId: identity?.citizenId ?? identity?.otherId ?? null,
    }
  })
}

async function change(
  services: Services,
  { actor, audit }: Asked,
  id: number,
  work: (tx: Tx, row: RepairRow) => Promise<void>,
): Promise<RepairLine> {
  const { db } = services
  await seeRepair(services, actor, id)
  const after = await db.asSystem('repairs.change', async (tx) => {
    const row = await lockRepair(tx, id)
    if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
    await work(tx, row)
    await audit.record(tx, { target: targetOf(id) })
    return findRepair(tx, id)
  })
  const [line] = await shown(services, after === undefined ? [] : [after])
  if (line === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return line
}

/** [REP-10] Outside of the scope it is not found. */
async function seeRepair({ db }: Pick<Services, 'db'>, actor: Actor, id: number): Promise<RepairRow> {
  const row = await db.inScope(actor.scope, (tx) => findRepair(tx, id))
  if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return row
}

function shown({ db, keys, clock }: Services, rows: readonly RepairRow[]): Promise<RepairLine[]> {
  return linesOf((work) => db.asSystem('repairs.records', work), keys, rows, clock.today())
}

function targetOf(id: number): string {
  return `repair:${id}`
}
