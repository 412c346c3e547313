import type { AccountId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, ResolveActor } from '../../platform/http/actor.ts'
import type { MayStill } from '../../platform/jobs.ts'
import type { ChoosePost, LiveSession } from '../../platform/session/index.ts'
import { isInForce } from './rules.ts'
import { findAccount, type HeldPost, listPostsOfAccount, listStaffWithEnded, retieStaff } from './staff-store.server.ts'
import { findUnit, listRoles, type Unit } from './store.ts'

export { listBranch } from './account-sheet-store.server.ts'
export { findAnswerableUnit, findDivision } from './division-store.server.ts'
export { divisionKey, loadPack, loadUnits, type RegistryData } from './load.server.ts'
export { saveRoles } from './load-store.server.ts'
export { type Pack, readPack } from './pack.server.ts'
export { findPersons } from './staff-store.server.ts'
export { findUnit, findUnitByCode, listUnitsById, type Unit } from './store.ts'

/** The city is a scope of its own kind; every other unit sees by its path. */
function scopeOf(unit: Pick<Unit, 'unitId' | 'kind'>, accountId: AccountId): Scope {
  return { kind: unit.kind === 'city' ? 'city' : 'unit', unitId: unit.unitId, accountId }
}

/** [REG-14] Runs as the system, at every request: an ended post, an abolished unit or a narrowed role acts at once. */
export function actorResolver(clock: Clock): ResolveActor {
  return (tx, session) => getActorOf(tx, session, clock.today())
}

export async function getActorOf(tx: Tx, session: LiveSession, today: PlainDate): Promise<Actor | undefined> {
  const posts = await listPostsOfAccount(tx, session.accountId)
  const post = posts.find((held) => held.postId === session.postId && isInForce(held, today))
  const unit = post && (await findUnit(tx, post.unitId))
  const role = post && (await listRoles(tx)).find((candidate) => candidate.roleId === post.roleId)
  if (unit === undefined || role === undefined || !isInForce(unit, today)) return undefined
  return {
    accountId: session.accountId,
    login: session.login,
    postId: session.postId,
    roleId: role.roleId,
    unitId: unit.unitId,
    unitPath: unit.path,
    permissions: new Set(role.permissions),
    scope: scopeOf(unit, session.accountId),
    csrf: session.csrf,
  }
}

/** The post a sign-in begins in: the one held longest among those in force. */
export function postChooser(clock: Clock): ChoosePost {
  return async (tx, accountId) => {
    const today = clock.today()
    for (const post of (await listPostsOfAccount(tx, accountId)).toReversed()) {
      if (isInForce(post, today) && (await isUnitInForce(tx, post, today))) return post.postId
    }
    return undefined
  }
}

async function isUnitInForce(tx: Tx, post: HeldPost, today: PlainDate): Promise<boolean> {
  const unit = await findUnit(tx, post.unitId)
  return unit !== undefined && isInForce(unit, today)
}

/** [REG-16] Part of the day's close, as the system: who left a post for another leaves the sight of the unit. Catches up on missed days. */
export async function closeStaffDay(tx: Tx, day: PlainDate): Promise<void> {
  await retieStaff(tx, await listStaffWithEnded(tx, day), day)
}

/** [REG-19] Whether an account still holds a post in the scope's unit whose role has the permission: asked before a job starts. */
export function stillAllowed(clock: Clock): MayStill {
  return async (tx, scope, permission) => {
    const account = await findAccount(tx, scope.accountId)
    const unit = await findUnit(tx, scope.unitId)
    const today = clock.today()
    if (account?.state !== 'active' || unit === undefined || !isInForce(unit, today)) return false
    const roles = await listRoles(tx)
    return (await listPostsOfAccount(tx, scope.accountId))
      .filter((post) => post.unitId === scope.unitId && isInForce(post, today))
      .some(({ roleId }) => roles.find((role) => role.roleId === roleId)?.permissions.includes(permission) ?? false)
  }
}
