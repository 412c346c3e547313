import type { FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import type { Route } from '../../kernel/route.ts'
import type { Database } from '../db/index.ts'
import type { Sessions } from '../session/index.ts'
import type { Actor, ResolveActor } from './actor.ts'
import { sessionToken } from './cookie.ts'
import { refuseForeignOrigin, refuseWithoutToken } from './csrf.ts'

interface GuardOptions {
  readonly db: Database
  readonly sessions: Sessions
  readonly resolveActor: ResolveActor
}

/** The page asks by itself (progress, badges): no sign of life of the person. */
const BACKGROUND_HEADER = 'x-baoxue-background'

export interface Guarded {
  readonly actor: Actor | undefined
  /** Thrown by the caller after it has recorded who was refused. */
  readonly refusal: Problem | undefined
}

/**
 * [SEC-46] Runs before the body is read: origin, session, post, CSRF token,
 * right, first password, in this order. Every request asks the database again,
 * so what an administrator takes away is gone with the next click.
 */
export async function guard(request: FastifyRequest, route: Route, options: GuardOptions): Promise<Guarded> {
  refuseForeignOrigin(request)
  if (route.access === 'public') return { actor: undefined, refusal: undefined }
  const { actor, mustChangePassword } = await resolve(request, options)
  refuseWithoutToken(request, actor.csrf)
  return { actor, refusal: refusalOf(route, actor, mustChangePassword) }
}

function refusalOf({ access, summary }: Route, actor: Actor, mustChangePassword: boolean): Problem | undefined {
  if (access === 'public' || access === 'signed-in') return undefined
  if (mustChangePassword) return new Problem('SESSION.CHANGE_PASSWORD')
  return actor.permissions.has(access) ? undefined : new Problem('REQUEST.NOT_ALLOWED', { action: summary }, { access })
}

async function resolve(request: FastifyRequest, { db, sessions, resolveActor }: GuardOptions) {
  const token = sessionToken(request)
  if (token === undefined || token === '') throw new Problem('SESSION.REQUIRED')
  const isPerson = request.headers[BACKGROUND_HEADER] === undefined
  const found = await db.asSystem('session.find', async (tx) => {
    const session = await sessions.find(tx, token, isPerson)
    if (session.kind !== 'live') return session
    return { ...session, actor: await resolveActor(tx, session.session) }
  })
  if (found.kind === 'none') throw new Problem('SESSION.REQUIRED')
  if (found.kind === 'expired') throw new Problem('SESSION.EXPIRED', { minutes: sessions.limits().idleMinutes })
  if (found.actor === undefined) {
    await sessions.end(token)
    throw new Problem('SESSION.NO_POST')
  }
  return { actor: found.actor, mustChangePassword: found.session.mustChangePassword }
}
