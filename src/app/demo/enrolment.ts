import { plainDate } from '../../kernel/plain-date.ts'
import { dayNumber } from './calendar.ts'
import type { DemoDistrict, DemoSchool, DemoTownship, Schooling, Stage } from './model.ts'
import type { DemoOptions } from './options.ts'
import { hashOf, type Random, type Weighted, weighted } from './random.ts'

/** Whom to place, as far as the choice of a school depends on it. */
export interface Applicant {
  readonly home: DemoDistrict
  readonly township: DemoTownship | null
  readonly grade: number
  readonly stage: Stage
  readonly status: string
  /** School years since the grade was left; 0 for who is in it. */
  readonly yearsSince: number
  readonly isLeftBehind: boolean
  readonly isHomeTaught: boolean
}

export interface Placement {
  place(random: Random, applicant: Applicant): Schooling
}

const PUPILS_AT_SCALE_1 = 3_140_000
const CLASS_SIZE = 44
/** Pupils of a mountain district who follow their parents to the centre, and of the centre to another district of it. */
const SCHOOL_IN_OTHER_DISTRICT = { central: 0.04, other: 0.07 }

export function createPlacement(
  options: DemoOptions,
  districts: readonly DemoDistrict[],
  schools: readonly DemoSchool[],
): Placement {
  const choices = new Map<string, Weighted<DemoSchool>>()
  const zones = new Map<string, DemoSchool>()
  const classes = new Map<string, number>()
  const central = weighted(
    districts.filter((district) => district.isCentral).map((district) => [district, district.pupilShare] as const),
  )
  const septembers = new Map<number, number>()

  function listOf(district: DemoDistrict, stage: Stage): DemoSchool[] {
    const own = schools.filter((school) => school.district === district && school.stages.includes(stage))
    // A district without a special school sends its children to ordinary ones, one without seniors nowhere else.
    return own.length > 0 || stage !== 'special' ? own : listOf(district, 'primary')
  }

  function choiceOf(district: DemoDistrict, stage: Stage): Weighted<DemoSchool> {
    const key = `${district.index}|${stage}`
    let choice = choices.get(key)
    if (choice === undefined) {
      choice = weighted(listOf(district, stage).map((school) => [school, school.size] as const))
      choices.set(key, choice)
    }
    return choice
  }

  /** The school of the township, or one that serves it always. */
  function zoneSchool(district: DemoDistrict, township: DemoTownship, stage: Stage): DemoSchool {
    const key = `${township.code}|${stage}`
    let school = zones.get(key)
    if (school === undefined) {
      const list = listOf(district, stage)
      const near = list.filter((candidate) => candidate.township === township)
      const from = near.length > 0 ? near : list
      school = from[hashOf(key) % from.length]!
      zones.set(key, school)
    }
    return school
  }

  /** Parallel classes of a grade, from the size that the school may expect. */
  function classesOf(school: DemoSchool, stage: Stage): number {
    const key = `${school.index}|${stage}`
    let count = classes.get(key)
    if (count === undefined) {
      const list = listOf(school.district, stage)
      const share = school.size / list.reduce((sum, other) => sum + other.size, 0)
      const perGrade = (PUPILS_AT_SCALE_1 * options.scale * school.district.pupilShare) / 13.5
      count = Math.max(1, Math.round((perGrade * share) / CLASS_SIZE))
      classes.set(key, count)
    }
    return count
  }

  function september(yearsAgo: number): number {
    let day = septembers.get(yearsAgo)
    if (day === undefined) {
      day = dayNumber(plainDate(`${options.schoolYear - yearsAgo}-09-01`))
      septembers.set(yearsAgo, day)
    }
    return day
  }

  return {
    place(random, { home, township, grade, stage, status, yearsSince, isLeftBehind, isHomeTaught }) {
      const moves = random.chance(home.isCentral ? SCHOOL_IN_OTHER_DISTRICT.central : SCHOOL_IN_OTHER_DISTRICT.other)
      const target = central.draw(random)
      const district = moves && !isLeftBehind ? target : home
      const inZone = random.chance(0.75)
      const drawn = choiceOf(district, stage).draw(random)
      const school = inZone && district === home && township !== null ? zoneSchool(district, township, stage) : drawn
      const boards = random.chance(boardingShare(school, stage))
      const classNumber = 1 + random.int(classesOf(school, stage))
      return {
        school,
        stage,
        grade,
        classNumber,
        isBoarding: boards,
        isHomeTaught,
        enrolledOn: september(yearsSince + Math.max(0, grade - firstGradeOf(stage, grade))),
        status,
      }
    },
  }
}

function boardingShare(school: DemoSchool, stage: Stage): number {
  if (!school.isBoarding || stage === 'kindergarten') return 0
  if (stage === 'primary') return school.township.isUrban ? 0.05 : 0.25
  if (stage === 'junior') return school.township.isUrban ? 0.25 : 0.6
  return 0.75
}

function firstGradeOf(stage: Stage, grade: number): number {
  if (stage === 'junior') return 7
  if (stage === 'senior' || stage === 'vocational') return 10
  if (stage === 'special') return grade > 6 ? 7 : 1
  return 1
}
