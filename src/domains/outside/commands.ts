import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, AuditPen } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findChild, readIdentity } from '../persons/server.ts'
import { evidenceExpiryOn } from '../whereabouts/index.ts'
import type { OutsideDetail, OutsideList } from './contract.ts'
import { findHomeOf } from './home-store.server.ts'
import { listDistricts } from './ledger-store.server.ts'
import { lineDetail, lineList, sidesOf } from './line-view.server.ts'
import { insertLine, placeOf } from './lines.server.ts'
import type { LineQuery } from './list-store.server.ts'
import { answerDueOn } from './policy.ts'
import { postBack, postDenied, postProven } from './posting.server.ts'
import { PROVINCES } from './provinces.ts'
import {
  type Aid,
  type Answer,
  decideMove,
  decideProven,
  type Ending,
  evidenceOfProof,
  type Move,
  type Proof,
  type Reason,
} from './rules.ts'
import * as store from './store.ts'
import { outsideWords as words } from './words.ts'

/** On whose behalf, and the audit line of the request. */
export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

export async function listLines(services: Services, actor: Actor, query: LineQuery): Promise<OutsideList> {
  return services.db.inScope(actor.scope, (tx) => lineList(tx, services, actor, query))
}

export async function readLine(services: Services, actor: Actor, lineId: number): Promise<OutsideDetail> {
  return services.db.inScope(actor.scope, (tx) => lineDetail(tx, services, actor, lineId))
}

export async function listPlaces({ db, clock }: Services, actor: Actor) {
  const units = await db.inScope(actor.scope, (tx) => listDistricts(tx, clock.today()))
  const own = units.find(({ kind }) => kind === 'city')?.code.slice(0, 2)
  return {
    districts: units.filter(({ kind }) => kind !== 'city').map(({ unitId, name }) => ({ unitId, name })),
    provinces: Object.entries(PROVINCES)
      .filter(([code]) => code !== own)
      .map(([code, name]) => ({ place: `${code}0000`, name })),
  }
}

export interface Proven {
  readonly proof: Proof
  readonly checkedDay: PlainDate
  /** Last day of the paper, where it says one. */
  readonly lastDay?: PlainDate | undefined
}

export interface LineOrder {
  readonly childId: number
  readonly hostUnitId?: number | undefined
  /** Of a province, where it is no district of ours. */
  readonly hostPlace?: string | undefined
  readonly schoolId?: number | undefined
  readonly school: string
  readonly grade?: number | undefined
  readonly sinceDay?: PlainDate | undefined
  readonly reason?: Reason | undefined
  readonly aid?: Aid | undefined
  readonly proven?: Proven | undefined
}

/** [OUT-1] A line of a child in sight. Proven at once, or asked at once where the other side works in the product. */
export async function addLine(services: Services, { actor, audit }: Asked, order: LineOrder): Promise<OutsideDetail> {
  const { db, clock, keys } = services
  const today = clock.today()
  const seen = await db.inScope(actor.scope, async (tx) => {
    const child = await findChild(tx, order.childId)
    if (child === undefined || child.mergedInto !== null) throw new Problem('REQUEST.NOT_FOUND')
    const units = await listDistricts(tx, today)
    const identity = (await readIdentity(tx, keys, [child.childId], 'plain')).get(child.childId)
    return { child, identity, host: hostOfOrder(order, units) }
  })
  const validUntil = order.proven === undefined ? null : untilOf(order.proven)
  if (order.proven !== undefined && validUntil !== null) {
    decideProven({ checkedDay: order.proven.checkedDay, validUntil }, today)
  }
  const lineId = await db.asSystem('outside.add', async (tx) => {
    const before = await store.findLineOf(tx, seen.child.childId)
    if (before !== undefined) throw new Problem('OUTSIDE.HAS_LINE', { state: words.states[before.state] })
    const home = await findHomeOf(tx, seen.child.childId)
    if (home === undefined)
      throw new Problem('REQUEST.MALFORMED', { where: words.where.hostPlace, advice: words.advice.noHome })
    if (order.schoolId !== undefined) await refuseSchoolElsewhere(tx, order.schoolId, seen.host.unitId)
    const state = order.proven !== undefined ? 'confirmed' : seen.host.unitId === null ? 'open' : 'asked'
    const draft = {
      childId: seen.child.childId,
      homeUnitId: home.unitId,
      homePlace: placeOf(home.districtCode),
      hostUnitId: seen.host.unitId,
      hostPlace: seen.host.place,
      schoolId: order.schoolId ?? null,
      grade: order.grade ?? null,
      state,
      proof: order.proven?.proof ?? null,
      sinceDay: order.sinceDay ?? null,
      checkedDay: order.proven?.checkedDay ?? null,
      validUntil,
      dueDay: state === 'asked' ? answerDueOn(today) : null,
      postingId: null,
      sheetId: null,
      createdBy: actor.accountId,
      person: {
        name: seen.identity?.name ?? '',
        citizenId: seen.identity?.citizenId ?? null,
        birth: seen.child.birth,
        school: order.school,
      },
      home: { reason: order.reason ?? null, aid: order.aid ?? null, contact: null },
      day: today,
      actorUnitId: actor.unitId,
    } as const
    const id = await insertLine(tx, services, draft)
    const line = await getLine(tx, id)
    const sides = sidesOf(actor, line)
    if (!sides.isHome && !sides.isHost) throw new Problem('OUTSIDE.OTHER_SIDE', { advice: words.advice.sidesOnly })
    if (order.proven !== undefined) {
      decideMove('confirm', { ...line, ...sides, state: 'open' }, order.proven.proof)
      const postingId = await postProven(tx, line, { authorId: actor.accountId, today })
      await store.updateConfirmed(tx, id, { ...provenOf(line), postingId })
    }
    await audit.record(tx, { target: `child:${seen.child.childId}` })
    return id
  })
  return readLine(services, actor, lineId)
}

