import { cleanName } from '../../kernel/chinese-name.ts'
import { parseCitizenId } from '../../kernel/citizen-id.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanText } from '../../kernel/text.ts'
import { formWords } from './form-words.ts'
import { findProvince, METHODS, type ResultCode, resultOf } from './results.ts'
import { type Fault, faultsOf, type ReportDraft } from './rules.ts'
import type { FormColumnId } from './sheet-contract.ts'
import { checksWords } from './words.ts'

const words = formWords.row

export type Cells = Readonly<Record<FormColumnId, string>>
export interface Finding {
  readonly column: FormColumnId | null
  readonly reason: string
}

/** What the row is about. */
export type RowKind = 'task' | 'found' | 'bad-id'

/** [CHECK-11] 新增, or no row id at all, is a child found at the door. */
export function kindOfRow(cells: Cells, caseId: number | undefined): RowKind {
  const written = cells.rowId.replace(/[\s\d-]/g, '')
  if (cells.rowId === '' || written === formWords.newRow) return 'found'
  return caseId === undefined ? 'bad-id' : 'task'
}

const SAID: readonly FormColumnId[] = [
  'result',
  'method',
  'checker',
  'checkedDay',
  'papers',
  'province',
  'school',
  'pauseUntil',
  'remark',
]

/** Nothing was filled in: not checked yet. */
export function isEmptyRow(cells: Cells, kind: RowKind): boolean {
  if (kind === 'found') return cells.name === '' && cells.citizenId === '' && SAID.every((id) => cells[id] === '')
  return SAID.every((id) => cells[id] === '')
}

/** Schools of the city in force, by what a sheet may call them. */
export type SchoolIndex = (text: string) => readonly number[]

export interface DraftTerms {
  readonly today: PlainDate
  readonly oldestDays: number
  readonly isRegistered: boolean
  readonly schools: SchoolIndex
}

/** [CHECK-6] [CHECK-10] What a row says as a report, and what of it has to be mended, by column. */
export function readDraft(
  cells: Cells,
  terms: DraftTerms,
): { readonly draft: ReportDraft; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const refuse = (column: FormColumnId, reason: string) => void findings.push({ column, reason })
  const result = cells.result === '' ? null : (cells.result as ResultCode)
  const method = METHODS.find((code) => checksWords.methods[code] === cells.method)
  if (method === undefined) refuse('method', words.missing)
  if (cells.checkedDay === '') refuse('checkedDay', words.missing)
  const checkedDay = (cells.checkedDay === '' ? terms.today : cells.checkedDay) as PlainDate
  const pauseUntil = cells.pauseUntil === '' ? null : (cells.pauseUntil as PlainDate)
  for (const fault of faultsOf({ result, checkedDay, pauseUntil }, terms))
    refuse(COLUMN[fault], adviceOf(fault, terms.oldestDays))
  const needs = result === null ? {} : resultOf(result).needs
  const province = needs.province === true && cells.province !== '' ? findProvince(cells.province) : undefined
  if (needs.province === true && cells.province !== '' && province === undefined) refuse('province', words.noProvince)
  const schoolId = needs.school === true && cells.school !== '' ? readSchool(cells.school, terms.schools, refuse) : null
  return {
    draft: {
      result,
      method: method ?? 'visit',
      checkedDay,
      schoolId,
      province: province ?? null,
      pauseUntil,
      checker: cells.checker,
      papers: cells.papers,
      place: cells.school,
      remark: cells.remark,
    },
    findings,
  }
}

const COLUMN: Readonly<Record<Fault, FormColumnId>> = {
  day: 'checkedDay',
  pausePast: 'pauseUntil',
  pauseWithout: 'pauseUntil',
  registered: 'result',
}

function adviceOf(fault: Fault, oldestDays: number): string {
  return fault === 'day' ? checksWords.faults.day(oldestDays) : checksWords.faults[fault]
}

function readSchool(
  text: string,
  schools: SchoolIndex,
  refuse: (column: FormColumnId, reason: string) => void,
): number | null {
  const found = schools(text)
  if (found.length === 1) return found[0]!
  refuse('school', found.length === 0 ? words.noSchool : words.severalSchools(found.length))
  return null
}

/** A child on no list, as it was met at the door. */
export interface FoundChild {
  readonly name: string
  readonly sex: 1 | 2
  readonly birth: PlainDate
  readonly citizenId: string | null
  readonly guardian: string | null
  readonly phone: string | null
  readonly address: string | null
  readonly householdNo: string | null
  /** Village or the own unit. */
  readonly unitId: number
}

/** [CHECK-11] Who was met, or what of the row has to be mended. */
export function readFound(
  cells: Cells,
  {
    today,
    villages,
    ownUnitId,
  }: { readonly today: PlainDate; readonly villages: ReadonlyMap<string, number>; readonly ownUnitId: number },
): { readonly child: FoundChild | undefined; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const refuse = (column: FormColumnId, reason: string) => void findings.push({ column, reason })
  const name = cleanName(cells.name)
  if ([...name].length < 2 || [...name].length > 30 || /\p{N}/u.test(name))
    refuse('name', name === '' ? words.missing : words.personShape)
  const hasId = cells.citizenId !== '' && cells.citizenId !== formWords.noId
  const id = hasId ? parseCitizenId(cells.citizenId, today) : undefined
  const sound = id?.ok === true ? id : undefined
  if (hasId && sound === undefined) refuse('citizenId', words.idFault)
  const birth = (sound?.birth ?? (cells.birth === '' ? undefined : cells.birth)) as PlainDate | undefined
  if (birth === undefined && !hasId) refuse('birth', words.birthNeeded)
  if (sound !== undefined && cells.birth !== '' && cells.birth !== sound.birth) refuse('birth', words.birthOfId)
  const sex = sexOf(cells.sex) ?? (sound === undefined ? undefined : sound.sex === 'male' ? 1 : 2)
  if (sex === undefined) refuse('sex', words.sexNeeded)
  const unitId = cells.village === '' ? ownUnitId : villages.get(cells.village)
  if (unitId === undefined) refuse('village', words.noVillage)
  if (findings.length > 0 || birth === undefined || sex === undefined || unitId === undefined)
    return { child: undefined, findings }
  const orNull = (text: string) => (cleanText(text) === '' ? null : cleanText(text))
  return {
    child: {
      name,
      sex,
      birth,
      citizenId: sound?.id ?? null,
      guardian: orNull(cells.guardian),
      phone: orNull(cells.phone),
      address: orNull(cells.address),
      householdNo: orNull(cells.household),
      unitId,
    },
    findings,
  }
}

function sexOf(text: string): 1 | 2 | undefined {
  if (text === formWords.sexes[1]) return 1
  return text === formWords.sexes[2] ? 2 : undefined
}
