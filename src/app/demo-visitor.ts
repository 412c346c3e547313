import { openAsBlob } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { type Me, signIn } from '../domains/registry/contract.ts'
import type { Route } from '../kernel/route.ts'

/** A person at a keyboard: signed in over HTTP, as a browser is. */
export interface Visitor {
  ask<Answer>(method: string, path: string, body?: string | FormData): Promise<Answer>
  /** Calls a route of a contract. */
  call<R extends Route>(route: R, given?: Given): Promise<z.output<R['answer']>>
  /** Uploads one file. */
  give<R extends Route>(route: R, file: string, query: Readonly<Record<string, string>>): Promise<z.output<R['answer']>>
}

export interface Given {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: object
}

const TOO_MANY = 429

export async function enter(address: string, login: string, password: string): Promise<Visitor> {
  const origin = new URL(address).origin
  let cookie = ''
  let csrf = ''
  const ask = async <Answer>(method: string, path: string, body?: string | FormData): Promise<Answer> => {
    const headers = {
      cookie,
      origin,
      'x-baoxue-csrf': csrf,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    }
    const send = () => fetch(`${origin}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    let answer = await send()
    while (answer.status === TOO_MANY) {
      await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000)
      answer = await send()
    }
    const set = answer.headers.getSetCookie()[0]
    if (set !== undefined) cookie = set.split(';')[0] ?? ''
    const json = (await answer.json()) as Answer & { readonly code?: string; readonly message?: string }
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${json.code}`)
    return json
  }
  const me: Me = await ask('POST', signIn.path, JSON.stringify({ login, password }))
  csrf = me.csrf
  return {
    ask,
    call: (route, { params = {}, query = {}, body } = {}) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const path = `${pathOf(route, params)}${search.size === 0 ? '' : `?${search}`}`
      const sent = body === undefined ? (route.method === 'GET' ? undefined : '{}') : JSON.stringify(body)
      return ask(route.method, path, sent)
    },
    async give(route, file, query) {
      const form = new FormData()
      form.append('file', await openAsBlob(file), file.split(/[/\\]/).at(-1))
      return ask(route.method, `${route.path}?${new URLSearchParams(query)}`, form)
    },
  }
}

function pathOf({ path }: Route, params: Readonly<Record<string, string | number>>): string {
  return path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}
