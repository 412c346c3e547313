import { cleanName } from '../../kernel/chinese-name.ts'
import { parseCitizenId } from '../../kernel/citizen-id.ts'
import { findDayInSheet } from '../../kernel/day-reading.ts'
import { addDays, daysBetween, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { obligationDay } from '../../kernel/school-year.ts'
import { gradeOf } from '../imports/index.ts'
import { type AccountCode, BOOK_ACCOUNTS, type EvidenceKind, evidenceExpiryOn } from '../whereabouts/index.ts'
import { LEDGER_COLUMNS, type LedgerColumn, type LedgerKind, NEEDED_OF } from './ledger-kinds.ts'
import { ledgerWords } from './ledger-words.ts'
import { readAid, readProof, readReason } from './readings.ts'
import type { Aid, Proof, Reason } from './rules.ts'

const words = ledgerWords.find

/** A row as it stands in the sheet; an empty cell is ''. */
export interface LedgerCells {
  readonly row: number
  readonly cells: Readonly<Partial<Record<LedgerColumn, string>>>
}

export interface LedgerFinding {
  readonly column: LedgerColumn
  readonly reason: string
  /** The row cannot go in; otherwise it goes in and this is told. */
  readonly isRefusing: boolean
}

export interface Host {
  /** Six digits: a district of the city, or a province. */
  readonly place: string
  /** The district or zone, when in the city. */
  readonly unitId: number | null
  readonly schoolId: number | null
  readonly schoolName: string
}

/** What a text of a sheet means in the branch of who gives it. */
export interface LedgerPlaces {
  /** Village or township of the giver's branch by their names; undefined: none of that name. */
  home(township: string, village: string): number | undefined
  /** Where a child is at school outside; undefined: nobody could tell. */
  host(said: {
    readonly province: string
    readonly city: string
    readonly county: string
  }): Pick<Host, 'place' | 'unitId'> | undefined
  /** Schools of the city by name; of one district where it is known. */
  schools(name: string, districtId: number | null): readonly number[]
  /** The giver's own district or zone. */
  readonly districtId: number
}

export interface LedgerTerms {
  readonly today: PlainDate
  /** Calendar days of a pause. */
  readonly longestPause: number
}

/** What a row says, once its cells mean something. */
export interface LedgerReading {
  readonly row: number
  readonly name: string
  readonly citizenId: string | null
  readonly otherId: string | null
  readonly birth: PlainDate
  readonly sex: 1 | 2 | null
  readonly guardian: string | null
  readonly phone: string | null
  readonly homeUnitId: number | null
  readonly account: AccountCode
  readonly evidence: EvidenceKind
  readonly proofDay: PlainDate
  readonly expires: PlainDate
  readonly pauseUntil: PlainDate | null
  readonly schoolId: number | null
  readonly grade: number | null
  /** Of a child at school outside. */
  readonly outside: {
    readonly host: Host
    readonly proof: Proof
    readonly since: PlainDate | null
    readonly aid: Aid | null
    readonly reason: Reason | null
  } | null
  /** Why a child is out of school and what was done: kept sealed beside its file. */
  readonly note: string | null
}

export interface ReadRow {
  readonly findings: readonly LedgerFinding[]
  /** Undefined: a finding refuses the row. */
  readonly reading: LedgerReading | undefined
}

/** No ledger of today speaks of papers from before the registry of pupils (学籍) was one for the country. */
const OLDEST = plainDate('2010-01-01')

/** [OUT-20] What the cells of one row mean, each by itself; a finding at its column. */
export function readLedgerRow(
  kind: LedgerKind,
  { row, cells }: LedgerCells,
  places: LedgerPlaces,
  terms: LedgerTerms,
): ReadRow {
  const findings: LedgerFinding[] = []
  const refuse = (column: LedgerColumn, reason: string) => void findings.push({ column, reason, isRefusing: true })
  const remind = (column: LedgerColumn, reason: string) => void findings.push({ column, reason, isRefusing: false })
  const cell = (column: LedgerColumn) => cells[column] ?? ''
  for (const column of NEEDED_OF[kind]) if (cell(column) === '') refuse(column, words.missing)
  const name = cleanName(cell('name'))
  if (cell('name') !== '' && ([...name].length < 2 || /\p{N}/u.test(name))) refuse('name', words.name)
  const who = readWho(cells, terms.today, { refuse, remind })
  const homeUnitId = readHome(cells, places, remind)
  const proofDay = readProofDay(cell('proofDay'), terms.today, refuse)
  const account = readAccount(kind, cell('what'), refuse)
  const outside = kind === 'outside' ? readOutside(cells, places, { refuse, remind }) : null
  const schoolId = kind === 'outside' ? (outside?.host.schoolId ?? null) : readSchool(cell('school'), places, remind)
  const until = cell('until') === '' ? null : (findDayInSheet(cell('until')) ?? null)
  if (proofDay !== undefined && until !== null && until <= proofDay) refuse('until', words.untilBefore)
  if (findings.some(({ isRefusing }) => isRefusing)) return { findings, reading: undefined }
  if (who === undefined || proofDay === undefined || outside === undefined) return { findings, reading: undefined }
  const stands = account ?? (outside?.host.unitId === null ? 'other-province' : 'elsewhere-in-city')
  const isPause = BOOK_ACCOUNTS[stands].isPause
  if (isPause) remindOfPause(until, proofDay, terms, { refuse, remind })
  const evidence = evidenceOf(kind, outside?.proof)
  const holds = evidenceExpiryOn(evidence, proofDay)
  const expires = !isPause && until !== null && until < holds ? addDays(until, 1) : holds
  if (BOOK_ACCOUNTS[stands].group === 1 && expires <= terms.today) remind('proofDay', words.expired)
  if (obligationDay(who.birth) > terms.today) remind('birthDay', words.tooYoung)
  if (findings.some(({ isRefusing }) => isRefusing)) return { findings, reading: undefined }
  const reading: LedgerReading = {
    row,
    name,
    ...who,
    guardian: cleanName(cell('guardian')) || null,
    phone: cell('phone') || null,
    homeUnitId,
    account: stands,
    evidence,
    proofDay,
    expires,
    pauseUntil: isPause ? until : null,
    schoolId,
    grade: gradeOf(cell('grade') || null),
    outside,
    note: noteOf(kind, cells),
  }
  return { findings, reading }
}

type Tell = (column: LedgerColumn, reason: string) => void

function readWho(
  cells: LedgerCells['cells'],
  today: PlainDate,
  { refuse, remind }: { readonly refuse: Tell; readonly remind: Tell },
): Pick<LedgerReading, 'citizenId' | 'otherId' | 'birth' | 'sex'> | undefined {
  const said = cells.citizenId ?? ''
  const parsed = said === '' ? undefined : parseCitizenId(said, today)
  const birthSaid = cells.birthDay ? findDayInSheet(cells.birthDay) : undefined
  if (parsed?.ok === true) {
    if (birthSaid !== undefined && birthSaid !== parsed.birth) remind('birthDay', words.birthOther)
    return { citizenId: parsed.id, otherId: null, birth: parsed.birth, sex: parsed.sex === 'male' ? 1 : 2 }
  }
  if (parsed !== undefined) remind('citizenId', words.idRemind)
  if (birthSaid === undefined) return void refuse('birthDay', words.birth)
  const sex = /男/u.test(cells.sex ?? '') ? 1 : /女/u.test(cells.sex ?? '') ? 2 : null
  return { citizenId: null, otherId: said || null, birth: birthSaid, sex }
}

function readHome(
  { township = '', village = '' }: LedgerCells['cells'],
  places: LedgerPlaces,
  remind: Tell,
): number | null {
  if (township === '' && village === '') return null
  const found = places.home(township, village)
  if (found === undefined) remind(village === '' ? 'township' : 'village', words.unitUnknown)
  return found ?? null
}

function readProofDay(text: string, today: PlainDate, refuse: Tell): PlainDate | undefined {
  const day = findDayInSheet(text)
  if (day === undefined) return undefined
  if (day > today) return void refuse('proofDay', words.dayFuture)
  if (day < OLDEST) return void refuse('proofDay', words.dayOld)
  return day
}

const CLOSED: readonly (readonly [RegExp, AccountCode])[] = [
  [/死亡|去世|病故|亡故/u, 'died'],
  [/失踪/u, 'missing'],
  [/专门学校|工读/u, 'special-school'],
  [/服刑|强制|在押|羁押/u, 'custody-schooled'],
  [/出国|出境|国外|境外|定居/u, 'settled-abroad'],
  [/迁出|迁移|外迁/u, 'moved-out'],
  [/毕业|完成|升学|中职|高中/u, 'finished'],
]
const OPEN: readonly (readonly [RegExp, AccountCode])[] = [
  [/疑似/u, 'suspected'],
  [/失学|未入学/u, 'never-enrolled'],
  [/辍学|流失/u, 'dropped-out'],
]

/** [OUT-21] The account of a ledger's kind, or of the word in its row. Undefined: told by where the child is at school. */
function readAccount(kind: LedgerKind, said: string, refuse: Tell): AccountCode | undefined {
  if (kind === 'outside') return undefined
  if (kind === 'deferred' || kind === 'suspended' || kind === 'home-teaching') return kind
  const lines = kind === 'closed' ? CLOSED : OPEN
  const found = lines.find(([form]) => form.test(said.normalize('NFKC')))
  if (found === undefined && said !== '') {
    refuse('what', words.what(kind === 'closed' ? ledgerWords.choices.closed : ledgerWords.choices.open))
  }
  return found?.[1]
}

function readOutside(
  cells: LedgerCells['cells'],
  places: LedgerPlaces,
  { refuse, remind }: { readonly refuse: Tell; readonly remind: Tell },
): LedgerReading['outside'] | undefined {
  const { province = '', city = '', county = '', school = '' } = cells
  const at = places.host({ province, city, county })
  if (at === undefined) return void refuse(county !== '' || province === '' ? 'county' : 'province', words.place)
  if (at.unitId === places.districtId) return void refuse('county', words.ownPlace)
  const found = at.unitId === null ? [] : places.schools(school, at.unitId)
  if (at.unitId !== null && found.length === 0) remind('school', words.schoolUnknown)
  if (found.length > 1) remind('school', words.schoolSeveral(found.length))
  const host = { ...at, schoolId: found.length === 1 ? found[0]! : null, schoolName: school }
  const since = cells.since ? (findDayInSheet(cells.since) ?? null) : null
  return {
    host,
    proof: readProof(cells.proof ?? ''),
    since,
    aid: readAid(cells.aid ?? ''),
    reason: readReason(cells.reason ?? ''),
  }
}

function readSchool(name: string, places: LedgerPlaces, remind: Tell): number | null {
  if (name === '') return null
  const found = places.schools(name, null)
  if (found.length === 1) return found[0]!
  remind('school', found.length === 0 ? words.schoolUnknown : words.schoolSeveral(found.length))
  return null
}

function remindOfPause(
  until: PlainDate | null,
  proofDay: PlainDate,
  { today, longestPause }: LedgerTerms,
  { refuse, remind }: { readonly refuse: Tell; readonly remind: Tell },
): void {
  if (until === null) return void refuse('until', words.missing)
  if (daysBetween(proofDay, until) > longestPause) refuse('until', words.pauseTooLong(longestPause))
  else if (until <= today) remind('until', words.pauseEnded)
}

/** [OUT-22] [OUT-27] What a ledger’s paper is: its day and its expiry follow the rules of the books, which ask for the child when it ends. */
function evidenceOf(kind: LedgerKind, proof: Proof | undefined): EvidenceKind {
  if (kind === 'home-teaching' || kind === 'open') return 'visit'
  return proof === undefined || proof === 'certificate' ? 'certificate' : 'registry-reply'
}

function noteOf(kind: LedgerKind, { reason = '', measures = '' }: LedgerCells['cells']): string | null {
  if (kind === 'outside') return null
  const parts = [
    ...(reason === '' ? [] : [ledgerWords.note.reason(reason)]),
    ...(measures === '' ? [] : [ledgerWords.note.measures(measures)]),
  ]
  return parts.length === 0 ? null : parts.join('；')
}

/** Where a child stands in the books before the ledger. */
export interface LedgerStanding {
  readonly account: AccountCode
  readonly since: PlainDate
  /** Of what the entry rests on. */
  readonly confirmed: PlainDate | null
}

export type LedgerChange =
  | { readonly kind: 'post'; readonly from: PlainDate }
  | { readonly kind: 'held'; readonly why: 'same' | 'newer' }

/**
 * [OUT-23] What a ledger posts over what stands: nothing over an account that the books have from a later day than its paper,
 * and 待核 gives way to any paper from the day on which it began to be asked.
 */
export function decideLedgerChange(
  stands: LedgerStanding | undefined,
  { account, proofDay }: LedgerReading,
): LedgerChange {
  if (stands === undefined) return { kind: 'post', from: proofDay }
  if (stands.account === account && stands.confirmed !== null && stands.confirmed >= proofDay) {
    return { kind: 'held', why: 'same' }
  }
  const isAsked = stands.account === 'to-verify' || stands.account === 'not-located'
  if (isAsked) return { kind: 'post', from: stands.since > proofDay ? stands.since : proofDay }
  return stands.since > proofDay ? { kind: 'held', why: 'newer' } : { kind: 'post', from: proofDay }
}

/** A row whose cells the form could not read keeps its findings. */
export function isLedgerColumn(text: string): text is LedgerColumn {
  return (LEDGER_COLUMNS as readonly string[]).includes(text)
}
