import { type ChildId, childId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { bandOf, nominalGrade, schoolYearOf } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { Services } from '../../platform/services.ts'
import { TAGS } from '../persons/index.ts'
import {
  findChild,
  listFamilyMembers,
  listTagsOf,
  readContact,
  readHouseholds,
  searchChildren,
  searchFamilies,
  shownChildren,
} from '../persons/server.ts'
import { findUnit } from '../registry/server.ts'
import { BOOK_ACCOUNTS, type BookChild } from '../whereabouts/index.ts'
import { getUnitWithin, standingOf } from '../whereabouts/server.ts'
import type { Family, Member } from './contract.ts'
import { listDistricts, listHouseholds, listRolls, type RollFound } from './families.store.server.ts'
import { placesOf } from './places.server.ts'

/** A family larger than this is a home or a fault of the sheet. */
const MOST_MEMBERS = 20
const MOST_FOUND = 20
/** Whose households are listed whole: thousands, not hundreds of thousands. */
const SMALL_UNITS: readonly string[] = ['village', 'township', 'school', 'centre']

interface FamilyQuery {
  readonly unitId?: number | undefined
  readonly only: 'open' | 'all'
  readonly page: number
  readonly size: number
}

/** [ROST-17] Households (户) a page; the children (人) in them are counted apart. */
export async function listFamilies(services: Services, actor: Actor, { unitId, ...query }: FamilyQuery) {
  const { db, clock } = services
  const { unit, ofAge } = await db.inScope(actor.scope, async (tx) => {
    const unit = await getUnitWithin(tx, actor, unitId)
    if (query.only === 'all' && !SMALL_UNITS.includes(unit.kind))
      throw new Problem('ROSTER.UNIT_TOO_LARGE', { unit: unit.name })
    const ofAge = bandOf(schoolYearOf(clock.today()))
    return { unit, ofAge }
  })
  // As the system: what the unit sees is what has it among its units, and asking so a row at a time would cost its square.
  const { total, children, rows } = await db.asSystem('rosters.households', (tx) =>
    listHouseholds(tx, { ...query, unitId: unit.unitId, ofAge }),
  )
  return {
    total,
    children,
    page: query.page,
    size: query.size,
    unit: { unitId: unit.unitId, name: unit.name, kind: unit.kind },
    rows: await familiesOf(services, actor, rows),
  }
}

/** [ROST-17] By household number, by the number of a head or guardian, by the name or number of a child. */
export async function findFamilies(services: Services, actor: Actor, text: string): Promise<Family[]> {
  const firsts = await services.db.inScope(actor.scope, async (tx) => {
    const districts = await districtsOf(tx, actor)
    const byHome = await searchFamilies(tx, services.keys, { text, districts }, MOST_FOUND)
    return byHome.length > 0 ? byHome : await searchChildren(tx, services.keys, text, MOST_FOUND)
  })
  const families = await familiesOf(services, actor, firsts)
  const seen = new Set<number>()
  return families.filter(({ members }) => {
    const isNew = members.every(({ childId: id }) => !seen.has(id))
    for (const { childId: id } of members) seen.add(id)
    return isNew
  })
}

export async function readFamily(services: Services, actor: Actor, id: number): Promise<Family> {
  const child = await services.db.inScope(actor.scope, (tx) => findChild(tx, id))
  if (child === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const [family] = await familiesOf(services, actor, [child.childId])
  return family!
}

/** Household numbers count within a district; the city asks in all of its own. */
async function districtsOf(tx: Tx, { unitPath, unitId }: Actor): Promise<readonly number[]> {
  const own = unitPath[1]
  if (own !== undefined) return [own]
  return listDistricts(tx, unitId)
}

/** Two transactions one after the other: a page never holds two connections. */
async function familiesOf(services: Services, actor: Actor, firsts: readonly ChildId[]): Promise<Family[]> {
  const kin = await services.db.asSystem('rosters.kin', (tx) => listFamilyMembers(tx, firsts, actor.unitId))
  const homes = firsts.map((first) => ({ first, ids: [first, ...(kin.get(first) ?? []).slice(0, MOST_MEMBERS)] }))
  return services.db.inScope(actor.scope, (tx) => shownFamilies(services, tx, actor, homes))
}

interface Home {
  readonly first: ChildId
  readonly ids: readonly ChildId[]
}

async function shownFamilies(services: Services, tx: Tx, actor: Actor, homes: readonly Home[]): Promise<Family[]> {
  const { keys } = services
  const all = [...new Set(homes.flatMap(({ ids }) => ids))]
  const shown = await shownChildren(tx, keys, all)
  const standing = new Map((await standingOf(tx, all)).map((row) => [row.childId as number, row]))
  const rolls = await listRolls(tx, all)
  const contacts = await readContact(tx, keys, all)
  const households = await readHouseholds(tx, keys, all)
  const groups = await listTagsOf(tx, keys, all)
  const own = await findUnit(tx, actor.unitId)
  const isVillage = own?.kind === 'village'
  const places = await placesOf(
    tx,
    [...standing.values()].map(({ registered, living }) => (registered ?? living)?.unitId ?? null),
  )
  const today = services.clock.today()
  const members = new Map<number, Member>()
  for (const id of all) {
    const child = shown.get(id)
    if (child === undefined) continue
    const tags = (groups.get(id) ?? [])
      .filter((code) => !(isVillage && TAGS[code].isSensitive))
      .map((code) => TAGS[code].label)
    const grade = child.birth === null ? null : nominalGrade(schoolYearOf(today), child.birth)
    members.set(id, memberOf({ ...child, grade, tags }, standing.get(id), rolls.get(id)))
  }
  return homes.map(({ first, ids }) => {
    const family = ids.flatMap((id) => members.get(id) ?? [])
    const reach = contacts.get(first)
    const told = ids.map((id) => households.get(id)).find((home) => home !== undefined) ?? reach
    const stands = standing.get(first)
    const place = stands?.registered ?? stands?.living
    const ofAge = family.filter(({ isOfAge }) => isOfAge)
    return {
      childId: first,
      place: place == null ? null : places.lineOf(place.unitId),
      head: told?.guardians.find(({ relation }) => relation === '户主')?.name ?? told?.guardians[0]?.name ?? null,
      householdNo: told?.householdNo ?? null,
      phones: [...(reach?.phones ?? told?.phones ?? [])],
      ofAge: ofAge.length,
      open: ofAge.filter(({ account }) => account === null || BOOK_ACCOUNTS[account].isUnexplained).length,
      members: family.toSorted((a, b) => (a.birthDay ?? '').localeCompare(b.birthDay ?? '')),
    }
  })
}

interface Shown {
  readonly childId: ChildId
  readonly name: string
  readonly sex: 1 | 2 | null
  readonly birth: string | null
  readonly grade: number | null
  readonly tags: string[]
}

function memberOf(child: Shown, stands: BookChild | undefined, roll: RollFound | undefined): Member {
  const { grade } = child
  return {
    childId: childId(child.childId),
    name: child.name,
    sex: child.sex,
    birthDay: child.birth,
    nominalGrade: grade,
    isOfAge: stands !== undefined || (grade !== null && grade >= 1 && grade <= 9),
    account: stands?.account ?? null,
    since: stands?.since ?? null,
    school: stands?.school?.name ?? null,
    roll: roll === undefined ? null : { school: roll.school, grade: roll.grade, status: roll.status },
    evidence: stands?.evidence ?? null,
    confirmed: stands?.confirmed ?? null,
    caseId: stands?.caseId ?? null,
    tags: child.tags,
  }
}
