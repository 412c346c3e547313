import type { AccountId, PostId, UnitId } from '../../kernel/ids.ts'
import type { Permission, Scope } from '../../kernel/scope.ts'
import type { Tx } from '../db/index.ts'
import type { LiveSession } from '../session/index.ts'

/** Who asks: one account in one post. Resolved anew for every request, so a changed right or an ended post acts at once. */
export interface Actor {
  readonly accountId: AccountId
  readonly login: string
  readonly postId: PostId
  readonly roleId: string
  readonly unitId: UnitId
  /** The unit and all above it, as `units` columns hold them. */
  readonly unitPath: readonly number[]
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
  /** Expected back in the header `x-baoxue-csrf`. */
  readonly csrf: string
}

/** Given by the slice that knows posts. Undefined: the post has ended, which ends the session. Runs as the system. */
export type ResolveActor = (tx: Tx, session: LiveSession) => Promise<Actor | undefined>
