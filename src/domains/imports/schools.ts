import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanCode } from '../../kernel/text.ts'
import { fold } from './places.ts'

export interface SchoolUnit {
  readonly unitId: number
  readonly name: string
  /** 学校标识码; null: not given yet. */
  readonly code: string | null
  /** 办学类型, GB/T 33782-2017 table 4. */
  readonly type: string
  readonly path: readonly number[]
  readonly from: PlainDate
  readonly until: PlainDate | null
  /** Names of those that follow a closed one. */
  readonly followers: readonly string[]
}

export interface SchoolCells {
  readonly code: string | null
  readonly name: string | null
  readonly district: string | null
}

export type SchoolFault =
  | 'school-missing'
  | 'school-unknown'
  | 'school-ambiguous'
  | 'school-closed'
  | 'school-elsewhere'

export interface SchoolFound {
  readonly schoolId: number | null
  readonly fault: SchoolFault | null
  /** The school's own name where the cell says another; the last day or the followers of a closed one. */
  readonly said: string | null
  readonly hasOtherName: boolean
}

/**
 * [IMP-8] The school of a roll row: by its 学校标识码, then by its exact name in the branch of who gives the sheet. A school
 * that had closed by the day the roll speaks of takes nobody, and nobody speaks for a school outside his branch.
 */
export function createSchoolFinder(
  schools: readonly SchoolUnit[],
  giver: { readonly unitId: number; readonly isSchool: boolean },
  asOf: PlainDate,
): (cells: SchoolCells) => SchoolFound {
  const byCode = Map.groupBy(
    schools.filter(({ code }) => code !== null),
    ({ code }) => code!,
  )
  const byName = Map.groupBy(schools, ({ name }) => fold(name))
  const isOwn = (school: SchoolUnit) => school.path.includes(giver.unitId)
  const isOpen = (school: SchoolUnit) => school.from <= asOf && (school.until === null || school.until > asOf)

  return ({ code: codeCell, name: nameCell }) => {
    const code = cleanCode(codeCell ?? '')
    const name = fold(nameCell ?? '')
    if (code === '' && name === '') {
      return giver.isSchool ? found(giver.unitId, false) : fault('school-missing')
    }
    const coded = byCode.get(code) ?? []
    const named = byName.get(name) ?? []
    const candidates = coded.length > 0 ? coded : named
    const open = candidates.filter(isOpen)
    const own = open.filter(isOwn)
    if (own.length === 1) return found(own[0]!.unitId, name !== '' && fold(own[0]!.name) !== name, own[0]!.name)
    if (own.length > 1) return fault('school-ambiguous')
    if (open.length > 0) return fault('school-elsewhere')
    const closed = candidates.find(isOwn) ?? candidates[0]
    if (closed !== undefined) return fault('school-closed', closed.followers.join('、') || closed.until)
    return fault('school-unknown')
  }
}

function found(schoolId: number, hasOtherName: boolean, said: string | null = null): SchoolFound {
  return { schoolId, fault: null, said, hasOtherName }
}

function fault(kind: SchoolFault, said: string | null = null): SchoolFound {
  return { schoolId: null, fault: kind, said, hasOtherName: false }
}

const PRIMARY = [1, 6] as const
const JUNIOR = [7, 9] as const
const SENIOR = [10, 12] as const
const NONE = [0, 0] as const

/** Grades a school type teaches, first and last (domain table of stages by 办学类型); special schools teach all. */
const GRADES: ReadonlyMap<string, readonly [number, number]> = new Map<string, readonly [number, number]>([
  ...['111', '119'].map((type) => [type, NONE] as const),
  ...['211', '218', '219'].map((type) => [type, PRIMARY] as const),
  ...['311', '319', '321', '329'].map((type) => [type, JUNIOR] as const),
  ['312', [PRIMARY[0], JUNIOR[1]] as const],
  ['341', [JUNIOR[0], SENIOR[1]] as const],
  ...['342', '349', '361', '362', '363', '364', '365', '366', '368'].map((type) => [type, SENIOR] as const),
])

/** Grades 1 to 12 (0 kindergarten) that a school of this type can have; a special or unknown type any. */
export function gradesOfSchool(type: string): readonly [number, number] {
  return GRADES.get(type) ?? [0, 12]
}
