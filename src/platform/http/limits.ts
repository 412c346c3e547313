import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import { sessionToken } from './cookie.ts'

export interface HttpLimits {
  /** Requests of one session (one address without a session) a minute. */
  readonly perMinute: number
  /** Sign-ins from one address a minute: a whole bureau may stand behind one. */
  readonly signInsOfAddress: number
  /** Sign-ins with one login a minute, whether it exists or not. */
  readonly signInsOfLogin: number
}

export const STANDARD_LIMITS: HttpLimits = { perMinute: 600, signInsOfAddress: 60, signInsOfLogin: 10 }

export interface Limiters {
  limitGeneral(request: FastifyRequest): Promise<void>
  limitSignIn(request: FastifyRequest): Promise<void>
  /** A limiter of its own, counted by the given key. */
  limiter(limit: {
    readonly most: number
    readonly minutes: number
  }): (request: FastifyRequest, key: string) => Promise<void>
}

/** [SEC-47] In the memory of one process: what it protects (passwords, the pool) is of that process too. */
export function createLimiters(app: FastifyInstance, limits: HttpLimits): Limiters {
  function limiterBy(most: number, minutes: number, keyOf: (request: FastifyRequest) => string) {
    const check = app.createRateLimit({ max: most, timeWindow: minutes * 60_000, keyGenerator: keyOf })
    return async (request: FastifyRequest): Promise<void> => {
      const result = await check(request)
      if (!result.isAllowed && result.isExceeded)
        throw new Problem('REQUEST.TOO_MANY', { seconds: result.ttlInSeconds })
    }
  }

  const ofAddress = limiterBy(limits.signInsOfAddress, 1, (request) => `sign-in:${request.ip}`)
  const ofLogin = limiterBy(limits.signInsOfLogin, 1, (request) => `login:${digest(loginOf(request))}`)

  return {
    limitGeneral: limiterBy(limits.perMinute, 1, (request) => {
      const token = sessionToken(request)
      return token === undefined ? `address:${request.ip}` : `session:${digest(token)}`
    }),
    async limitSignIn(request) {
      await ofAddress(request)
      await ofLogin(request)
    },
    limiter({ most, minutes }) {
      const keys = new WeakMap<FastifyRequest, string>()
      const check = limiterBy(most, minutes, (request) => keys.get(request) ?? request.ip)
      return async (request, key) => {
        keys.set(request, key)
        await check(request)
      }
    },
  }
}

function loginOf(request: FastifyRequest): string {
  const { body } = request
  if (body === null || typeof body !== 'object' || !('login' in body)) return request.ip
  return String(body.login).trim().toLowerCase()
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
