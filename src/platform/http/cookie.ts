import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from './context.ts'

const NAME = 'baoxue_session'

export function sessionToken(request: FastifyRequest): string | undefined {
  return request.cookies[NAME]
}

/** [SEC-44] Not readable by scripts, not sent from other sites, gone with the browser. `isSecure` behind HTTPS. */
export function sessionCookie(request: FastifyRequest, reply: FastifyReply, isSecure: boolean): SessionCookie {
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const
  return {
    current: sessionToken(request),
    set: (token) => void reply.setCookie(NAME, token, attributes),
    clear: () => void reply.clearCookie(NAME, attributes),
  }
}
