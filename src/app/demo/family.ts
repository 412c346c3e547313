import type { Sex } from '../../kernel/citizen-id.ts'
import { dayText } from './calendar.ts'
import type { Cohorts } from './cohorts.ts'
import { addressCodeOn, CITY_ADDRESS_CODES, OUTSIDE_PLACES } from './data/address-codes.ts'
import { STREET_NAMES } from './data/places.ts'
import type { IssueId } from './identity.ts'
import type { Adult, DayNumber, DemoDistrict, DemoTownship, Home, Household } from './model.ts'
import { drawAdultGivenName, drawSurname } from './names.ts'
import { byRank, type Random, weighted } from './random.ts'

/** Children of one household within the ages of the extract. */
const childrenCount = weighted([
  [1, 0.56],
  [2, 0.36],
  [3, 0.065],
  [4, 0.012],
  [5, 0.003],
] as const)

export interface FamilyStreams {
  readonly births: Random
  readonly names: Random
  readonly homes: Random
  readonly families: Random
}

export interface Family {
  readonly household: Household
  readonly surname: string
  /** The mother's, where a child bears it. */
  readonly motherSurname: string
  readonly ethnicity: string
  readonly hasDottedNames: boolean
  readonly births: readonly DayNumber[]
  readonly hasTwins: boolean
}

const minorities = weighted([
  ['土家族', 60],
  ['苗族', 34],
  ['侗族', 2],
  ['回族', 2],
  ['彝族', 1],
  ['蒙古族', 1],
] as const)

const STATIONS_NUMBERED_FROM = 10

export function drawFamily(
  streams: FamilyStreams,
  cohorts: Cohorts,
  issueId: IssueId,
  home: Home,
  serial: number,
): Family {
  const { families, names } = streams
  const { births, hasTwins } = drawBirths(streams.births, cohorts)
  const surname = drawSurname(names)
  const motherSurname = drawSurname(names)
  const minorityShare = home.district?.minorityShare ?? 0.05
  const hasDottedNames = families.chance(home.district === null ? 0.012 : 0.001)
  const isMinority = families.chance(minorityShare)
  const drawnMinority = minorities.draw(families)
  const ethnicity = hasDottedNames
    ? families.pick(['维吾尔族', '彝族', '藏族', '哈萨克族'])
    : isMinority
      ? drawnMinority
      : '汉族'
  return {
    household: drawHousehold(streams, issueId, { home, serial, surname, motherSurname, eldest: births[0]! }),
    surname: families.chance(0.04) ? motherSurname : surname,
    motherSurname,
    ethnicity,
    hasDottedNames,
    births,
    hasTwins,
  }
}

/** Births at least ten months apart, the eldest first; twins are two equal days. */
function drawBirths(random: Random, cohorts: Cohorts): { births: DayNumber[]; hasTwins: boolean } {
  const count = childrenCount.draw(random)
  const births: DayNumber[] = []
  for (let attempt = 0; births.length < count && attempt < 30; attempt += 1) {
    const day = cohorts.drawBirth(random)
    if (births.every((other) => Math.abs(other - day) >= 300)) births.push(day)
  }
  births.sort((a, b) => a - b)
  const hasTwins = random.chance(0.011)
  if (hasTwins) births.push(births.at(-1)!)
  return { births, hasTwins }
}

interface HouseholdPlan {
  readonly home: Home
  readonly serial: number
  readonly surname: string
  readonly motherSurname: string
  readonly eldest: DayNumber
}

function drawHousehold({ families, names }: FamilyStreams, issueId: IssueId, plan: HouseholdPlan): Household {
  const isRural = plan.home.township !== null && !plan.home.township.isUrban
  const fatherBirth = plan.eldest - Math.round(365.25 * (21 + 17 * families.next() ** 1.4))
  const motherBirth = plan.eldest - Math.round(365.25 * (19.5 + 15 * families.next() ** 1.4))
  const father = drawAdult(families, names, issueId, plan.home, 'male', plan.surname, fatherBirth)
  const mother = drawAdult(families, names, issueId, plan.home, 'female', plan.motherSurname, motherBirth)
  const elderBirth = fatherBirth - Math.round(365.25 * (22 + 8 * families.next()))
  const elderSex: Sex = families.chance(0.55) ? 'female' : 'male'
  const elder = drawAdult(
    families,
    names,
    issueId,
    plan.home,
    elderSex,
    elderSex === 'male' ? plan.surname : drawSurname(names),
    elderBirth,
  )
  const isFatherless = families.chance(0.03)
  const isMotherless = families.chance(0.03) && !isFatherless
  const isLeftBehind = families.chance(isRural ? 0.22 : 0.05)
  const headDraw = families.next()
  const head = headDraw < 0.35 ? elder : headDraw < 0.88 && !isFatherless ? father : isMotherless ? father : mother
  return {
    number: `${plan.home.township?.code ?? plan.home.address.slice(0, 3)}${String(STATIONS_NUMBERED_FROM + plan.serial).padStart(7, '0')}`,
    isCollective: families.chance(0.006),
    home: plan.home,
    head,
    father: isFatherless ? null : father,
    mother: isMotherless ? null : mother,
    grandparent: isLeftBehind || head === elder ? elder : null,
    isDivorced: families.chance(0.09),
    isLeftBehind,
  }
}

const mobilePrefixes = byRank([
  ...'138 139 135 136 187 183 152 158 150 188 199 173 177 189 133 153 130 131 132 156 186 166'.split(' '),
])

function drawAdult(
  families: Random,
  names: Random,
  issueId: IssueId,
  home: Home,
  sex: Sex,
  surname: string,
  birthDay: DayNumber,
): Adult {
  const origin = families.next()
  const other = families.pick(CITY_ADDRESS_CODES)
  const outside = families.pick(OUTSIDE_PLACES).code
  const own = home.township?.addressCode ?? outside
  const place = origin < 0.8 ? own : origin < 0.92 ? other : outside
  // Numbers were first given out from 1985 on; of those born before 1997 three in ten got theirs under the new city.
  const numberedOn = families.chance(0.3) ? '1999-06-01' : dayText(birthDay)
  return {
    name: surname + drawAdultGivenName(names, sex),
    sex,
    birthDay,
    citizenId: issueId(addressCodeOn(place, numberedOn), birthDay, sex),
    phone: mobilePrefixes.draw(families) + String(families.int(100_000_000)).padStart(8, '0'),
  }
}

/** A home in a township of the city. */
export function drawHome(random: Random, district: DemoDistrict, township: DemoTownship): Home {
  const village = random.pick(township.villages)
  const house = 1 + random.int(180)
  const group = 1 + random.int(9)
  const flat = `${1 + random.int(4)}单元${1 + random.int(30)}-${1 + random.int(6)}`
  const street = random.pick(STREET_NAMES)
  const place = `重庆市${district.name}${township.name}`
  const isTown = village.name.endsWith('社区')
  return {
    district,
    township,
    village,
    address: isTown ? `${place}${street}${house}号${flat}` : `${place}${village.name}${group}组${house}号`,
  }
}

/** A home outside the city. */
export function drawOutsideHome(random: Random): Home {
  const place = random.pick(OUTSIDE_PLACES)
  return {
    district: null,
    township: null,
    village: null,
    address: `${place.name}${random.pick(STREET_NAMES)}${1 + random.int(300)}号`,
  }
}
