import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'

const CSRF_HEADER = 'x-baoxue-csrf'
const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isChanging(method: string): boolean {
  return !READING.has(method)
}

/**
 * [SEC-42] A changing request comes from our own pages: its Origin is the host
 * it was sent to. Holds for signing in too, where there is no session yet.
 * Programs that are no browser send neither header and need the token below.
 */
export function refuseForeignOrigin(request: FastifyRequest): void {
  if (!isChanging(request.method)) return
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isOurs =
    origin === undefined
      ? site === undefined || site === 'same-origin' || site === 'none'
      : hostOf(origin) === request.host
  if (!isOurs) throw new Problem('REQUEST.FORGED', {}, { cause: 'origin' })
}

/** [SEC-43] And it knows the session's own word, which another site can neither read nor make the browser send. */
export function refuseWithoutToken(request: FastifyRequest, expected: string): void {
  if (!isChanging(request.method)) return
  const given = request.headers[CSRF_HEADER]
  if (typeof given !== 'string' || !isSame(given, expected)) throw new Problem('REQUEST.FORGED', {}, { cause: 'token' })
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