/** [OUT-8] A district or zone of the city, or a province. */
function hostOfOrder({ hostUnitId, hostPlace }: LineOrder, units: Awaited<ReturnType<typeof listDistricts>>) {
  const unit = units.find(({ unitId, kind }) => unitId === hostUnitId && kind !== 'city')
  if (unit !== undefined) return { unitId: unit.unitId, place: placeOf(unit.code) }
  const own = units.find(({ kind }) => kind === 'city')?.code.slice(0, 2) ?? ''
  const province = hostPlace?.slice(0, 2)
  if (province === undefined || PROVINCES[province] === undefined || province === own || hostUnitId !== undefined) {
    throw new Problem('REQUEST.MALFORMED', { where: words.where.hostPlace, advice: words.advice.place })
  }
  return { unitId: null, place: `${province}0000` }
}

async function refuseSchoolElsewhere(tx: Tx, schoolId: number, districtId: number | null): Promise<void> {
  if (!(await store.isSchoolOf(tx, schoolId, districtId))) {
    throw new Problem('REQUEST.MALFORMED', { where: words.where.hostPlace, advice: words.advice.schoolElsewhere })
  }
}

/** [OUT-3] A paper holds as long as the rules of the books say, and no longer than it says itself. */
export function untilOf({ proof, checkedDay, lastDay }: Proven): PlainDate {
  const holds = evidenceExpiryOn(evidenceOfProof(proof), checkedDay)
  return lastDay !== undefined && addDays(lastDay, 1) < holds ? addDays(lastDay, 1) : holds
}

function provenOf(line: store.LineFound) {
  const { proof, checkedDay, validUntil } = line
  if (proof === null || checkedDay === null || validUntil === null) throw new Error(`line ${line.lineId} is not proven`)
  return { proof, checkedDay, validUntil, schoolId: line.schoolId, grade: line.grade, sinceDay: line.sinceDay }
}

/** The line as the actor sees it, locked, moved by `work`, with its event. */
async function moveLine(
  services: Services,
  { actor, audit }: Asked,
  lineId: number,
  move: { readonly move: Move; readonly proof: Proof | null; readonly answer: string | null },
  work: (tx: Tx, line: store.LineFound) => Promise<void>,
): Promise<OutsideDetail> {
  const { db, clock } = services
  await db.inScope(actor.scope, async (tx) => {
    if ((await store.findLine(tx, lineId)) === undefined) throw new Problem('REQUEST.NOT_FOUND')
  })
  await db.asSystem('outside.move', async (tx) => {
    const line = await store.lockLine(tx, lineId)
    if (line === undefined) throw new Problem('REQUEST.NOT_FOUND')
    decideMove(move.move, { ...line, ...sidesOf(actor, line) }, move.proof)
    await work(tx, line)
    await store.insertEvent(tx, {
      lineId,
      kind: EVENT_OF[move.move],
      day: clock.today(),
      answer: move.answer,
      unitId: actor.unitId,
      accountId: actor.accountId,
      at: clock.now(),
    })
    await audit.record(tx, { target: `child:${line.childId}` })
  })
  return readLine(services, actor, lineId)
}

