import type { Sex } from '../../kernel/citizen-id.ts'
import { dayText } from './calendar.ts'
import { addressCodeOn, CITY_ADDRESS_CODES, OUTSIDE_PLACES } from './data/address-codes.ts'
import { drawFamily, drawHome, drawOutsideHome, type Family, type FamilyStreams } from './family.ts'
import type { Fate } from './fate.ts'
import type { DayNumber, DemoDistrict, DemoTownship, Person } from './model.ts'
import { drawChildName, drawDottedName, drawSharedCharacter } from './names.ts'
import { type DemoOptions, demoOptions } from './options.ts'
import { type Random, randomFor, weighted } from './random.ts'
import { schoolingOf } from './schooling.ts'
import { createWorld, type World } from './world.ts'

/** Registered children of 3 to 18 at scale 1; repeated and double rows come on top. */
const REGISTERED = 3_290_000
/** Pupils registered outside the city, for each registered child of the district's share of pupils. */
const INCOMING = { central: 0.13, other: 0.05 }

/** [DEMO-1] The invented city, person by person in the order of the registers; the same options give the same people. */
export function* generateCity(given: Partial<DemoOptions> = {}): Generator<Person> {
  yield* peopleOf(createWorld(demoOptions(given)))
}

/** The people of one city; a world is used once, because it counts the IDs it has issued. */
export function* peopleOf(world: World): Generator<Person> {
  const { options } = world
  let nextId = 1
  for (const district of world.districts) {
    const streams = streamsOf(options, district)
    const towns = weighted(
      district.townships.map(
        (township) => [township, (township.isUrban ? 2.2 : 0.8) * (0.4 + streams.places.next())] as const,
      ),
    )
    const registered = Math.round(REGISTERED * options.scale * district.registeredShare)
    let serial = 0
    for (let count = 0; count < registered; serial += 1) {
      const township = towns.draw(streams.homes)
      const home = drawHome(streams.homes, district, township)
      const family = drawFamily(streams, world.cohorts, world.issueId, home, serial)
      for (const person of childrenOf(world, streams, family, {
        district,
        township,
        isRegistered: true,
        firstId: nextId,
      })) {
        yield person
        count += 1
        nextId += 1
      }
    }
    const incoming = Math.round(
      REGISTERED * options.scale * district.pupilShare * (district.isCentral ? INCOMING.central : INCOMING.other),
    )
    for (let count = 0; count < incoming; serial += 1) {
      const township = towns.draw(streams.homes)
      const family = drawFamily(streams, world.cohorts, world.issueId, drawOutsideHome(streams.homes), serial)
      for (const person of childrenOf(world, streams, family, {
        district,
        township,
        isRegistered: false,
        firstId: nextId,
      })) {
        if (person.schooling === null) continue
        yield person
        count += 1
        nextId += 1
      }
    }
  }
}

interface Streams extends FamilyStreams {
  readonly places: Random
  readonly children: Random
  readonly fates: Random
  readonly schooling: Random
}

function streamsOf(options: DemoOptions, district: DemoDistrict): Streams {
  const stream = (part: string) => randomFor(options.seed, part, district.name)
  return {
    places: stream('places'),
    births: stream('births'),
    names: stream('names'),
    homes: stream('homes'),
    families: stream('families'),
    children: stream('children'),
    fates: stream('fates'),
    schooling: stream('schooling'),
  }
}

interface Residence {
  /** Where the family lives; for the registered also where it is registered. */
  readonly district: DemoDistrict
  readonly township: DemoTownship
  readonly isRegistered: boolean
  readonly firstId: number
}

function childrenOf(world: World, streams: Streams, family: Family, residence: Residence): Person[] {
  const siblingIds: string[] = []
  const { births } = family
  const sharesCharacter = streams.children.chance(family.hasTwins ? 0.6 : 0.16)
  const people: Person[] = []
  let sharedBy: Partial<Record<Sex, string>> = {}
  for (const [index, birthDay] of births.entries()) {
    const sex: Sex = streams.children.chance(0.525) ? 'male' : 'female'
    if (sharesCharacter && sharedBy[sex] === undefined)
      sharedBy = { ...sharedBy, [sex]: drawSharedCharacter(streams.names, sex) }
    const isTwin = family.hasTwins && index >= births.length - 2
    const person = childOf(world, streams, family, residence, {
      personId: residence.firstId + people.length,
      birthDay,
      sex,
      isTwin,
      shared: sharesCharacter ? sharedBy[sex]! : null,
      siblingIds,
      taken: people.map((other) => other.name),
    })
    people.push(person)
    if (person.citizenId !== '') siblingIds.push(person.citizenId)
  }
  return people
}

