import type { z } from 'zod'
import type { Route } from '../../kernel/route.ts'
import { offline, problemOfAnswer, stopped, unreadable } from './api-problem.ts'
import { type AnyRequest, headersOf, type RequestOf, urlOf, withSession } from './request.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** The page asks by itself: no sign of life of a person, so that a forgotten page does not hold the session open. */
  readonly isBackground?: boolean
}

/** Calls a JSON route; the answer is checked against the contract before a page sees it. */
export async function call<R extends Route>(
  route: R,
  request: RequestOf<R>,
  options: CallOptions = {},
): Promise<z.output<R['answer']>> {
  const text = await withSession(route, () => send(route, request, options))
  const answer = route.answer.safeParse(text === '' ? {} : readJson(text))
  if (!answer.success) throw unreadable(200)
  return answer.data as z.output<R['answer']>
}

async function send(route: Route, request: AnyRequest, options: CallOptions): Promise<string> {
  const answer = await fetchAnswer(route, request, options)
  const text = await answer.text()
  if (!answer.ok) throw problemOfAnswer(answer.status, text)
  return text
}

export async function fetchAnswer(route: Route, request: AnyRequest, options: CallOptions = {}): Promise<Response> {
  const { signal, isBackground = false } = options
  const hasBody = route.method === 'POST' || route.method === 'PATCH'
  try {
    return await fetch(urlOf(route, request), {
      method: route.method,
      credentials: 'same-origin',
      headers: {
        ...headersOf(route),
        ...(isBackground ? { 'x-baoxue-background': '1' } : {}),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(request.body ?? {}) } : {}),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch {
    throw signal?.aborted === true ? stopped() : offline()
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable(200)
  }
}
