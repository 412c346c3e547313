import { type AccountCode, BOOK_ACCOUNTS } from './accounts.ts'
import { type BookMatrix, MATRIX_ROWS, type MatrixColumn, type MatrixRow } from './contract.ts'

/** A sum of one base and district against the other district: R where at school, S where registered. */
export interface PlaceSum {
  readonly base: 'R' | 'S'
  readonly districtId: number
  readonly otherId: number | null
  readonly account: AccountCode
  readonly count: number
}

interface Matrix extends Pick<BookMatrix, 'rows' | 'ownByRegistration' | 'ownBySchool' | 'agrees'> {
  readonly districts: readonly { readonly unitId: number; readonly sent: number; readonly received: number }[]
}

/** Which row a child without a registration that we hold belongs to. */
const ROW_OF: Partial<Record<AccountCode, MatrixRow>> = {
  'roll-other-district': 'other-district',
  'roll-other-province': 'other-province',
  'roll-no-registration': 'no-registration',
  'roll-foreign': 'foreign',
  'roll-id-to-repair': 'to-repair',
}

/**
 * [BOOK-20] Where registered × where at school. The row of the own registration comes from R, the column of the own schools
 * from S; they were written as different sums of the same entries, so where both speak they must agree.
 */
export function matrixOf(sums: readonly PlaceSum[], kind: string): Matrix {
  const isCity = kind === 'city'
  const isSchools = kind === 'school' || kind === 'centre'
  const cells = new Map<MatrixRow, Map<MatrixColumn, number>>(MATRIX_ROWS.map((row) => [row, new Map()]))
  const districts = new Map<number, { sent: number; received: number }>()
  const pairs = { R: new Map<string, number>(), S: new Map<string, number>() }
  for (const sum of sums) {
    const [row, column] = sum.base === 'R' ? (['own', columnOf(sum)] as const) : ([rowOf(sum), 'own'] as const)
    // The city has both sides of every pair: the row of R is whole. A school has no row of R.
    const isToldByR = sum.base === 'S' && sum.otherId !== null && (isCity || (row === 'own' && !isSchools))
    if (row !== undefined && !isToldByR) count(cells.get(row)!, column, sum.count)
    if (isSchooled(sum)) count(pairs[sum.base], pairOf(sum), sum.count)
    if (!isCity && isSchooled(sum) && sum.otherId !== null && sum.otherId !== sum.districtId) {
      const other = districts.get(sum.otherId) ?? { sent: 0, received: 0 }
      other[sum.base === 'R' ? 'sent' : 'received'] += sum.count
      districts.set(sum.otherId, other)
    }
  }
  const isComparable = ([pair]: readonly [string, number]) => isCity || isOwn(pair)
  const byRegistration = [...pairs.R].filter(isComparable)
  const bySchool = new Map([...pairs.S].filter(isComparable))
  const hasBothSides = isCity || kind === 'district' || kind === 'zone'
  return {
    rows: MATRIX_ROWS.map((row) => ({
      row,
      cells: [...cells.get(row)!].filter(([, n]) => n !== 0).map(([column, n]) => ({ column, count: n })),
      total: totalOf(cells.get(row)!.values()),
    })),
    districts: [...districts].map(([unitId, counts]) => ({ unitId, ...counts })),
    ownByRegistration: totalOf(byRegistration.map(([, n]) => n)),
    ownBySchool: totalOf(bySchool.values()),
    agrees:
      !hasBothSides ||
      (byRegistration.length === bySchool.size && byRegistration.every(([pair, n]) => bySchool.get(pair) === n)),
  }
}

/** In group 1 with both places known. */
function isSchooled({ account, otherId }: PlaceSum): boolean {
  return BOOK_ACCOUNTS[account].group === 1 && otherId !== null
}

function columnOf(sum: PlaceSum): MatrixColumn {
  if (BOOK_ACCOUNTS[sum.account].group !== 1) return 'no-school'
  if (sum.otherId !== null) return sum.otherId === sum.districtId ? 'own' : 'other-district'
  if (sum.account === 'other-province') return 'other-province'
  return sum.account === 'elsewhere-in-city' ? 'other-district' : 'no-school'
}

/** Undefined: on a roll here and not schooled; the side of registration tells about it. */
function rowOf(sum: PlaceSum): MatrixRow | undefined {
  const { group } = BOOK_ACCOUNTS[sum.account]
  if (sum.otherId === null) return group === 1 || group === 5 ? (ROW_OF[sum.account] ?? 'unclear') : undefined
  if (group !== 1) return undefined
  return sum.otherId === sum.districtId ? 'own' : 'other-district'
}

/** Registered in > at school in. */
function pairOf({ base, districtId, otherId }: PlaceSum): string {
  return base === 'R' ? `${districtId}>${otherId}` : `${otherId}>${districtId}`
}

function isOwn(pair: string): boolean {
  const [registered, school] = pair.split('>')
  return registered === school
}

function count<Key>(sums: Map<Key, number>, key: Key, n: number): void {
  const sum = (sums.get(key) ?? 0) + n
  if (sum === 0) sums.delete(key)
  else sums.set(key, sum)
}

function totalOf(counts: Iterable<number>): number {
  return [...counts].reduce((all, n) => all + n, 0)
}
