import { foldName } from '../../kernel/chinese-name.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanCode } from '../../kernel/text.ts'
import type { CopyValue } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { type BatchKind, isListKind } from './kinds.ts'
import type { Contact, Identity, RecordRow } from './record.ts'

export const IDENTITY_CONTEXT = 'person_identity.sealed'
export const CONTACT_CONTEXT = 'person_contact.sealed'
export const TAG_CONTEXT = 'person_tag.sealed'

/** [PERS-2] Blind indexes: the only way to a person but through the child. */
export const INDEX = {
  id: 'person.id',
  name: 'person.name',
  student: 'person.student',
  household: 'person.household',
  guardian: 'person.guardian',
  content: 'person.content',
} as const

/** Columns of the staging table of `load-store.server.ts`, in the order of `stagedRow`. */
export const STAGED_COLUMNS = [
  'row',
  'leader',
  'shares_id',
  'id_key',
  'name_key',
  'student_key',
  'household_key',
  'guardian_keys',
  'content_key',
  'identity',
  'contact',
  'birth_day',
  'sex',
  'unit_id',
  'needs_repair',
  'school_id',
  'school_year',
  'grade',
  'class_name',
  'status_group',
  'status',
  'is_boarding',
  'enrolled_on',
  'mark',
  'absent_days',
] as const

export type IndexKey = (kind: string, text: string) => bigint

/** Siblings stand beside one another in a sheet: their household and parents are hashed once. */
export function rememberingIndex(keys: Pick<ChildKeys, 'indexKey'>, most = 64): IndexKey {
  const known = new Map<string, bigint>()
  return (kind, text) => {
    const at = `${kind}\0${text}`
    const found = known.get(at)
    if (found !== undefined) return found
    const key = keys.indexKey(kind, text)
    if (known.size >= most) known.clear()
    known.set(at, key)
    return key
  }
}

export interface StagedPlace {
  readonly kind: BatchKind
  /** Household numbers count within a district. */
  readonly district: string
  /** The first row of the chunk that speaks of the same person. */
  readonly leader: number
  /** The chunk has another person with the same ID number. */
  readonly sharesId: boolean
}

/** [PERS-1] One row for COPY: everything that could name the child or its family is sealed or a blind index. */
export function stagedRow(keys: ChildKeys, index: IndexKey, row: RecordRow, place: StagedPlace): readonly CopyValue[] {
  const { identity, contact, content } = textsOf(row)
  const { roll, presence } = row
  return [
    row.row,
    place.leader,
    place.sharesId,
    ...personKeys(keys, row),
    row.householdNo === null ? null : householdKey(index, place, row.householdNo),
    row.householdNo === null || isListKind(place.kind) ? guardianKeys(index, row) : null,
    keys.indexKey(INDEX.content, content),
    keys.seal(identity, IDENTITY_CONTEXT),
    contact === undefined ? null : keys.seal(contact, CONTACT_CONTEXT),
    row.birth,
    row.sex,
    roll === undefined ? row.unitId : roll.schoolId,
    row.needsRepair,
    roll?.schoolId ?? null,
    roll?.schoolYear ?? null,
    roll?.grade ?? null,
    roll?.className ?? null,
    roll?.statusGroup ?? null,
    roll?.status ?? null,
    roll?.boarding ?? null,
    roll?.enrolledOn ?? null,
    presence?.mark ?? null,
    presence?.absentDays ?? null,
  ]
}

/** [PERS-11] Household numbers of an office's list are another count than those of the register. */
export function householdKey(
  index: IndexKey,
  { kind, district }: Pick<StagedPlace, 'kind' | 'district'>,
  householdNo: string,
): bigint {
  const scheme = isListKind(kind) ? `${kind}\n` : ''
  return index(INDEX.household, `${scheme}${district}\n${cleanCode(householdNo)}`)
}

function personKeys(keys: ChildKeys, row: RecordRow): readonly [bigint | null, bigint, bigint | null] {
  if (row.keys !== undefined) return [row.keys.id, row.keys.name, row.keys.student]
  const id = row.citizenId === null ? null : keys.indexKey(INDEX.id, row.citizenId)
  return [id, keys.indexKey(INDEX.name, foldName(row.name)), studentKey(keys, row.studentNo)]
}

/** The key by which an unchanged row is known, as `source_record.content_key` holds it. */
export function contentKeyOf(keys: Pick<ChildKeys, 'indexKey'>, row: RecordRow): bigint {
  return keys.indexKey(INDEX.content, textsOf(row).content)
}

function textsOf(row: RecordRow) {
  const identity = identityText(row)
  const contact = contactText(row)
  const roll = row.roll === undefined ? '' : JSON.stringify(row.roll) + presenceText(row)
  const content = `${identity}\n${contact ?? ''}\n${roll}\n${row.unitId ?? ''}\n${row.needsRepair}`
  return { identity, contact, content }
}

function presenceText({ presence }: RecordRow): string {
  return presence === undefined ? '' : `\n${JSON.stringify(presence)}`
}

export function studentKey(keys: Pick<ChildKeys, 'indexKey'>, studentNo: string | null): bigint | null {
  const code = studentNo === null ? '' : cleanCode(studentNo)
  return code === '' ? null : keys.indexKey(INDEX.student, code)
}

/** [PERS-11] Where the sheet tells no household: in one household the number alone finds the siblings, and an index entry a parent costs. */
function guardianKeys(index: IndexKey, { guardians }: Contact): bigint[] | null {
  const found = new Set<bigint>()
  for (const { citizenId } of guardians) if (citizenId !== null) found.add(index(INDEX.guardian, citizenId))
  return found.size === 0 ? null : [...found]
}

// Arrays, because the names of the fields would be a third of what is sealed, 3.3 million times.

function identityText({ name, formerName, citizenId, otherId, ethnicity, studentNo, sex, birth }: Identity): string {
  return JSON.stringify([name, formerName, citizenId, otherId, ethnicity, studentNo, sex, birth])
}

export function openIdentity(keys: Pick<ChildKeys, 'open'>, sealed: Buffer): Identity {
  const [name, formerName, citizenId, otherId, ethnicity, studentNo, sex, birth] = JSON.parse(
    keys.open(sealed, IDENTITY_CONTEXT),
  ) as [
    string,
    string | null,
    string | null,
    string | null,
    string | null,
    string | null,
    1 | 2 | null,
    PlainDate | null,
  ]
  return { name, formerName, citizenId, otherId, ethnicity, studentNo, sex, birth }
}

type SealedGuardian = readonly [string | null, string | null, string | null, string | null]

/** Undefined when the row tells nothing of how to reach the family. */
function contactText({ phones, address, householdNo, guardians }: Contact): string | undefined {
  if (phones.length === 0 && address === null && householdNo === null && guardians.length === 0) return undefined
  const people = guardians.map(({ name, citizenId, phone, relation }) => [name, citizenId, phone, relation])
  return JSON.stringify([phones, address, householdNo, people])
}

export function openContact(keys: Pick<ChildKeys, 'open'>, sealed: Buffer): Contact {
  const [phones, address, householdNo, people] = JSON.parse(keys.open(sealed, CONTACT_CONTEXT)) as [
    string[],
    string | null,
    string | null,
    SealedGuardian[],
  ]
  const guardians = people.map(([name, citizenId, phone, relation]) => ({ name, citizenId, phone, relation }))
  return { phones, address, householdNo, guardians }
}
