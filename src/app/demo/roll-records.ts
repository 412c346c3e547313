import { dayText } from './calendar.ts'
import { addressCodeOn, CITY_ADDRESS_CODES } from './data/address-codes.ts'
import { ID_DRESS, ID_FAULTS, type IdContext } from './id-faults.ts'
import type { DemoSchool, Person, Schooling } from './model.ts'
import { hasRare, NAME_FAULTS, writeDotted, writeRare } from './name-faults.ts'
import { surnameLength } from './names.ts'
import type { Random } from './random.ts'
import { birthOf, type Pen, rollCells, sexOf, studentNumberOf } from './roll-cells.ts'
import type { World } from './world.ts'

export interface RollRecord {
  readonly cells: readonly string[]
  readonly faults: readonly string[]
  /** Empty for the entry that says where the pupil is. */
  readonly copy: '' | 'former-school' | 'second-roll'
  readonly school: DemoSchool
  /** What the entry's status says: `active`, `paused`, `left` or `finished`. */
  readonly entry: 'active' | 'paused' | 'left' | 'finished'
  /** Order within the school. */
  readonly order: number
}

const SECOND_ROLL_PER_THOUSAND = 0.9
/** Whoever types the list of a class takes one twin for the other more often than any other child. */
const TWIN_TAKEN_PER_THOUSAND = 8

/** [DEMO-11] The entries of one person on the rolls: where they are, where they were, and a school that never let go. */
export function rollRecords(world: World, person: Person, random: Random, neighbourId: string): readonly RollRecord[] {
  const records: RollRecord[] = []
  const { schooling, formerSchooling } = person
  const clerk = { world, person, random, neighbourId }
  if (schooling !== null) records.push(recordOf(clerk, schooling, ''))
  if (formerSchooling !== null)
    records.push(recordOf(clerk, formerSchooling, schooling === null ? '' : 'former-school'))
  const isHeldTwice = random.chance((SECOND_ROLL_PER_THOUSAND * world.options.corruption) / 1000)
  if (isHeldTwice && schooling?.status === '在读') {
    const school = random.pick(
      world.schools.filter((other) => other !== schooling.school && other.stages.includes(schooling.stage)),
    )
    records.push(recordOf(clerk, { ...schooling, school }, 'second-roll'))
  }
  return records
}

interface Clerk {
  readonly world: World
  readonly person: Person
  readonly random: Random
  readonly neighbourId: string
}

function recordOf(clerk: Clerk, schooling: Schooling, copy: RollRecord['copy']): RollRecord {
  const { world, person, random } = clerk
  const { habits } = schooling.school
  const faults: string[] = []
  const pen: Pen = {
    random,
    habits,
    slips: (perThousand) => random.chance((perThousand * world.options.corruption * habits.carelessness) / 1000),
    note: (fault) => {
      if (fault !== '') faults.push(fault)
    },
  }
  const id = writeId(clerk, pen)
  const name = writeName(person, pen)
  const birth = birthOf(person, id, pen)
  return {
    cells: rollCells(person, schooling, pen, {
      name,
      id: dress(id, pen),
      birth,
      sex: sexOf(person, pen),
      studentNumber: studentNumberOf(person, schooling.school, id, pen),
    }),
    faults,
    copy,
    school: schooling.school,
    entry: entryOf(schooling.status),
    order: schooling.grade * 100 + schooling.classNumber,
  }
}

function entryOf(status: string): RollRecord['entry'] {
  if (status === '在读' || status === '复学') return 'active'
  if (status === '休学') return 'paused'
  return status === '毕业' || status === '结业' ? 'finished' : 'left'
}

function writeId(clerk: Clerk, pen: Pen): string {
  const { person, random } = clerk
  if (person.citizenId === '') return ''
  const context: IdContext = { person, neighbourId: clerk.neighbourId, formerId: () => formerIdOf(clerk) }
  for (const fault of ID_FAULTS) {
    const perThousand = fault.code === 'id-of-sibling' && person.isTwin ? TWIN_TAKEN_PER_THOUSAND : fault.perThousand
    if (!pen.slips(perThousand)) continue
    const id = fault.write(person.citizenId, random, context)
    if (id === undefined || id === person.citizenId) continue
    pen.note(fault.code)
    return id
  }
  return person.citizenId
}

/** The number of an earlier registration: another place, at times another birthday. */
function formerIdOf({ world, person, random }: Clerk): string {
  const birthDay = random.chance(0.4) ? person.birthDay + random.int(60) - 30 : person.birthDay
  const place = random.chance(0.5) ? person.citizenId.slice(0, 6) : random.pick(CITY_ADDRESS_CODES)
  return world.issueOtherId(addressCodeOn(place, dayText(birthDay)), birthDay, person.sex)
}

/** What loses nothing: spaces, full-width digits, an apostrophe, a small x. */
function dress(id: string, pen: Pen): string {
  if (id === '') return ''
  let text = pen.habits.lowerCaseX ? id.replace('X', 'x') : id
  if (text !== id) pen.note('id-small-x')
  for (const fault of ID_DRESS) {
    if (!pen.slips(fault.perThousand)) continue
    text = fault.write(text, pen.random)
    pen.note(fault.code)
  }
  return text
}

function writeName(person: Person, pen: Pen): string {
  let name = person.name
  if (person.formerName !== null && pen.random.chance(0.45)) {
    name = person.formerName
    pen.note(
      name.slice(0, surnameLength(name)) === person.name.slice(0, surnameLength(name))
        ? 'name-former'
        : 'surname-former',
    )
  }
  if (name.includes('·')) {
    const dotted = writeDotted(name, pen.habits.dot, pen.random)
    pen.note(dotted.code)
    return dotted.written
  }
  if (hasRare(name) && pen.random.chance(0.35)) {
    const rare = writeRare(name, pen.random)
    if (rare !== name) pen.note('name-rare')
    return rare
  }
  for (const fault of NAME_FAULTS) {
    if (!pen.slips(fault.perThousand)) continue
    const worse = fault.write(name, pen.random)
    if (worse !== name) pen.note(fault.code)
    name = worse
  }
  const { padsShortNames } = pen.habits
  if (padsShortNames === '' || name.length !== 2) return name
  pen.note('name-padded')
  return name[0] + padsShortNames + name[1]
}
