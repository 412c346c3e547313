import { childId } from '../../kernel/ids.ts'
import { ageOn, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { Download } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import type { OutCell } from '../../platform/sheets/index.ts'
import { type Contact, type Identity, TAGS, type TagCode } from '../persons/index.ts'
import { listTagsOf, readContact, readHouseholds, readIdentity, readStudentNos } from '../persons/server.ts'
import {
  ACCOUNT_CODES,
  type AccountCode,
  accountCodeOf,
  accountWords,
  BOOK_ACCOUNTS,
  type EvidenceKind,
} from '../whereabouts/index.ts'
import { findLastClosedDay, getUnitWithin } from '../whereabouts/server.ts'
import type { Ledger } from './contract.ts'
import { type ClassFound, type LedgerRow, listClasses, listLedgerRows } from './ledger.store.server.ts'
import { type Places, placesOf } from './places.server.ts'
import { rostersWords } from './words.ts'
import { type Asked, workbookOf } from './workbook.commands.server.ts'

const words = rostersWords.workbook
const heads = rostersWords.ledger
type Column = keyof typeof heads

const COLUMNS = Object.keys(heads) as Column[]
/** Columns that only the ledgers of those out of school have. */
const FIRST_OF_OUT = COLUMNS.indexOf('foundOn')
const ROWS_A_PAGE = 500

const ACCOUNTS: Readonly<Record<Ledger, readonly AccountCode[]>> = {
  'of-age': ACCOUNT_CODES.filter((code) => BOOK_ACCOUNTS[code].group < 5 && !BOOK_ACCOUNTS[code].isClosing),
  suspected: ['suspected'],
  out: ['never-enrolled', 'dropped-out'],
}

/**
 * [ROST-20] The three ledgers of the notice (适龄儿童, 疑似辍学, 辍学) as the books stand now, with the columns of domain 2.9. What we
 * do not hold stays an empty column.
 */
export async function downloadLedger(
  services: Services,
  asked: Asked,
  {
    ledger,
    unitId,
    reason,
  }: { readonly ledger: Ledger; readonly unitId?: number | undefined; readonly reason: string },
): Promise<Download> {
  const { actor } = asked
  const unit = await services.db.inScope(actor.scope, async (tx) => {
    if ((await findLastClosedDay(tx)) === undefined) throw new Problem('BOOK.NOT_OPEN')
    return getUnitWithin(tx, actor, unitId)
  })
  const today = services.clock.today()
  const columns = columnsOf(ledger)
  return workbookOf(services, asked, {
    fileName: words.ledgerFile(unit.name, words.ledger[ledger], today),
    sheetName: words.ledger[ledger],
    columns: columns.map((column) => ({ heading: heads[column], width: heads[column].length > 4 ? 20 : 13 })),
    rows: ledgerRows(services, actor, { unitId: unit.unitId, ledger }),
    target: `unit:${unit.unitId}/ledger-${ledger}`,
    unit: unit.name,
    reason,
  })
}

export function columnsOf(ledger: Ledger): readonly Column[] {
  return ledger === 'of-age' ? COLUMNS.slice(0, FIRST_OF_OUT) : COLUMNS
}

async function* ledgerRows(
  services: Services,
  actor: Actor,
  { unitId, ledger }: { readonly unitId: number; readonly ledger: Ledger },
): AsyncGenerator<readonly (readonly OutCell[])[]> {
  const accounts = ACCOUNTS[ledger].map((code) => BOOK_ACCOUNTS[code].id)
  const columns = columnsOf(ledger)
  let number = 0
  for (let after = 0; ; ) {
    // As the system for a unit in scope; names and contacts are read in scope.
    const found = await services.db.asSystem('rosters.ledger', (tx) =>
      listLedgerRows(tx, { unitId, accounts, after, size: ROWS_A_PAGE }),
    )
    const told = await services.db.inScope(actor.scope, (tx) => cellsOf(services, tx, found))
    const rows = told.map((cells) => {
      number += 1
      return columns.map((column) => (column === 'number' ? number : (cells[column] ?? null)))
    })
    if (rows.length > 0) yield rows
    if (found.length < ROWS_A_PAGE) return
    after = found.at(-1)!.childId
  }
}

type Cells = Readonly<Partial<Record<Column, OutCell>>>

async function cellsOf({ keys, clock }: Services, tx: Tx, rows: readonly LedgerRow[]): Promise<Cells[]> {
  const ids = rows.map((row) => row.childId)
  const identities = await readIdentity(tx, keys, ids, 'plain')
  const contacts = await readContact(tx, keys, ids, 'plain')
  const households = await readHouseholds(tx, keys, ids, 'plain')
  const classes = await listClasses(tx, ids)
  const groups = await listTagsOf(tx, keys, ids)
  const studentNos = await readStudentNos(tx, keys, ids)
  const places = await placesOf(
    tx,
    rows.flatMap(({ registeredId, livingId, schoolId }) => [registeredId, livingId, schoolId]),
  )
  const cells: Cells[] = []
  for (const row of rows) {
    const id = childId(row.childId)
    const told = {
      identity: identities.get(id),
      contact: contacts.get(id),
      home: households.get(row.childId),
      schoolClass: classes.get(row.childId),
      studentNo: studentNos.get(row.childId) ?? null,
      tags: groups.get(row.childId) ?? [],
    }
    cells.push(ledgerCells(row, told, places, clock.today()))
  }
  return cells
}

interface Told {
  readonly identity: Identity | undefined
  readonly contact: Contact | undefined
  /** Of the row that tells its household. */
  readonly home: Contact | undefined
  readonly schoolClass: ClassFound | undefined
  readonly studentNo: string | null
  readonly tags: readonly TagCode[]
}

function ledgerCells(row: LedgerRow, told: Told, places: Places, today: PlainDate): Cells {
  const { identity, contact, home } = told
  const account = accountCodeOf(row.accountId)
  const { district, township, village } = places.placeOf(row.registeredId ?? row.livingId)
  const [guardian] = contact?.guardians ?? []
  const isApart = row.registeredId !== null && row.livingId !== null && row.registeredId !== row.livingId
  return {
    district,
    township,
    village,
    head: home?.guardians.find(({ relation }) => relation === '户主')?.name ?? null,
    household: home?.householdNo ?? null,
    name: identity?.name ?? null,
    sex: row.sex === null ? null : (words.sex[row.sex] ?? null),
    ethnicity: identity?.ethnicity ?? null,
    citizenId: identity?.citizenId ?? identity?.otherId ?? null,
    birth: row.birth,
    age: row.birth === null ? null : ageOn(row.birth, today),
    registeredAt: places.lineOf(row.registeredId),
    livingAt: contact?.address ?? places.lineOf(row.livingId),
    isResident: row.livingId === null ? null : words.yes,
    apart: isApart ? words.apart : null,
    guardian: guardian?.name ?? null,
    relation: guardian?.relation ?? null,
    guardianId: guardian?.citizenId ?? null,
    phone: contact?.phones[0] ?? guardian?.phone ?? null,
    ...groupCells(told.tags),
    ...schoolCells(row, told, places),
    account: accountWords.accounts[account],
    checkedHow: accountWords.evidence[row.evidence as EvidenceKind],
    checkedOn: row.confirmed,
    foundOn: row.openedDay,
    absentDays: row.absentDays,
    kind: words.kind[account] ?? null,
    since: words.kind[account] === undefined ? null : row.since,
  }
}

/** Groups by the three columns that the ledger has for them. */
function groupCells(tags: readonly TagCode[]): Cells {
  const labels = (those: readonly TagCode[]) => those.map((code) => TAGS[code].label).join('、') || null
  const disabled = tags.filter((code) => code.startsWith('disabled'))
  const groups = tags.filter((code) => GROUPS.includes(code))
  return {
    disability: labels(disabled),
    groups: labels(groups),
    hardship: labels(
      tags.filter((code) => TAGS[code].isSensitive && !disabled.includes(code) && !groups.includes(code)),
    ),
  }
}

const GROUPS: readonly TagCode[] = ['left-behind', 'migrant', 'floating', 'hardship', 'orphan', 'no-guardian']

function schoolCells(row: LedgerRow, { studentNo, schoolClass }: Told, places: Places): Cells {
  if (row.schoolId === null) return { studentNo }
  const grade = schoolClass?.grade ?? null
  const boards = schoolClass?.isBoarding ?? null
  return {
    studentNo,
    stage: grade === null || grade < 1 ? null : grade <= 6 ? rostersWords.stage.primary : rostersWords.stage.junior,
    schoolDistrict: places.placeOf(row.schoolId).district,
    school: places.nameOf(row.schoolId),
    grade,
    className: schoolClass?.className ?? null,
    boarding: boards === null ? null : boards ? rostersWords.boarding.yes : rostersWords.boarding.no,
  }
}