const EVENT_OF = { ask: 'asked', confirm: 'confirmed', deny: 'denied', end: 'ended' } as const

/** [OUT-6] The side of the home stays answerable: nothing is posted by asking. */
export function askOther(services: Services, asked: Asked, lineId: number): Promise<OutsideDetail> {
  const today = services.clock.today()
  return moveLine(services, asked, lineId, { move: 'ask', proof: null, answer: null }, (tx, line) =>
    store.updateAsked(tx, line.lineId, { day: today, due: answerDueOn(today) }),
  )
}

/** [OUT-3] [OUT-4] Confirmed, posted, and the child's open file closed, in one transaction. */
export function proveLine(
  services: Services,
  asked: Asked,
  lineId: number,
  proven: Proven & { readonly schoolId?: number | undefined },
): Promise<OutsideDetail> {
  const today = services.clock.today()
  const validUntil = untilOf(proven)
  decideProven({ checkedDay: proven.checkedDay, validUntil }, today)
  return moveLine(services, asked, lineId, { move: 'confirm', proof: proven.proof, answer: null }, async (tx, line) => {
    if (proven.schoolId !== undefined) {
      await refuseSchoolElsewhere(tx, proven.schoolId, line.hostUnitId)
      await store.addSchoolUnits(tx, lineId, proven.schoolId)
    }
    const { proof, checkedDay } = proven
    const known = { ...line, proof, checkedDay, validUntil, schoolId: proven.schoolId ?? line.schoolId }
    const postingId = await postProven(tx, known, { authorId: asked.actor.accountId, today })
    await store.updateConfirmed(tx, lineId, { ...provenOf(known), postingId })
  })
}

/** [OUT-5] */
export function denyLine(services: Services, asked: Asked, lineId: number, answer: Answer): Promise<OutsideDetail> {
  const act = { authorId: asked.actor.accountId, today: services.clock.today() }
  return moveLine(services, asked, lineId, { move: 'deny', proof: null, answer }, async (tx, line) => {
    await postDenied(tx, line, act)
    await store.updateDenied(tx, lineId, answer)
  })
}

export interface EndOrder {
  readonly ending: Ending
  readonly day: PlainDate
  /** The school of the own district to which a child came back. */
  readonly schoolId?: number | undefined
}

/** [OUT-10] A line ends; what the books rested on it is asked for, unless the school to which the child came back is told. */
export function endLine(services: Services, asked: Asked, lineId: number, end: EndOrder): Promise<OutsideDetail> {
  const today = services.clock.today()
  if (end.day > today) {
    throw new Problem('REQUEST.MALFORMED', { where: words.where.checkedDay, advice: words.advice.dayFuture })
  }
  return moveLine(services, asked, lineId, { move: 'end', proof: null, answer: end.ending }, async (tx, line) => {
    await postBack(tx, line, { authorId: asked.actor.accountId, today, ...end })
    await store.updateEnded(tx, lineId, end)
  })
}

/** [OUT-6] Part of the day's close: lines past their day go back to the side of the child's home, and up. */
export async function sendBackSilent({ db, clock, log }: Services): Promise<number> {
  const today = clock.today()
  let sent = 0
  for (;;) {
    const lines = await db.asSystem('outside.silent', async (tx) => {
      const ids = await store.markSilent(tx, today, 1_000)
      for (const lineId of ids) {
        const event = {
          lineId,
          kind: 'silent',
          day: today,
          answer: null,
          unitId: null,
          accountId: null,
          at: clock.now(),
        } as const
        await store.insertEvent(tx, event)
      }
      return ids
    })
    sent += lines.length
    if (lines.length < 1_000) break
  }
  if (sent > 0) log.info('outside.silent', { lines: sent })
  return sent
}

async function getLine(tx: Tx, id: number): Promise<store.LineFound> {
  const line = await store.findLine(tx, id)
  if (line === undefined) throw new Error(`line ${id} was not written`)
  return line
}
