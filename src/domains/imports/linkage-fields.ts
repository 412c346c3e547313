import { allKeys, type Field } from '../../engines/linkage/field.ts'
import { FIELDS_OF } from './fields.ts'
import type { ImportKind } from './kinds.ts'

/**
 * What a comparison knows persons by, on the side of the population (left) and of the roll (right). Derived when a sheet is
 * checked and sealed with its rows, so that no run pays for it again.
 */
export const LINKAGE_FIELDS: Readonly<Record<string, Field>> = {
  name: { kind: 'han-name', left: 'name', right: 'name' },
  former: { kind: 'han-word', left: 'formerName', right: 'formerName' },
  id: { kind: 'citizen-id', left: 'citizenId', right: 'citizenId' },
  birth: { kind: 'day', left: 'birthDay', right: 'birthDay', fromId: 'id' },
  sex: { kind: 'sex', left: 'sex', right: 'sex', fromId: 'id' },
  member1: { kind: 'han-word', left: 'guardian1Name', right: 'guardian1Name' },
  member2: { kind: 'han-word', left: 'guardian2Name', right: 'guardian2Name' },
  member3: { kind: 'han-word', left: 'headName', right: null },
  memberId1: { kind: 'citizen-id-word', left: 'guardian1CitizenId', right: 'guardian1CitizenId' },
  memberId2: { kind: 'citizen-id-word', left: 'guardian2CitizenId', right: 'guardian2CitizenId' },
  memberId3: { kind: 'citizen-id-word', left: 'headCitizenId', right: null },
  phone1: { kind: 'phone', left: 'phone', right: 'guardian1Phone' },
  phone2: { kind: 'phone', left: null, right: 'phone' },
  address: { kind: 'address', left: 'address', right: 'address' },
}

export const LINKAGE_KEYS: readonly string[] = allKeys(LINKAGE_FIELDS).map(({ id }) => id)

/** Column of a batch's sealed rows that holds a key. */
export function keyColumn(key: string): string {
  return `key_${key}`
}

/** Side of a comparison on which a kind of sheet stands; undefined: on none. */
export function linkageSideOf(kind: ImportKind): 'left' | 'right' | undefined {
  if (kind === 'population' || kind === 'floating') return 'left'
  return kind === 'roll' ? 'right' : undefined
}

/** The same fields over the columns that a kind has; what it does not tell is null. */
export function linkageFieldsOf(kind: ImportKind, side: 'left' | 'right'): Readonly<Record<string, Field>> {
  const has = new Set<string>(FIELDS_OF[kind].map(({ id }) => id))
  const columnOf = (column: string | null) => {
    if (column === null || has.has(column)) return column
    return kind === 'floating' && column === 'address' ? 'livingAddress' : null
  }
  return Object.fromEntries(
    Object.entries(LINKAGE_FIELDS).map(([id, field]) => [
      id,
      { ...field, left: null, right: null, [side]: columnOf(field[side]) },
    ]),
  )
}
