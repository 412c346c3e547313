import { checkDigit } from '../../kernel/citizen-id.ts'
import { findDayOf } from '../../kernel/plain-date.ts'
import { dayNumber, dayText, spreadsheetSerial } from './calendar.ts'
import { compactDay } from './identity.ts'
import type { Adult, DayNumber, DemoSchool, Person, SchoolHabits, Schooling } from './model.ts'
import { writtenAdultId } from './population-records.ts'
import type { Random } from './random.ts'

/** The hand that fills in one row: how the school writes, how often it slips, and what went wrong. */
export interface Pen {
  readonly random: Random
  readonly habits: SchoolHabits
  slips(perThousand: number): boolean
  note(fault: string): void
}

export interface WrittenIdentity {
  readonly name: string
  readonly id: string
  readonly birth: string
  readonly sex: string
  readonly studentNumber: string
}

const DISABILITIES = ['', '视力残疾', '听力残疾', '言语残疾', '肢体残疾', '智力残疾', '精神残疾', '多重残疾']

/** The cells in the order of `ROLL_HEADINGS`. */
export function rollCells(person: Person, schooling: Schooling, pen: Pen, written: WrittenIdentity): string[] {
  const { habits, random } = pen
  const { household, otherDocument } = person
  const isMigrant = household.home.district !== schooling.school.district
  const keepsFormerName = random.chance(0.3)
  const livesAtHome = random.chance(isMigrant ? 0.12 : 0.68)
  const house = 1 + random.int(200)
  const { township } = schooling.school
  return [
    written.studentNumber,
    schooling.school.code,
    schooling.school.name,
    written.name,
    written.sex,
    written.birth,
    otherDocument?.type ?? (person.citizenId === '' ? '其他' : '居民身份证'),
    otherDocument?.number ?? written.id,
    habits.fillsEthnicity ? person.ethnicity : '',
    person.formerName !== null && keepsFormerName && person.formerName !== written.name ? person.formerName : '',
    registeredDivision(person),
    livesAtHome
      ? household.home.address
      : `重庆市${schooling.school.district.name}${township.name}${township.villages[house % township.villages.length]!.name}${house}号`,
    household.isLeftBehind ? (random.chance(0.6) ? '单亲留守儿童' : '双亲留守儿童') : '非留守儿童',
    isMigrant ? '是' : '否',
    DISABILITIES[person.disability ?? 0]!,
    gradeText(schooling, habits),
    classText(schooling, habits),
    dayText(schooling.enrolledOn)
      .slice(0, 7)
      .replace('-', habits.dateFormat === 'compact' ? '' : '-'),
    schooling.isHomeTaught ? '送教上门' : schooling.isBoarding ? '住校' : '走读',
    habits.leavesStatusEmpty && schooling.status === '在读' ? '' : schooling.status,
    ...guardianCells(person, pen),
  ]
}

function registeredDivision({ household }: Person): string {
  const { district, address } = household.home
  return district === null ? address.replace(/^(.+?[省区].+?[县市区]).*$/u, '$1') : (district.code ?? district.name)
}

/** Telephone, then name, relation, telephone and ID of the first, name, relation and ID of the second. */
function guardianCells({ household }: Person, pen: Pen): string[] {
  const { random, habits } = pen
  const isWithGrandparent = random.chance(household.isLeftBehind ? 0.45 : 0.03) && household.grandparent !== null
  const parents =
    habits.namesGuardianFirst === 'father' ? [household.father, household.mother] : [household.mother, household.father]
  const known = (isWithGrandparent ? [household.grandparent, ...parents] : parents).filter((adult) => adult !== null)
  const hasNewPhone = random.chance(0.27)
  const newPhone = `1${3 + random.int(6)}${String(random.int(1_000_000_000)).padStart(9, '0')}`
  const hasSecond = random.chance(0.7)
  const slipped = pen.slips(12)
  const [first, second] = known
  if (first === undefined) return ['', '', '', '', '', '', '', '']
  const phone = hasNewPhone ? newPhone : first.phone
  const firstName = slipped ? first.name.slice(0, 1) + random.pick([...'小明国文玉大']) : first.name
  return [
    phone,
    firstName,
    relationOf(first, household),
    phone,
    habits.fillsGuardianId ? writtenAdultId(first) : '',
    ...(hasSecond && second !== undefined
      ? [second.name, relationOf(second, household), habits.fillsGuardianId ? writtenAdultId(second) : '']
      : ['', '', '']),
  ]
}

function relationOf(adult: Adult, { father, mother }: Person['household']): string {
  if (adult === father) return '父亲'
  return adult === mother ? '母亲' : '祖父母或外祖父母'
}

