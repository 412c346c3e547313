import { addDays, daysBetween, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { UnitKind } from '../registry/index.ts'

export const STAGES = ['task', 'case'] as const
export type Stage = (typeof STAGES)[number]

/** 疑似, 失学, 辍学: somebody has found the child out of school. */
const CASE_ACCOUNTS: ReadonlySet<string> = new Set(['suspected', 'never-enrolled', 'dropped-out'])

/**
 * [CASE-1] Only 疑似, 失学 and 辍学 open a case (一人一案); every other unexplained account is a check task. 超龄未完成,
 * 残疾未安置 and 未入学 say that a child's place is open, not that it was found out of school: who checks says so by posting one
 * of the three.
 */
export function stageOf(accountCode: string): Stage {
  return CASE_ACCOUNTS.has(accountCode) ? 'case' : 'task'
}

/** Roles of the pack that answer for children at a kind of unit; the first is the one meant, the others stand in. */
export const ANSWERING_ROLES: Readonly<Record<UnitKind, readonly string[]>> = {
  school: ['head-teacher'],
  // A village helps and accompanies; its township answers. 义务教育法 art. 13.
  village: [],
  township: ['township-officer'],
  centre: ['centre-officer'],
  district: ['district-officer', 'district-admin'],
  zone: ['district-officer', 'district-admin'],
  city: ['city-admin'],
}

/** Where a child stands on the three bases: roll, residence, registration. */
export interface Standing {
  readonly schoolId: number | null
  readonly livingId: number | null
  readonly registeredId: number | null
}

export interface ChainUnit {
  readonly unitId: number
  readonly kind: UnitKind
  readonly name: string
  readonly parentId: number | null
  /** Role to the person who holds it there today, longest first. */
  readonly holders: ReadonlyMap<string, number>
}

export interface Chain {
  readonly rootId: number
  readonly units: ReadonlyMap<number, ChainUnit>
}

export interface Owner {
  /** Whose duty it is. */
  readonly unitId: number
  readonly staffId: number
  /** The unit itself has nobody: a unit above answers meanwhile. */
  readonly isStandIn: boolean
}

/** [CASE-2] [CASE-3] The unit whose duty a child is, and the person who answers there. */
export function decideOwner(child: Standing, chain: Chain): Owner {
  return { unitId: dutyUnitOf(child, chain).unitId, ...decideHolder(dutyUnitOf(child, chain), chain) }
}

/**
 * [CASE-2] On a roll: that school. Not on a roll: the township of residence. Address unknown: the township of registration.
 * Where only the district of residence is known, the township of registration inside it, else that district.
 */
function dutyUnitOf({ schoolId, livingId, registeredId }: Standing, chain: Chain): ChainUnit {
  const school = findUnit(chain, schoolId)
  if (school !== undefined) return school
  const home = findOffice(chain, livingId)
  const registered = findOffice(chain, registeredId)
  if (home === undefined) return registered ?? getUnit(chain, chain.rootId)
  if (home.kind === 'township' || registered === undefined) return home
  return isBelow(chain, registered, home) ? registered : home
}

/** [CASE-3] Who holds a fitting post at the unit, else at the nearest unit above that has one, marked as standing in. */
export function decideHolder(unit: ChainUnit, chain: Chain): Omit<Owner, 'unitId'> {
  for (let at: ChainUnit | undefined = unit; at !== undefined; at = findUnit(chain, at.parentId)) {
    for (const [place, role] of ANSWERING_ROLES[at.kind].entries()) {
      const staffId = at.holders.get(role)
      if (staffId !== undefined) return { staffId, isStandIn: at !== unit || place > 0 }
    }
  }
  throw new Problem('CASE.NOBODY_ANSWERS', { unit: unit.name }, { unitId: unit.unitId })
}

/** The township above a village, else the unit itself. */
function findOffice(chain: Chain, id: number | null): ChainUnit | undefined {
  const unit = findUnit(chain, id)
  return unit?.kind === 'village' ? findUnit(chain, unit.parentId) : unit
}

function isBelow(chain: Chain, unit: ChainUnit, above: ChainUnit): boolean {
  for (let at: ChainUnit | undefined = unit; at !== undefined; at = findUnit(chain, at.parentId)) {
    if (at.unitId === above.unitId) return true
  }
  return false
}

function findUnit(chain: Chain, id: number | null): ChainUnit | undefined {
  return id === null ? undefined : chain.units.get(id)
}

export function getUnit(chain: Chain, id: number): ChainUnit {
  const unit = chain.units.get(id)
  if (unit === undefined) throw new Error(`unit ${id} is not in the chain`)
  return unit
}

/** A Monday. */
const SOME_MONDAY = plainDate('1970-01-05')

/** [CASE-4] Monday to Friday; public holidays are not known here. `days` after a Friday begins on Monday. */
export function addWorkingDays(day: PlainDate, days: number): PlainDate {
  let at = day
  for (let left = days; left > 0; ) {
    at = addDays(at, 1)
    if (weekdayOf(at) < 5) left -= 1
  }
  return at
}

/** 0 Monday to 6 Sunday. */
function weekdayOf(day: PlainDate): number {
  return ((daysBetween(SOME_MONDAY, day) % 7) + 7) % 7
}

export interface DueRules {
  /** Working days for a check. */
  readonly taskDays: number
  /** Calendar days until a case's first visit. */
  readonly caseDays: number
  /** Calendar days until a missing child is looked for again. */
  readonly missingDays: number
}

/** [CASE-4] The day by which somebody answers, counted from the day the file reaches its owner. */
export function decideDueDay(stage: Stage, accountCode: string, from: PlainDate, rules: DueRules): PlainDate {
  if (stage === 'case') return addDays(from, rules.caseDays)
  if (accountCode === 'missing') return addDays(from, rules.missingDays)
  return addWorkingDays(from, rules.taskDays)
}
