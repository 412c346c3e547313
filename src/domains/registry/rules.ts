import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Permission } from '../../kernel/scope.ts'
import type { UnitKind } from './contract.ts'
import { registryWords as words } from './words.ts'

/** In force from `from` on; `until` is the first day no longer in force. */
export interface Span {
  readonly from: PlainDate
  readonly until: PlainDate | null
}

/** [REG-1] The last day is exclusive: what was abolished on 2025-11-06 stood for the last time on 2025-11-05. */
export function isInForce(span: Span, day: PlainDate): boolean {
  return span.from <= day && (span.until === null || day < span.until)
}

/** [REG-25] What ended on its first day never was in force on any day: a unit set up by mistake, a post given by mistake. */
export function isNever(span: { readonly from: string; readonly until: string | null }): boolean {
  return span.until !== null && span.until <= span.from
}

/**
 * Schools stand under the education authority, because compulsory education is run at county level (义务教育法 art. 7);
 * villages stand under townships. The two lines meet at the district. The database holds the same table as a check.
 */
const PARENTS: Readonly<Record<UnitKind, readonly UnitKind[]>> = {
  city: [],
  district: ['city'],
  zone: ['city'],
  centre: ['district', 'zone'],
  township: ['district', 'zone'],
  village: ['township'],
  school: ['city', 'district', 'zone', 'centre'],
}

/** [REG-2] Which kind of unit may stand under which; a school never under a village. */
export function mayStandUnder(kind: UnitKind, parent: UnitKind): boolean {
  return PARENTS[kind].includes(parent)
}

export interface UnitDraft {
  readonly kind: UnitKind
  readonly from: PlainDate
  readonly school?:
    | {
        readonly schoolCode: string | null
        readonly schoolType: string
        readonly settlementClass: string | null
      }
    | undefined
}

interface Standing extends Span {
  readonly kind: UnitKind
  readonly name: string
}

/** [REG-2] Throws where a unit of this kind cannot stand under `parent` from that day on. */
export function decidePlace(unit: Pick<UnitDraft, 'kind' | 'from'>, parent: Standing): void {
  if (!mayStandUnder(unit.kind, parent.kind)) {
    throw new Problem('UNIT.WRONG_PARENT', { kind: words.kind[unit.kind] }, { parent: parent.kind })
  }
  const { where } = words.unit
  if (unit.from < parent.from) throw malformed(where.from, words.unit.fromBeforeParent(parent.name, parent.from))
  if (parent.until !== null && unit.from >= parent.until) {
    throw malformed(where.from, words.unit.parentClosed(parent.name, parent.until))
  }
}

/** [REG-2] [REG-3] Throws where `draft` cannot be set up under `parent`. */
export function decideUnit(draft: UnitDraft, parent: Standing): void {
  decidePlace(draft, parent)
  const { where } = words.unit
  if (draft.kind === 'school' && draft.school === undefined) throw malformed(where.school, words.unit.schoolNeeded)
  if (draft.kind !== 'school' && draft.school !== undefined) throw malformed(where.school, words.unit.schoolOnly)
  if (draft.school !== undefined) decideSchool(draft.school)
}

export const SCHOOL_CODE = /^\d{10}$/

/** [REG-3] 学校标识码 is ten digits without inner logic; types and classes come from the national code tables. */
function decideSchool(school: NonNullable<UnitDraft['school']>): void {
  const { where } = words.unit
  if (school.schoolCode !== null && !SCHOOL_CODE.test(school.schoolCode)) {
    throw malformed(where.schoolCode, words.unit.schoolCodeShape)
  }
  if (schoolTypeLabel(school.schoolType) === undefined) {
    throw malformed(where.schoolType, words.unit.unknownCode(school.schoolType))
  }
  if (school.settlementClass !== null && settlementClassLabel(school.settlementClass) === undefined) {
    throw malformed(where.settlementClass, words.unit.unknownCode(school.settlementClass))
  }
}

export function schoolTypeLabel(code: string): string | undefined {
  return labelIn(words.schoolType, code)
}

export function settlementClassLabel(code: string): string | undefined {
  return labelIn(words.settlementClass, code)
}

/**
 * [REG-4] An abolished unit is history and changes no more. A unit is abolished after its lower units and never before
 * it began; what moves elsewhere is a new unit with this one as its predecessor.
 * [REG-25] Abolished on its first day, a unit set up by mistake never was in force.
 */
export function decideUnitChange(
  unit: Standing,
  change: { readonly until?: PlainDate | undefined },
  facts: { readonly today: PlainDate; readonly lowerUnits: number },
): void {
  if (unit.until !== null && unit.until <= facts.today) {
    throw new Problem('UNIT.CLOSED', { name: unit.name, day: unit.until })
  }
  if (change.until === undefined) return
  if (change.until < unit.from) throw malformed(words.unit.where.until, words.unit.untilTooEarly(unit.from))
  if (facts.lowerUnits > 0) throw new Problem('UNIT.HAS_LOWER', { name: unit.name, count: facts.lowerUnits })
}

/** [REG-13] A branch that moves on its first day would leave nothing behind to be its predecessor. */
export function decideMoveDay(unit: Standing, day: PlainDate): void {
  if (day <= unit.from) throw malformed(words.unit.where.moved, words.unit.movedTooEarly(unit.from))
}

export type Duty = 'none' | 'system' | 'security' | 'audit'

export interface RoleFacts {
  readonly roleId: string
  readonly label: string
  readonly unitKinds: readonly UnitKind[]
  readonly permissions: readonly Permission[]
  readonly mayAssign: readonly string[]
  readonly duty: Duty
}

