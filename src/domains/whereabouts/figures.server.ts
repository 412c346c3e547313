import type { Tx } from '../../platform/db/index.ts'
import { listUnitsById, type Unit } from '../registry/server.ts'
import { ACCOUNT_CODES, type Base, BOOK_ACCOUNTS } from './accounts.ts'
import {
  isCounted,
  type Standing,
  type Sum,
  sumBalance,
  sumMap,
  sumOwnRegistered,
  sumPlaces,
  sumTotal,
} from './balance-store.server.ts'
import type { BookBalance, BookBalanceLine, BookBridge, BookMap, BookMatrix, UnitName } from './contract.ts'
import { matrixOf } from './matrix.ts'
import { type BridgeRow, countWaiting, listBridges } from './standing-store.server.ts'

export function unitName({ unitId, name, kind }: Pick<Unit, 'unitId' | 'name' | 'kind'>): UnitName {
  return { unitId, name, kind }
}

/** Names of units, whatever order they are asked in. */
export async function namesOf(tx: Tx, ids: Iterable<number | null>): Promise<ReadonlyMap<number, UnitName>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  return new Map((await listUnitsById(tx, wanted)).map((unit) => [unit.unitId, unitName(unit)]))
}

/** The trial balance of a unit: every account with its lower units, its ages, and whether it closes with the bridge. */
export async function readTrialBalance(tx: Tx, unit: Unit, base: Base, standing: Standing): Promise<BookBalance> {
  const sums = await sumBalance(tx, unit, base, standing, true)
  const lines = ACCOUNT_CODES.map((account) => lineOf(account, sums))
  const counted = sums.filter((sum) => isCounted(base, sum.account))
  const total = totalOf(counted)
  const lowerIds = [...new Set(sums.filter((sum) => sum.count !== 0).map((sum) => sum.lowerId))]
  const lower = (await listUnitsById(tx, lowerIds)).toSorted((a, b) => a.code.localeCompare(b.code))
  // The own base is summed already; the sums of five years are the dear part.
  const totalIn = async (other: Base) => (other === base ? total : (await sumTotal(tx, unit, other, standing)).total)
  const bridge = base === 'R' ? await readBridge(tx, unit, standing, total) : null
  return {
    ...standing,
    unit: unitName(unit),
    base,
    bridge,
    lines,
    lower: lower.map((below) => {
      const own = counted.filter((sum) => sum.lowerId === below.unitId)
      const unexplained = own.filter((sum) => BOOK_ACCOUNTS[sum.account].isUnexplained)
      return { ...unitName(below), total: totalOf(own), unexplained: totalOf(unexplained) }
    }),
    total,
    change: counted.reduce((all, sum) => all + sum.change, 0),
    totals: { R: await totalIn('R'), P: await totalIn('P'), S: await totalIn('S') },
    closes: bridge === null ? null : bridge.booked === bridge.persons + bridge.carried,
    waiting: await countWaiting(tx, unit),
  }
}

function totalOf(sums: readonly Sum[]): number {
  return sums.reduce((all, sum) => all + sum.count, 0)
}

function lineOf(account: BookBalanceLine['account'], sums: readonly Sum[]): BookBalanceLine {
  const own = sums.filter((sum) => sum.account === account)
  const cells = new Map<number, number>()
  const ages = { recent: 0, term: 0, older: 0, none: 0 }
  for (const sum of own) {
    ages[sum.age] += sum.count
    cells.set(sum.lowerId, (cells.get(sum.lowerId) ?? 0) + sum.count)
  }
  return {
    account,
    group: BOOK_ACCOUNTS[account].group,
    total: totalOf(own),
    change: own.reduce((all, sum) => all + sum.change, 0),
    ages,
    cells: [...cells].filter(([, count]) => count !== 0).map(([unitId, count]) => ({ unitId, count })),
  }
}

/**
 * [BOOK-19] The bridge of the unit, or the sum of the highest ones below it. It closes when the movements of the run sum to
 * the persons of its sheets and those carried over; what came and went since is told apart.
 */
async function readBridge(tx: Tx, unit: Unit, standing: Standing, total: number): Promise<BookBridge | null> {
  const rows = highestOf(await listBridges(tx, unit, standing))
  if (rows.length === 0) return null
  let booked = 0
  for (const row of rows) booked += await countBooked(tx, row, standing)
  const sum = (pick: (row: BridgeRow) => number) => rows.reduce((all, row) => all + pick(row), 0)
  return {
    asOf: rows.map((row) => row.as_of_day).toSorted()[0]!,
    received: sum((row) => row.received),
    errors: sum((row) => row.errors),
    duplicates: sum((row) => row.duplicates),
    cancelled: sum((row) => row.cancelled),
    notBegun: sum((row) => row.not_begun),
    closed: sum((row) => row.closed),
    persons: sum((row) => row.persons),
    carried: sum((row) => row.carried),
    booked,
    since: total - booked,
    runs: new Set(rows.map((row) => row.source_key)).size,
  }
}

/**
 * Rows of units that have no row of a unit above them. The city's own row is of those that no district could be told for: it
 * stands beside the districts', not above them.
 */
export function highestOf<Row extends Pick<BridgeRow, 'unit_id' | 'path'>>(rows: readonly Row[]): readonly Row[] {
  const ids = new Set(rows.map((row) => row.unit_id))
  return rows.filter((row) => !row.path.slice(1).some((above) => above !== row.unit_id && ids.has(above)))
}

/** Groups 1 to 4 of the bridge's unit on the day and at the posting of the run. */
async function countBooked(tx: Tx, row: BridgeRow, standing: Standing): Promise<number> {
  const [unit] = await listUnitsById(tx, [row.unit_id])
  if (unit === undefined || row.posting_id === null) return 0
  const known = { ...standing, asOf: row.as_of_day, knownAt: row.posting_id }
  if (unit.kind === 'city') return await sumOwnRegistered(tx, unit.unitId, known)
  return (await sumTotal(tx, unit, 'R', known)).total
}

/** Where registered × where at school, from both sides. */
export async function readPlaces(tx: Tx, unit: Unit, standing: Standing): Promise<BookMatrix> {
  const matrix = matrixOf(await sumPlaces(tx, unit, standing), unit.kind)
  const names = await namesOf(
    tx,
    matrix.districts.map((district) => district.unitId),
  )
  return {
    ...standing,
    unit: unitName(unit),
    ...matrix,
    districts: matrix.districts.flatMap((district) => {
      const name = names.get(district.unitId)
      return name === undefined ? [] : [{ ...name, sent: district.sent, received: district.received }]
    }),
  }
}

/** Districts and zones in scope. */
export async function readDistricts(tx: Tx, base: Base, standing: Standing): Promise<BookMap> {
  const sums = await sumMap(tx, base, standing)
  const units = await listUnitsById(
    tx,
    sums.map((sum) => sum.unitId),
  )
  return {
    ...standing,
    base,
    rows: units
      .toSorted((a, b) => a.code.localeCompare(b.code))
      .flatMap((unit) => {
        const sum = sums.find((candidate) => candidate.unitId === unit.unitId)
        if (sum === undefined) return []
        const { persons, unexplained, fresh } = sum
        const perTenThousand = persons > 0 ? Math.round((unexplained / persons) * 1_000_000) / 100 : null
        return [{ ...unitName(unit), code: unit.code, persons, unexplained, perTenThousand, fresh }]
      }),
  }
}
