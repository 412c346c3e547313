import { unitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { AuditLine } from './audit-contract.ts'
import type { searchAudit } from './audit-store.server.ts'
import type { AccountLine, Me, UnitDetail, UnitLine } from './contract.ts'
import { listCovers } from './division-store.server.ts'
import { isInForce, type Manager, mayManage, schoolTypeLabel, settlementClassLabel } from './rules.ts'
import * as staff from './staff-store.server.ts'
import * as store from './store.ts'
import { registryWords as words } from './words.ts'

/** Rows as the contract shows them: labels beside codes, instants with their offset. */
export function unitLine(unit: store.UnitWithCount): UnitLine {
  return {
    unitId: unit.unitId,
    parentId: unit.parentId,
    kind: unit.kind,
    kindLabel: words.kind[unit.kind],
    code: unit.code,
    name: unit.name,
    from: unit.from,
    until: unit.until,
    childCount: unit.childCount,
  }
}

/** As it stands on `on`; an abolished or coming unit as on its last or first day. */
export async function readUnitDetail(tx: Tx, unit: store.Unit, on: PlainDate): Promise<UnitDetail> {
  const day = isInForce(unit, on) || unit.until !== null ? on : unit.from
  const counts = await store.countChildrenByKind(tx, unit.unitId, day)
  const ancestors = await store.listUnitsById(tx, unit.path.slice(0, -1))
  const covers = await listCovers(tx, unit.unitId)
  const school = await store.findSchool(tx, unit.unitId)
  const posts = await staff.listPostsAtUnit(tx, unit.unitId, day)
  return {
    ...unitLine({ ...unit, childCount: counts.reduce((sum, { count }) => sum + count, 0) }),
    ancestors: unit.path.slice(0, -1).flatMap((id) => {
      const found = ancestors.find((ancestor) => ancestor.unitId === id)
      return found === undefined ? [] : [{ unitId: found.unitId, name: found.name, kind: found.kind }]
    }),
    children: counts.map(({ kind, count }) => ({ kind, kindLabel: words.kind[kind], count })),
    divisions: covers.map((cover) => ({
      code: cover.code,
      name: cover.name,
      from: cover.from_day,
      until: cover.until_day,
      note: cover.note ?? (cover.former_code === null ? null : words.unit.formerCode(cover.former_code)),
    })),
    school:
      school === undefined
        ? null
        : {
            schoolCode: school.school_code,
            schoolType: school.school_type,
            schoolTypeLabel: schoolTypeLabel(school.school_type) ?? school.school_type,
            settlementClass: school.settlement_class,
            settlementClassLabel:
              school.settlement_class === null ? null : (settlementClassLabel(school.settlement_class) ?? null),
            founder: school.founder,
            isBoarding: school.is_boarding,
          },
    posts: posts.map(({ postId, person, roleId, role, from, until }) => ({
      postId,
      person,
      roleId,
      role,
      from,
      until,
    })),
  }
}

/** Who looks at an account, and when. */
export interface Onlooker {
  readonly manager: Manager
  /** `account.write` and `role.assign`. */
  readonly mayKeep: boolean
  readonly mayAssign: boolean
  readonly now: Date
  readonly today: PlainDate
}

/** [REG-26] With what the server would let who looks do to it, so that a page offers nothing that is refused. */
export function accountLine(
  account: staff.AccountSeen,
  posts: readonly staff.HeldPost[],
  { manager, mayKeep, mayAssign, now, today }: Onlooker,
): AccountLine {
  const isOther = account.accountId !== manager.accountId
  const facts = { accountId: account.accountId, posts, elsewhere: isElsewhere(account, posts) }
  const isLocked = account.lockedUntil !== null && account.lockedUntil > now
  return {
    accountId: account.accountId,
    login: account.login,
    person: account.person,
    state: account.state === 'disabled' ? 'disabled' : isLocked ? 'locked' : 'active',
    lockedUntil: isLocked ? (account.lockedUntil?.toISOString() ?? null) : null,
    lastSignInAt: account.lastSignInAt?.toISOString() ?? null,
    posts: posts.map(({ postId, roleId, role, unitId, unit, from, until }) => ({
      postId,
      roleId,
      role,
      unitId,
      unit,
      from,
      until,
      mayEnd: mayAssign && isOther && manager.role.mayAssign.includes(roleId) && (until === null || until > today),
    })),
    may: {
      manage: mayKeep && mayManage(manager, facts, today),
      givePost: mayAssign && isOther && manager.role.mayAssign.length > 0,
    },
  }
}

/** Whether an account also holds posts that the scope does not see: its units are those of all its posts. */
export function isElsewhere(account: Pick<staff.AccountSeen, 'units'>, posts: readonly staff.HeldPost[]): boolean {
  const seen = new Set(posts.flatMap((post) => post.unitPath))
  return account.units.some((unit) => !seen.has(unit))
}

type AuditFound = Awaited<ReturnType<typeof searchAudit>>['rows'][number]

export function auditLine(
  row: AuditFound,
  labels: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): AuditLine {
  return {
    auditId: Number(row.audit_id),
    at: row.at.toISOString(),
    person: row.person,
    unit: row.unit,
    action: row.action,
    actionLabel: labels.get(row.action) ?? row.action,
    kind: row.kind,
    target: row.target,
    targetNames: targetsOf(row.target).flatMap((id) => {
      const name = names.get(id)
      return name === undefined ? [] : [{ id, name }]
    }),
    reason: row.reason,
    outcome: row.outcome,
    address: row.address,
  }
}

/** `account:17 post:3` names two things. */
function targetsOf(target: string | null): readonly string[] {
  return target?.split(' ') ?? []
}

/** [REG-27] Names of the units, accounts and posts in these lines, as far as the scope sees them. */
export async function nameTargets(tx: Tx, rows: readonly AuditFound[]): Promise<ReadonlyMap<string, string>> {
  const all = rows.flatMap(({ target }) => targetsOf(target))
  const idsOf = (kind: string) => [
    ...new Set(
      all.flatMap((id) => {
        const [, digits] = id.split(':')
        return id.startsWith(`${kind}:`) && /^\d{1,9}$/.test(digits ?? '') ? [Number(digits)] : []
      }),
    ),
  ]
  const units = await store.listUnitsById(tx, idsOf('unit'))
  const persons = await staff.findPersons(tx, idsOf('account'))
  const posts = await staff.listPostsById(tx, idsOf('post'))
  return new Map([
    ...units.map(({ unitId, name }) => [`unit:${unitId}`, name] as const),
    ...[...persons].map(([id, name]) => [`account:${id}`, name] as const),
    ...posts.map(({ postId, person, unit, role }) => [`post:${postId}`, `${person} ${unit}${role}`] as const),
  ])
}

/** As the system: a person's other posts may stand in units that the post of this session does not see. */
export async function readViewer(
  tx: Tx,
  actor: Actor,
  house: { readonly today: PlainDate; readonly idleMinutes: number; readonly isDemo: boolean },
): Promise<Me> {
  const account = await staff.findAccount(tx, actor.accountId)
  const posts = await staff.listPostsOfAccount(tx, actor.accountId)
  const units = await store.listUnitsById(tx, actor.unitPath.slice(-2))
  const own = posts.find((post) => post.postId === actor.postId)
  const unit = units.find((candidate) => candidate.unitId === actor.unitId)
  if (account === undefined || own === undefined || unit === undefined)
    throw new Error('an actor without account, post or unit')
  const parent = units.find((candidate) => candidate.unitId === unit.parentId)
  return {
    accountId: actor.accountId,
    login: actor.login,
    person: account.person,
    post: { postId: own.postId, roleId: own.roleId, role: own.role },
    unit: { unitId: unitId(unit.unitId), name: unit.name, kind: unit.kind, parentName: parent?.name ?? null },
    otherPosts: posts
      .filter((post) => post.postId !== actor.postId && isInForce(post, house.today))
      .map(({ postId, role, unit }) => ({ postId, role, unit })),
    permissions: [...actor.permissions],
    csrf: actor.csrf,
    idleMinutes: house.idleMinutes,
    today: house.today,
    isDemo: house.isDemo,
    mustChangePassword: account.mustChangePassword,
  }
}
