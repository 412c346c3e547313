import { type AccountId, childId, type EvidenceId, recordId, unitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { bandOf, nominalGrade, schoolYearOf } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { openAndPost } from '../cases/server.ts'
import { type AccountCode, accountCodeOf, BOOK_ACCOUNTS, evidenceExpiryOn, termStartOn } from '../whereabouts/index.ts'
import { confirmEvidence, type Entry, findEvidence, findOpening, makeEvidence, stage } from '../whereabouts/server.ts'
import * as facts from './compare.store.server.ts'
import type { ListCount, RunCounts } from './contract.ts'
import { suspectedAfterDaysOn } from './policy.ts'
import { decideListed, decideSeat, decideSeatEntry, type ListClass, type SeatClass } from './rules.ts'
import { insertGround, insertRun, lockComparisons, type NewFinding } from './store.ts'

/** A city's lists against a city's rolls. */
const STATEMENT = { statementSeconds: 600 }
/** What the books take at once. */
const CHUNK = 20_000

interface Wanted {
  readonly entry: Entry
  readonly evidence: { readonly schoolId: number; readonly day: PlainDate } | null
}

interface Judged {
  readonly findings: readonly NewFinding[]
  readonly wanted: readonly Wanted[]
}

/**
 * [ROST-11] Compares the newest lists of the actor's branch and posts the differences, in one transaction: wholly or not at
 * all. Whoever stands so already is not posted for, so the same lists compared again post nothing.
 */
export async function compareLists(services: Services, actor: Actor): Promise<string> {
  const { db, clock, ids } = services
  const runId = ids.uuid()
  const today = clock.today()
  await db.asSystem(
    'rosters.compare',
    async (tx) => {
      await lockComparisons(tx, actor.unitId)
      const opening = await findOpening(tx)
      if (opening === undefined) throw new Problem('BOOK.NOT_OPEN')
      const ground = groundOf(actor, today)
      const batchIds = await facts.collectLists(tx, ground)
      if (batchIds.length === 0) throw new Problem('ROSTER.NO_LISTS')
      await facts.collectSeats(tx, ground)
      await facts.collectRolls(tx)
      const seats = judgeSeats(await facts.listSeatRows(tx, ground), { today, opening })
      const listedRows = await facts.listListed(tx, ground)
      const listed = judgeListed(listedRows, { today, opening })
      const done = await postAll(tx, { runId, authorId: actor.accountId, today }, [...seats.wanted, ...listed.wanted])
      if (done.posted > 0) await insertGround(tx, runId, batchIds)
      const findings = [...seats.findings, ...listed.findings]
      const counts: RunCounts = {
        class: { ...(await facts.countSeats(tx)), found: countBy(seats.findings) },
        lists: await countsOf(tx, listedRows, listed.findings, today),
      }
      const { unitId: unit, unitPath: units, accountId: madeBy } = actor
      const run = { runId, unitId: unit, units, madeBy, madeAt: clock.now(), day: today, batchIds, counts, ...done }
      await insertRun(tx, run, findings)
    },
    STATEMENT,
  )
  return runId
}

function groundOf(actor: Actor, today: PlainDate): facts.Ground {
  return { unitId: actor.unitId, termStart: termStartOn(today), today, ofAge: bandOf(schoolYearOf(today)) }
}

interface Days {
  readonly today: PlainDate
  /** The books open with their first closed day; nobody has to be accounted for before it. */
  readonly opening: PlainDate
}

function judgeSeats(rows: readonly facts.SeatRow[], { today, opening }: Days): Judged {
  const findings: NewFinding[] = []
  const wanted: Wanted[] = []
  const limit = suspectedAfterDaysOn(today)
  for (const row of rows) {
    const account = codeOf(row.accountId)
    const found = decideSeat({ ...row, account, isAskedByClass: row.evidence === 'attendance' }, limit)
    if (found === null) continue
    const posted = isNewer(row) ? decideSeatEntry(found, { account, before: codeOf(row.beforeId) }) : null
    findings.push({
      ...NOTHING,
      child_id: row.childId,
      compared: 'class',
      class: found.class,
      ground: found.ground,
      school_id: row.schoolId,
      other_id: row.otherId,
      absent_days: row.absentDays,
      stood: row.accountId,
      posted: posted === null ? null : BOOK_ACCOUNTS[posted].id,
    })
    if (posted !== null) wanted.push(seatEntry(row, posted, opening))
  }
  return { findings, wanted }
}

const NOTHING = {
  ground: null,
  school_id: null,
  other_id: null,
  absent_days: null,
  unit_id: null,
  household: null,
} as const

/** An entry that begins after the list's day is newer than the list. */
function isNewer({ since, day }: Pick<facts.SeatRow, 'since' | 'day'>): boolean {
  return since === null || since <= day
}

function seatEntry(row: facts.SeatRow, account: AccountCode, opening: PlainDate): Wanted {
  const schoolId = row.seatedAt > 0 ? (row.otherId ?? row.schoolId) : row.schoolId
  const { registeredId, rollSchoolId, day } = row
  const isNew = row.accountId === null
  const from = day > opening ? day : opening
  // Where it lives nobody has told: the district of the school answers.
  const livingId = isNew ? row.districtId : row.livingId
  return {
    evidence: schoolId === null ? null : { schoolId, day },
    entry: {
      childId: childId(row.childId),
      from,
      account,
      registered: unitOf(registeredId),
      living: unitOf(livingId),
      school: unitOf(rollSchoolId),
      ...(row.recordId === null ? {} : { recordId: recordId(row.recordId) }),
      ...(isNew ? { obligedFrom: from } : {}),
    },
  }
}

function judgeListed(rows: readonly facts.ListedRow[], { opening }: Days): Judged {
  const findings: NewFinding[] = []
  const wanted = new Map<number, Wanted>()
  for (const row of rows) {
    const found = decideListed({ account: codeOf(row.accountId), isOnRoll: row.isOnRoll })
    if (found === null) continue
    const isSought = found === 'unknown' && !row.isKnown
    findings.push({
      ...NOTHING,
      child_id: row.childId,
      compared: row.kind,
      class: found,
      school_id: row.rollId,
      unit_id: row.unitId,
      household: row.household,
      stood: row.accountId,
      posted: isSought ? BOOK_ACCOUNTS['to-verify'].id : null,
    })
    if (isSought && !wanted.has(row.childId)) wanted.set(row.childId, soughtEntry(row, opening))
  }
  return { findings, wanted: [...wanted.values()] }
}

/** [ROST-15] On a list of households, in no register and on no roll: exactly who is looked for. */
function soughtEntry(row: facts.ListedRow, opening: PlainDate): Wanted {
  const day = row.day > opening ? row.day : opening
  return {
    evidence: null,
    entry: {
      childId: childId(row.childId),
      from: day,
      account: 'to-verify',
      living: unitId(row.unitId),
      recordId: recordId(row.recordId),
      obligedFrom: day,
    },
  }
}

interface Posting {
  readonly runId: string
  readonly authorId: AccountId
  readonly today: PlainDate
}

async function postAll(
  tx: Tx,
  { runId, authorId, today }: Posting,
  wanted: readonly Wanted[],
): Promise<{ readonly posted: number; readonly opened: number }> {
  const sum = { posted: 0, opened: 0 }
  if (wanted.length === 0) return sum
  const draft = { source: 'run', sourceKey: runId, authorId } as const
  const evidence = await evidenceOf(tx, wanted)
  for (let at = 0; at < wanted.length; at += CHUNK) {
    const chunk = wanted.slice(at, at + CHUNK)
    await stage(
      tx,
      chunk.map(({ entry, evidence: of }) => ({ ...entry, evidenceId: evidence.idOf(of?.schoolId ?? null) })),
    )
    const { postingId, posted, opened } = await openAndPost(tx, draft, today)
    sum.posted += posted
    sum.opened += opened
    if (postingId === null) continue
    for (const [schoolId, confirmedDay] of newestDays(chunk)) {
      const expiresDay = evidenceExpiryOn('attendance', confirmedDay)
      await confirmEvidence(tx, { evidenceId: evidence.idOf(schoolId), confirmedDay, expiresDay, postingId })
    }
  }
  return sum
}

/** What an entry rests on: the lists of a school's classes; nothing yet, for who is only named on a list of an office. */
async function evidenceOf(tx: Tx, wanted: readonly Wanted[]): Promise<{ idOf(schoolId: number | null): EvidenceId }> {
  const known = new Map<number | null, EvidenceId>()
  for (const { evidence } of wanted) {
    const schoolId = evidence?.schoolId ?? null
    if (known.has(schoolId)) continue
    known.set(
      schoolId,
      schoolId === null ? await makeEvidence(tx, 'none') : await findEvidence(tx, 'attendance', unitId(schoolId)),
    )
  }
  return {
    idOf(schoolId) {
      const found = known.get(schoolId)
      if (found === undefined) throw new Error(`no evidence of school ${schoolId}`)
      return found
    },
  }
}

function newestDays(wanted: readonly Wanted[]): ReadonlyMap<number, PlainDate> {
  const days = new Map<number, PlainDate>()
  for (const { evidence } of wanted) {
    if (evidence === null) continue
    const known = days.get(evidence.schoolId)
    if (known === undefined || known < evidence.day) days.set(evidence.schoolId, evidence.day)
  }
  return days
}

async function countsOf(
  tx: Tx,
  rows: readonly facts.ListedRow[],
  findings: readonly NewFinding[],
  today: PlainDate,
): Promise<readonly ListCount[]> {
  const lists = await facts.countLists(tx)
  return lists.map((list): ListCount => {
    const own = rows.filter(({ kind }) => kind === list.kind)
    const found = findings.filter(({ compared }) => compared === list.kind)
    const faulty = new Set(found.map(({ child_id }) => child_id))
    const open = new Set(own.filter(({ childId: id }) => faulty.has(id)).map(householdOf))
    const households = new Set(own.map(householdOf))
    const primary = own.filter(({ birth }) => birth !== null && isPrimary(birth, today))
    return {
      ...list,
      children: own.length,
      accounted: own.length - found.length,
      households: households.size,
      householdsClosed: households.size - open.size,
      onRoll: own.filter(({ isOnRoll }) => isOnRoll).length,
      primary: primary.length,
      primaryOnRoll: primary.filter(({ isOnRoll }) => isOnRoll).length,
      found: countBy(found),
    }
  })
}

/** A list that counts no households has one a child. */
function householdOf({ household, childId: id }: facts.ListedRow): string {
  return household ?? `child ${id}`
}

function isPrimary(birth: PlainDate, today: PlainDate): boolean {
  const grade = nominalGrade(schoolYearOf(today), birth)
  return grade >= 1 && grade <= 6
}

function countBy(findings: readonly NewFinding[]): Partial<Record<SeatClass | ListClass, number>> {
  const counts: Partial<Record<SeatClass | ListClass, number>> = {}
  for (const { class: found } of findings) {
    const key = found as SeatClass | ListClass
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function codeOf(id: number | null): AccountCode | null {
  return id === null ? null : accountCodeOf(id)
}

function unitOf(id: number | null) {
  return id === null ? null : unitId(id)
}
