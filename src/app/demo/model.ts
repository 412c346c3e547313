import type { Sex } from '../../kernel/citizen-id.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'

/** Days since 1970-01-01; the generator counts in numbers and writes days at the end. */
export type DayNumber = number

export interface DemoVillage {
  /** Twelve digits of the statistical code, or a key where the township has no published code. */
  readonly code: string
  readonly name: string
}

export interface DemoTownship {
  readonly code: string
  readonly name: string
  /** Code of the district's or the functional zone's unit. */
  readonly unitCode: string
  readonly from: PlainDate
  /** Six digits that an ID first registered here begins with today. */
  readonly addressCode: string
  readonly isUrban: boolean
  readonly policeStation: string
  readonly villages: readonly DemoVillage[]
}

export interface DemoDistrict {
  readonly index: number
  /** Null where no code has been published. */
  readonly code: string | null
  /** The code, or the pack's own key for its unit. */
  readonly unitCode: string
  readonly name: string
  readonly from: PlainDate
  readonly isCentral: boolean
  readonly minorityShare: number
  /** Share of the city's registered children, and of its pupils. */
  readonly registeredShare: number
  readonly pupilShare: number
  readonly townships: readonly DemoTownship[]
}

/** `kindergarten` of three years, `primary`, `junior`, `senior`, `vocational` (senior years), `special` (all of nine years). */
export type Stage = 'kindergarten' | 'primary' | 'junior' | 'senior' | 'vocational' | 'special'

export interface DemoSchool {
  readonly index: number
  /** 学校标识码. */
  readonly code: string
  readonly name: string
  /** 办学类型, GB/T 33782 table 4. */
  readonly schoolType: string
  /** 城乡分类. */
  readonly settlementClass: string
  readonly founder: string
  readonly isBoarding: boolean
  readonly stages: readonly Stage[]
  readonly district: DemoDistrict
  readonly township: DemoTownship
  /** Six digits used in student numbers without an ID. */
  readonly divisionCode: string
  readonly size: number
  readonly habits: SchoolHabits
}

/** How a school fills in its sheet; faults come in clusters because clerks do. */
export interface SchoolHabits {
  readonly dateFormat: 'compact' | 'dashes' | 'dots' | 'slashes' | 'serial'
  readonly gradeFormat: 'plain' | 'stage' | 'number'
  readonly dot: string
  readonly lowerCaseX: boolean
  /** Puts a space between the two characters of a short name, so that the column looks even. */
  readonly padsShortNames: '' | ' ' | '\u3000'
  readonly namesGuardianFirst: 'father' | 'mother'
  readonly fillsGuardianId: boolean
  readonly leavesStatusEmpty: boolean
  readonly fillsEthnicity: boolean
  /** Multiplies the rate of every roll fault: a tenth of the schools are four times as careless. */
  readonly carelessness: number
}

export interface Adult {
  readonly name: string
  readonly sex: Sex
  readonly birthDay: DayNumber
  readonly citizenId: string
  readonly phone: string
}

export interface Home {
  /** Null for a place outside the city. */
  readonly district: DemoDistrict | null
  readonly township: DemoTownship | null
  readonly village: DemoVillage | null
  readonly address: string
}

export interface Household {
  readonly number: string
  readonly isCollective: boolean
  readonly home: Home
  readonly head: Adult
  readonly father: Adult | null
  readonly mother: Adult | null
  /** Who keeps the children while the parents work away. */
  readonly grandparent: Adult | null
  readonly isDivorced: boolean
  readonly isLeftBehind: boolean
}

/** What is really so. `here`: in a class on a roll of this city; the others are on no roll, or not in the way the roll says. */
export const WHEREABOUTS = [
  /** Under six, in no kindergarten of the roll. */
  'at-home',
  /** Under six and in kindergarten. */
  'preschool',
  'here',
  /** 休学, approved. */
  'paused',
  /** At school outside the city; its roll is not given. */
  'elsewhere',
  /** In a class here without a roll entry. */
  'unrolled',
  /** Over six and still in kindergarten. */
  'late-kindergarten',
  /** 缓学 approved, not yet on a roll. */
  'deferred',
  /** Never enrolled. */
  'never-enrolled',
  /** Left school and is in none. */
  'dropped-out',
  /** Out of school while the roll says 在读. */
  'ghost',
  'abroad',
  /** Died; the registration was not cancelled. */
  'dead',
  /** Beyond nine years and on a senior school's roll. */
  'senior',
  /** Finished grade 9 and on no senior roll. */
  'finished',
] as const
export type Whereabouts = (typeof WHEREABOUTS)[number]

export interface Schooling {
  readonly school: DemoSchool
  readonly stage: Stage
  /** 1-3 in kindergarten, 1-9, 10-12 in senior years. */
  readonly grade: number
  readonly classNumber: number
  readonly isBoarding: boolean
  readonly isHomeTaught: boolean
  readonly enrolledOn: DayNumber
  readonly status: string
}

export interface Person {
  readonly personId: number
  readonly name: string
  /** Name borne until some years ago. */
  readonly formerName: string | null
  readonly sex: Sex
  readonly birthDay: DayNumber
  /** Empty for a child without any registration. */
  readonly citizenId: string
  /** Of a foreigner or a child of Hong Kong, Macao or Taiwan. */
  readonly otherDocument: { readonly type: string; readonly number: string } | null
  readonly ethnicity: string
  readonly household: Household
  /** Brothers and sisters in the extract's ages, in order of birth, this one among them. */
  readonly siblingIds: readonly string[]
  readonly isTwin: boolean
  readonly disability: number | null
  /** Registered here; a cancelled registration is still a row. */
  readonly isRegistered: boolean
  readonly cancelReason: string | null
  readonly nominalGrade: number
  readonly obligation: 'open' | 'not-begun' | 'closed'
  readonly whereabouts: Whereabouts
  /** The entry that says where the person is; null where there is none. */
  readonly schooling: Schooling | null
  /** An earlier entry that was ended: 转出, 毕业, 流失 ... */
  readonly formerSchooling: Schooling | null
}
