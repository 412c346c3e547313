import type { z } from 'zod'
import type { Route } from '../../kernel/route.ts'
import { isCode } from './api-problem.ts'
import { sessionGate } from './session-gate.ts'

/** A member is asked for only when the contract cannot do without it. */
type Given<Name extends string, Shape> =
  Record<never, never> extends Shape ? { readonly [Key in Name]?: Shape } : { readonly [Key in Name]: Shape }

export type RequestOf<R extends Route> = Given<'params', z.input<R['params']>> &
  Given<'query', z.input<R['query']>> &
  Given<'body', z.input<R['body']>>

/** The same, without the types of one route; what the senders below work on. */
export interface AnyRequest {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

const BASE = '/api/v1'

export function urlOf(route: Route, request: AnyRequest): string {
  const params = membersOf(request.params)
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(membersOf(request.query))) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? `${BASE}${path}` : `${BASE}${path}?${search}`
}

export function headersOf(route: Route): Record<string, string> {
  return route.method === 'GET' ? {} : { 'x-baoxue-csrf': sessionGate.csrf }
}

/** Sends; when the session has ended, waits for the next and sends again; when the token is old, reads it anew once. */
export async function withSession<T>(route: Route, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (fault) {
    if (route.access === 'public') throw fault
    const isEnded = isCode(fault, 'SESSION.REQUIRED', 'SESSION.EXPIRED')
    if (isEnded && (await sessionGate.renewed())) return send()
    if (isCode(fault, 'REQUEST.FORGED') && (await sessionGate.refreshToken())) return send()
    throw fault
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