interface ChildPlan {
  readonly personId: number
  readonly birthDay: DayNumber
  readonly sex: Sex
  readonly isTwin: boolean
  readonly shared: string | null
  readonly siblingIds: readonly string[]
  readonly taken: readonly string[]
}

function childOf(world: World, streams: Streams, family: Family, residence: Residence, plan: ChildPlan): Person {
  const { children, fates } = streams
  const grade = world.cohorts.gradeOf(plan.birthDay)
  const fate = residence.isRegistered ? world.fateOf(fates, grade) : incomingFate(fates, grade)
  const name = drawName(streams.names, family, plan)
  const renamed = children.next()
  const formerGiven = drawChildName(streams.names, plan.sex, null)
  const papers = papersOf(world, children, family, residence, plan)
  const disabilityDraw = children.next()
  const disability = disabilityDraw < 0.009 ? 1 + (Math.floor(disabilityDraw * 1e6) % 7) : null
  return {
    personId: plan.personId,
    name,
    formerName: formerNameOf(family, name, renamed, formerGiven),
    sex: plan.sex,
    birthDay: plan.birthDay,
    ...papers,
    ethnicity: family.ethnicity,
    household: family.household,
    siblingIds: plan.siblingIds,
    isTwin: plan.isTwin,
    disability,
    isRegistered: residence.isRegistered,
    cancelReason: fate.cancelReason,
    nominalGrade: grade,
    obligation: fate.obligation,
    whereabouts: fate.whereabouts,
    ...schoolingOf(world, streams.schooling, {
      fate,
      nominalGrade: grade,
      disability,
      district: residence.district,
      township: residence.township,
      staysNear: family.household.isLeftBehind || !residence.isRegistered,
    }),
  }
}

function drawName(names: Random, family: Family, plan: ChildPlan): string {
  if (family.hasDottedNames) return drawDottedName(names)
  for (;;) {
    const name = family.surname + drawChildName(names, plan.sex, plan.shared)
    if (!plan.taken.includes(name)) return name
  }
}

/** One child in 110 bore another name: after a divorce the mother's surname is borne now, or the given name was changed. */
function formerNameOf(family: Family, name: string, draw: number, formerGiven: string): string | null {
  if (family.hasDottedNames || draw >= 0.009) return null
  if (draw < (family.household.isDivorced ? 0.006 : 0.001))
    return family.motherSurname + name.slice(family.surname.length)
  return family.surname + formerGiven
}

type Papers = Pick<Person, 'citizenId' | 'otherDocument'>

function papersOf(world: World, random: Random, family: Family, residence: Residence, plan: ChildPlan): Papers {
  const draw = random.next()
  const elsewhere = random.pick(CITY_ADDRESS_CODES)
  const outside = random.pick(OUTSIDE_PLACES).code
  const serial = random.int(100_000_000)
  if (!residence.isRegistered && draw < 0.04) return withoutRegistration(draw / 0.04, serial)
  // Who moved here keeps the number of the place of first registration.
  const place = !residence.isRegistered
    ? (OUTSIDE_PLACES.find((entry) => family.household.home.address.startsWith(entry.name))?.code ?? outside)
    : draw > 0.985
      ? outside
      : draw > 0.95
        ? elsewhere
        : residence.township.addressCode
  return {
    citizenId: world.issueId(addressCodeOn(place, dayText(plan.birthDay)), plan.birthDay, plan.sex),
    otherDocument: null,
  }
}

function withoutRegistration(draw: number, serial: number): Papers {
  const digits = String(serial).padStart(8, '0')
  if (draw < 0.6) return { citizenId: '', otherDocument: null }
  if (draw < 0.75) return { citizenId: '', otherDocument: { type: '护照', number: `E${digits}` } }
  if (draw < 0.9) return { citizenId: '', otherDocument: { type: '香港特区护照/身份证明', number: `H${digits}` } }
  return { citizenId: '', otherDocument: { type: '台湾居民来往大陆通行证', number: digits } }
}

/** Children who came with their parents are seen by this city only where they sit in its classes. */
function incomingFate(random: Random, grade: number): Fate {
  const place = random.next()
  const base = { cancelReason: null, formerStatus: null, gradeShift: 0 }
  if (grade < 1) return { ...base, whereabouts: place < 0.6 ? 'preschool' : 'at-home', obligation: 'not-begun' }
  if (grade > 9)
    return { ...base, whereabouts: place < 0.5 && grade < 13 ? 'senior' : 'finished', obligation: 'closed' }
  return { ...base, whereabouts: 'here', obligation: 'open', gradeShift: grade > 1 && place < 0.05 ? -1 : 0 }
}
