import type { AccountId, BatchId, ChildId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { obligationDay } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Services } from '../../platform/services.ts'
import { type FoundEntry, keepNote, postFound } from '../cases/server.ts'
import { type RecordRow, retie, storeRecords } from '../persons/server.ts'
import { BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { findOpenFile, listHomes } from './home-store.server.ts'
import type { LedgerVerdict } from './ledger-check.server.ts'
import type { LedgerReading } from './ledger-rules.ts'
import { type LedgerFound, listMade } from './ledger-store.server.ts'
import { insertLine } from './lines.server.ts'

/** Not on a roll of ours and not living here, as far as the entry goes. */
const GONE: ReadonlySet<string> = new Set(['other-province', 'moved-out', 'settled-abroad', 'died'])

interface Writing {
  readonly sheet: LedgerFound
  readonly units: readonly number[]
  readonly contentKey: Buffer
  readonly authorId: AccountId
  readonly today: PlainDate
}

/**
 * [OUT-22] [OUT-25] In the caller's transaction, as the system: a file for every child that nobody knew, an entry that is as old
 * as its paper, and for those at school outside a line of the ledger. Answers the batch of the children that were made.
 */
export async function writeLedger(
  tx: Tx,
  services: Services,
  verdicts: readonly LedgerVerdict[],
  writing: Writing,
): Promise<BatchId | null> {
  const { sheet, authorId, today } = writing
  const going = verdicts.flatMap(({ outcome, reading, childId, standing, from }) =>
    reading !== undefined && from !== null && (outcome === 'found' || outcome === 'made')
      ? [{ reading, childId, standing, from }]
      : [],
  )
  const batchId = await makeChildren(
    tx,
    services,
    going.flatMap(({ reading, childId }) => (childId === null ? [reading] : [])),
    writing,
  )
  const made = batchId === null ? new Map<number, never>() : await listMade(tx, batchId)
  const homes = await listHomes(
    tx,
    [...made.values()].map(({ childId }) => childId),
  )
  const placed = going.map(({ reading, childId, standing, from }) => {
    const fresh = made.get(reading.row)
    const child = childId ?? fresh?.childId
    if (child === undefined) throw new Error(`row ${reading.row} of a ledger made no child`)
    const registered = standing?.registeredId ?? homes.get(child) ?? sheet.unitId
    return { reading, child, registered, standing, from }
  })
  const entries = placed.map(({ reading, child, registered, standing, from }): FoundEntry => {
    const isGone = GONE.has(reading.account)
    const isClosing = BOOK_ACCOUNTS[reading.account].isClosing
    return {
      childId: child,
      account: reading.account,
      from,
      registered,
      living: isGone || reading.account === 'elsewhere-in-city' ? null : (standing?.livingId ?? registered),
      school: isGone || isClosing ? null : reading.schoolId,
      pauseUntil: reading.pauseUntil,
      evidence: reading.evidence,
      confirmedDay: reading.proofDay,
      expiresDay: reading.expires,
      obligedFrom: standing?.obligedFrom == null ? later(from, obligationDay(reading.birth)) : undefined,
    }
  })
  const draft = { source: 'ledger', sourceKey: sheet.sheetId, authorId } as const
  const postingId = await postFound(tx, draft, entries, today)
  for (const { reading, child, registered, from } of placed) {
    if (reading.outside !== null) {
      await insertLine(tx, services, lineOf(reading, { child, registered, from, writing, postingId }))
    }
    if (reading.note === null) continue
    const caseId = await findOpenFile(tx, child)
    await keepNote(tx, services, authorId, { childId: child, caseId, postingId, kind: 'entry', text: reading.note })
  }
  return batchId
}

function lineOf(
  reading: LedgerReading,
  at: {
    readonly child: ChildId
    readonly registered: number
    readonly from: PlainDate
    readonly writing: Writing
    readonly postingId: number | null
  },
) {
  const { outside } = reading
  if (outside === null) throw new Error('not a line of a child at school outside')
  return {
    childId: at.child,
    homeUnitId: at.registered,
    homePlace: null,
    hostUnitId: outside.host.unitId,
    hostPlace: outside.host.place,
    schoolId: outside.host.schoolId,
    grade: reading.grade,
    state: 'confirmed',
    proof: outside.proof,
    sinceDay: outside.since,
    checkedDay: reading.proofDay,
    validUntil: reading.expires,
    postingId: at.postingId,
    sheetId: at.writing.sheet.sheetId,
    createdBy: at.writing.authorId,
    person: { name: reading.name, citizenId: reading.citizenId, birth: reading.birth, school: outside.host.schoolName },
    home: { reason: outside.reason, aid: outside.aid, contact: reading.phone },
    dueDay: null,
    day: at.writing.today,
    actorUnitId: at.writing.sheet.unitId,
  } as const
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b
}

/** [OUT-24] One batch of the ledger; its rows stand as registered where the ledger says. */
async function makeChildren(
  tx: Tx,
  services: Services,
  readings: readonly LedgerReading[],
  { sheet, units, contentKey, authorId, today }: Writing,
): Promise<BatchId | null> {
  if (readings.length === 0) return null
  const { batchId } = await storeRecords(
    tx,
    services.keys,
    {
      kind: 'population',
      unitId: sheet.unitId as UnitId,
      units,
      asOf: sheet.asOf,
      contentKey,
      rowsFileId: null,
      accountId: authorId,
      now: services.clock.now(),
      today,
      isPartial: true,
      isLedger: true,
    },
    inOneChunk(readings.map(recordOf)),
  )
  await retie(
    tx,
    [...(await listMade(tx, batchId)).values()].map(({ childId }) => childId),
    today,
  )
  return batchId
}

async function* inOneChunk(rows: readonly RecordRow[]): AsyncGenerator<readonly RecordRow[]> {
  yield rows
}

function recordOf(reading: LedgerReading): RecordRow {
  const { row, name, citizenId, otherId, birth, sex, guardian, phone, homeUnitId } = reading
  return {
    row,
    name,
    formerName: null,
    citizenId,
    otherId,
    ethnicity: null,
    studentNo: null,
    sex,
    birth,
    phones: phone === null ? [] : [phone],
    address: null,
    householdNo: null,
    guardians: guardian === null ? [] : [{ name: guardian, citizenId: null, phone: null, relation: null }],
    unitId: homeUnitId,
    tags: [],
    needsRepair: citizenId === null,
    refused: false,
  }
}