export function sexOf(person: Person, pen: Pen): string {
  const isWrong = pen.slips(1.2)
  if (isWrong) pen.note('sex-wrong')
  return (person.sex === 'male') !== isWrong ? '男' : '女'
}

/** The birthday that the school wrote: mostly read off the ID, so a wrong number brings a wrong day with it. */
export function birthOf(person: Person, id: string, pen: Pen): string {
  const { random, habits } = pen
  if (pen.slips(1)) {
    pen.note('birth-missing')
    return ''
  }
  const readsId = random.chance(0.6)
  const ofId = findDayOf(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)))
  if (
    readsId &&
    ofId !== undefined &&
    isPlausible(ofId, person.birthDay) &&
    ofId.replaceAll('-', '') !== compactDay(person.birthDay)
  ) {
    pen.note('birth-of-wrong-id')
    return dateText(dayNumber(ofId), habits)
  }
  return dateText(slippedBirth(person.birthDay, pen), habits)
}

/** No form takes a birthday to come, or that of a grandmother. */
function isPlausible(day: string, birthDay: DayNumber): boolean {
  const years = Number(day.slice(0, 4)) - Number(dayText(birthDay).slice(0, 4))
  return years >= -50 && years <= 3
}

function slippedBirth(day: DayNumber, pen: Pen): DayNumber {
  const { random } = pen
  if (pen.slips(0.8)) {
    pen.note('birth-typo')
    return day + random.pick([-20, -10, -9, -3, -2, -1, 1, 2, 3, 9, 10, 20, 30, 31])
  }
  // The family told the day of the old calendar, three to seven weeks behind.
  if (pen.slips(1)) {
    pen.note('birth-lunar')
    return day - 20 - random.int(32)
  }
  if (pen.slips(0.5)) {
    pen.note('birth-year')
    return day + random.pick([-366, -365, 365, 366])
  }
  if (pen.slips(0.4)) return swapMonthAndDay(day, pen)
  return day
}

function swapMonthAndDay(day: DayNumber, pen: Pen): DayNumber {
  const [year, month, dayOfMonth] = dayText(day).split('-').map(Number)
  const swapped = findDayOf(year!, dayOfMonth!, month!)
  if (swapped === undefined || swapped === dayText(day)) return day
  pen.note('birth-month-day')
  return dayNumber(swapped)
}

export function dateText(day: DayNumber, { dateFormat }: SchoolHabits): string {
  const text = dayText(day)
  switch (dateFormat) {
    case 'compact':
      return compactDay(day)
    case 'dashes':
      return text
    case 'dots':
      return text.replaceAll('-', '.')
    case 'slashes':
      return `${Number(text.slice(0, 4))}/${Number(text.slice(5, 7))}/${Number(text.slice(8))}`
    case 'serial':
      return String(spreadsheetSerial(day))
  }
}

/** G with the ID that the national check passed; L or J where there is none, or where it never passed. */
export function studentNumberOf(person: Person, school: DemoSchool, id: string, pen: Pen): string {
  const { random } = pen
  const keepsSound = random.chance(0.55)
  const isTemporary = random.chance(0.6)
  const sequence = random.int(10_000)
  const isSound = id.length === 18 && checkDigit(id) === id[17]
  if (person.citizenId !== '' && isSound) return `G${id}`
  if (person.citizenId !== '' && keepsSound) return `G${person.citizenId}`
  const body = `${school.divisionCode}${compactDay(person.birthDay)}`
  if (isTemporary) return `L${body}${String(sequence).padStart(4, '0')}`
  const numbered = `${body}${String(sequence % 1000).padStart(3, '0')}`
  return `J${numbered}${checkDigit(numbered)}`
}

const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']
const KINDERGARTEN = ['', '小班', '中班', '大班']
const SENIOR = ['一', '二', '三']

function gradeText({ stage, grade }: Schooling, { gradeFormat }: SchoolHabits): string {
  if (stage === 'kindergarten') return KINDERGARTEN[grade] ?? '大班'
  if (grade > 9) return gradeFormat === 'stage' ? `高中${SENIOR[grade - 10]}年级` : `高${SENIOR[grade - 10]}`
  if (gradeFormat === 'number') return String(grade)
  if (gradeFormat === 'plain') return `${NUMERALS[grade]}年级`
  return grade <= 6 ? `小学${NUMERALS[grade]}年级` : `初中${NUMERALS[grade - 6]}年级`
}

function classText({ classNumber }: Schooling, { gradeFormat }: SchoolHabits): string {
  return gradeFormat === 'number' ? String(classNumber).padStart(2, '0') : `${classNumber}班`
}
