import { dayText } from './calendar.ts'
import { addressCodeOn } from './data/address-codes.ts'
import { drawHome } from './family.ts'
import { changeDigit } from './id-faults.ts'
import { compactDay } from './identity.ts'
import type { Adult, DemoDistrict, DemoTownship, Person } from './model.ts'
import { hasRare, NAME_FAULTS, writeRare } from './name-faults.ts'
import { hashOf, type Random } from './random.ts'
import type { World } from './world.ts'

export interface PopulationRecord {
  readonly cells: readonly string[]
  readonly faults: readonly string[]
  /** Empty for the person's own row. */
  readonly copy: '' | 'second-registration' | 'repeated-row'
  readonly isCancelled: boolean
  /** Whose register the row stands in. */
  readonly district: DemoDistrict
}

/** Rates in a thousand rows at corruption 1; the police's own data is far better than a school's sheet. */
const PER_THOUSAND = {
  idMissing: 0.12,
  idWrong: 0.04,
  name: 0.04,
  birth: 0.2,
  sex: 0.1,
  second: 1.5,
  repeated: 0.6,
}

/** [DEMO-10] The rows of one person in the population extract: their own, a second registration, a repeated row. */
export function populationRecords(world: World, person: Person, random: Random): readonly PopulationRecord[] {
  if (!person.isRegistered) return []
  const rate = (perThousand: number) => random.chance((perThousand * world.options.corruption) / 1000)
  const faults: string[] = []
  const written = writtenIdentity(person, random, rate, faults)
  const own: PopulationRecord = {
    cells: cellsOf(person, written, random),
    faults,
    copy: '',
    isCancelled: person.cancelReason !== null,
    district: person.household.home.district!,
  }
  const records = [own]
  if (rate(PER_THOUSAND.second)) records.push(secondRegistration(world, person, random))
  // Both stations send the person while the household moves.
  if (rate(PER_THOUSAND.repeated))
    records.push({ ...own, cells: repeatedCells(own.cells, random), copy: 'repeated-row' })
  return records
}

interface Identity {
  readonly citizenId: string
  readonly name: string
  readonly birth: string
  readonly sex: string
}

function writtenIdentity(
  person: Person,
  random: Random,
  rate: (perThousand: number) => boolean,
  faults: string[],
): Identity {
  let { citizenId, name } = person
  let birth = compactDay(person.birthDay)
  let sex = person.sex === 'male' ? '男' : '女'
  if (rate(PER_THOUSAND.idMissing)) {
    citizenId = ''
    faults.push('id-missing')
  } else if (rate(PER_THOUSAND.idWrong)) {
    citizenId = changeDigit(citizenId, 6 + random.int(11), random)
    faults.push('id-wrong-digit')
  }
  if (hasRare(name) && random.chance(0.3)) {
    const rare = writeRare(name, random)
    if (rare !== name) faults.push('name-rare')
    name = rare
  }
  for (const fault of NAME_FAULTS) {
    if (!rate(fault.perThousand * PER_THOUSAND.name)) continue
    const worse = fault.write(name, random)
    if (worse !== name) faults.push(fault.code)
    name = worse
  }
  if (rate(PER_THOUSAND.birth)) {
    birth = compactDay(person.birthDay + (random.chance(0.5) ? 1 : -1) * (1 + random.int(40)))
    faults.push('birth-wrong')
  }
  if (rate(PER_THOUSAND.sex)) {
    sex = person.sex === 'male' ? '女' : '男'
    faults.push('sex-wrong')
  }
  return { citizenId, name, birth, sex }
}

function cellsOf(person: Person, identity: Identity, random: Random): string[] {
  const { household } = person
  const { home, head, father, mother } = household
  const keepsFormerName = random.chance(0.6)
  const hasPhone = random.chance(0.86)
  const hasGuardians = random.chance(0.93)
  return [
    identity.citizenId,
    identity.name,
    person.formerName !== null && keepsFormerName ? person.formerName : '',
    identity.sex,
    person.ethnicity,
    identity.birth,
    household.number,
    household.isCollective ? '集体户' : '家庭户',
    relationTo(head, person),
    head.name,
    head.citizenId,
    home.address,
    home.township!.policeStation,
    home.township!.name,
    home.village!.name,
    hasGuardians ? (father?.name ?? '') : '',
    hasGuardians && father !== null ? writtenAdultId(father) : '',
    hasGuardians ? (mother?.name ?? '') : '',
    hasGuardians && mother !== null ? writtenAdultId(mother) : '',
    hasPhone ? (father ?? mother ?? head).phone : '',
    person.cancelReason === null ? '0' : '1',
    person.cancelReason ?? '',
  ]
}

function relationTo(head: Adult, { household, sex }: Person): string {
  if (head === household.father || head === household.mother) return sex === 'male' ? '子' : '女'
  return sex === 'male' ? '孙子' : '孙女'
}

/** Fifteen digits where the register still has the number of before 1999-10: one guardian in forty. */
export function writtenAdultId({ citizenId, birthDay }: Adult): string {
  if (hashOf(citizenId) % 40 !== 0 || dayText(birthDay) >= '1995') return citizenId
  return citizenId.slice(0, 6) + citizenId.slice(8, 17)
}

/** Another number in another place, often an age changed for an early start at school, sometimes the other parent's surname. */
function secondRegistration(world: World, person: Person, random: Random): PopulationRecord {
  const isNear = random.chance(0.5)
  const home = person.household.home
  const district = isNear ? home.district! : random.pick(world.districts)
  const township: DemoTownship = random.pick(district.townships)
  const shift = random.chance(0.35) ? random.pick([-365, -180, -31, 31, 240, 365]) : 0
  const birthDay = Math.min(Math.max(person.birthDay + shift, world.cohorts.first), world.cohorts.last)
  const citizenId = world.issueOtherId(addressCodeOn(township.addressCode, dayText(birthDay)), birthDay, person.sex)
  const isRenamed = random.chance(0.3)
  const mother = person.household.mother
  const renamed = mother === null ? person.name : mother.name.slice(0, 1) + person.name.slice(1)
  const isCancelled = random.chance(0.4)
  const cells = cellsOf(
    {
      ...person,
      household: { ...person.household, home: drawHome(random, district, township) },
      cancelReason: isCancelled ? '重户删除' : null,
    },
    {
      citizenId,
      name: isRenamed ? renamed : person.name,
      birth: compactDay(birthDay),
      sex: person.sex === 'male' ? '男' : '女',
    },
    random,
  )
  return { cells, faults: [], copy: 'second-registration', isCancelled, district }
}

/** The same identity with another telephone. */
function repeatedCells(cells: readonly string[], random: Random): string[] {
  const repeated = [...cells]
  if (random.chance(0.5)) repeated[19] = ''
  return repeated
}