export interface PostFacts extends Span {
  readonly roleId: string
  readonly duty: Duty
  readonly unitPath: readonly number[]
}

export interface Manager {
  readonly accountId: number
  readonly unitId: number
  readonly role: RoleFacts
}

/**
 * [REG-5] A role stands only at the kinds of unit its pack names.
 * [REG-6] The three separated duties (三员分立) never meet in one person, not even on different days of one overlap.
 * [REG-7] Nobody gives a role that the pack does not let his own role give, and nobody gives himself any.
 */
export function decidePost(
  manager: Manager,
  post: Span & { readonly role: RoleFacts; readonly unit: Standing },
  holder: { readonly accountId: number | null; readonly posts: readonly PostFacts[] },
): void {
  const { role, unit } = post
  if (holder.accountId === manager.accountId) {
    throw new Problem('REQUEST.NOT_ALLOWED', { action: words.action.assignSelf })
  }
  if (!manager.role.mayAssign.includes(role.roleId)) {
    throw new Problem('REQUEST.NOT_ALLOWED', { action: words.action.assignRole(role.label) }, { role: role.roleId })
  }
  if (!role.unitKinds.includes(unit.kind)) {
    throw new Problem('ACCOUNT.ROLE_NOT_HERE', { role: role.label }, { kind: unit.kind })
  }
  if (unit.until !== null && post.from >= unit.until) {
    throw new Problem('UNIT.CLOSED', { name: unit.name, day: unit.until })
  }
  const { where } = words.post
  if (post.from < unit.from) throw malformed(where.from, words.post.beforeUnit(unit.name, unit.from))
  if (post.until !== null && post.until < post.from) throw malformed(where.until, words.post.untilBeforeFrom)
  if (holder.posts.some((held) => clash(held, { ...post, duty: role.duty }))) throw new Problem('ACCOUNT.DUTIES_CLASH')
}

function clash(held: PostFacts, next: Span & { readonly duty: Duty }): boolean {
  if (held.duty === 'none' || next.duty === 'none' || held.duty === next.duty) return false
  return overlaps(held, next)
}

export function overlaps(a: Span, b: Span): boolean {
  return (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until)
}

/** [REG-7] Whoever may give a role may take it, from anybody but himself, and not before it began. */
export function decidePostEnd(
  manager: Manager,
  post: PostFacts & { readonly role: string; readonly accountId: number | null },
  until: PlainDate,
): void {
  if (post.accountId === manager.accountId) throw new Problem('ACCOUNT.NOT_SELF')
  if (!manager.role.mayAssign.includes(post.roleId)) {
    throw new Problem('REQUEST.NOT_ALLOWED', { action: words.action.takeRole(post.role) }, { role: post.roleId })
  }
  if (until < post.from) throw malformed(words.post.where.until, words.post.untilBeforeFrom)
}

/**
 * [REG-8] An account is disabled, enabled, unlocked or given a new password only by who could have given every post it
 * still holds: all of them at or below the manager's unit and in roles the manager may give. Else a reset password
 * would be a way into somebody else's rights. `elsewhere`: the account also holds posts that the manager cannot see.
 */
export function decideManage(
  manager: Manager,
  account: { readonly accountId: number; readonly posts: readonly PostFacts[]; readonly elsewhere: boolean },
  today: PlainDate,
): void {
  if (account.accountId === manager.accountId) throw new Problem('ACCOUNT.NOT_SELF')
  const held = account.posts.filter((post) => post.until === null || post.until > today)
  const last = account.posts
    .map((post) => post.until)
    .toSorted()
    .at(-1)
  const decisive = held.length > 0 ? held : account.posts.filter((post) => post.until === last)
  const isMine = decisive.every(
    (post) => post.unitPath.includes(manager.unitId) && manager.role.mayAssign.includes(post.roleId),
  )
  if (account.elsewhere || decisive.length === 0 || !isMine) {
    throw new Problem('REQUEST.NOT_ALLOWED', { action: words.action.manageAccount })
  }
}

/** [REG-26] What `decideManage` would say, as a yes or no for the page. */
export function mayManage(...facts: Parameters<typeof decideManage>): boolean {
  try {
    decideManage(...facts)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** Lower case, upper case, digits; without the signs people read wrongly to each other (0 O 1 l I). */
const ALPHABETS = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789'] as const
const FIRST_PASSWORD_GROUPS = 3
const GROUP_LENGTH = 4

/**
 * [REG-9] A first password: three groups of four, each with lower case, upper case and digit, 54 bits.
 * It is shown once, never stored in clear, and must be changed at the first sign-in.
 */
export function firstPassword(random: (length: number) => Uint8Array): string {
  const groups = Array.from({ length: FIRST_PASSWORD_GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, (_, place) =>
      pick(place < ALPHABETS.length ? ALPHABETS[place]! : ALPHABETS.join(''), random),
    ).join(''),
  )
  return groups.join('-')
}

/** Without modulo bias: a byte beyond the last whole multiple is drawn again. */
function pick(alphabet: string, random: (length: number) => Uint8Array): string {
  const limit = 256 - (256 % alphabet.length)
  for (;;) {
    const byte = random(1)[0]!
    if (byte < limit) return alphabet[byte % alphabet.length]!
  }
}

function labelIn(labels: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(labels, code) ? labels[code] : undefined
}

function malformed(where: string, advice: string): Problem {
  return new Problem('REQUEST.MALFORMED', { where, advice })
}
