import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import type { Route } from '../../kernel/route.ts'
import { errorFields } from '../log.ts'
import type { Actor } from './actor.ts'
import { createPen, type RequestPen } from './audit-pen.ts'
import type { Download, RouteContext, UploadContext } from './context.ts'
import { sessionCookie } from './cookie.ts'
import { isChanging } from './csrf.ts'
import { firstBytes, sendDownload } from './download.ts'
import { type Guarded, guard } from './guard.ts'
import type { Http } from './http.ts'
import { problemOf } from './problems.ts'
import { openUpload, tooLarge } from './upload.ts'
import { validated } from './validate.ts'
import { httpWords as words } from './words.ts'

export const API_PREFIX = '/api/v1'

export interface MountOptions {
  /** Beside the general limit: so many requests of one account to this route in so many minutes. */
  readonly limit?: { readonly most: number; readonly minutes: number }
}

/** A route with a JSON answer. What the handler returns is held against the answer's schema and cut to it. */
export function mountRoute<R extends Route>(
  http: Http,
  route: R,
  handler: (context: RouteContext<NoInfer<R>>) => Promise<z.input<NoInfer<R>['answer']>>,
  options: MountOptions = {},
): void {
  mount(http, route, 'json', options, async (context, { reply }) => {
    const answer = answerOf(route, await handler(context))
    return () => reply.send(answer)
  })
}

/** A route that takes one file as a stream. */
export function mountUpload<R extends Route>(
  http: Http,
  route: R,
  handler: (context: UploadContext<NoInfer<R>>) => Promise<z.input<NoInfer<R>['answer']>>,
  options: MountOptions = {},
): void {
  mount(http, route, 'upload', options, async (context, { request, reply }) => {
    const upload = await openUpload(request, http.uploadLimitBytes)
    let answer: unknown
    try {
      answer = answerOf(route, await handler(Object.assign(context, { upload })))
    } catch (error) {
      upload.content.destroy()
      throw error
    }
    if (!upload.content.readableEnded) throw new Error(`${route.id} answered before it had read the whole file`)
    return () => reply.send(answer)
  })
}

/** A route that answers with bytes. */
export function mountDownload<R extends Route>(
  http: Http,
  route: R,
  handler: (context: RouteContext<NoInfer<R>>) => Promise<Download>,
  options: MountOptions = {},
): void {
  mount(http, route, 'download', options, async (context, { reply }) => {
    const download = await handler(context)
    await firstBytes(download.content)
    return () => sendDownload(reply, download)
  })
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Answers how to send: the audit line is written in between, so nothing leaves without one. */
type Work<R extends Route> = (context: RouteContext<R>, exchange: Exchange) => Promise<() => FastifyReply>

function mount<R extends Route>(http: Http, route: R, kind: Route['kind'], options: MountOptions, work: Work<R>): void {
  if (route.kind !== kind) throw new Error(`${route.id} is a ${route.kind} route`)
  http.register(route)
  const guarded = new WeakMap<FastifyRequest, Guarded>()
  const isOverOwnLimit = options.limit === undefined ? undefined : http.limiter(options.limit)

  http.app.route({
    method: route.method,
    url: `${API_PREFIX}${route.path}`,
    async onRequest(request) {
      await http.limitGeneral(request)
      if (kind === 'upload' && Number(request.headers['content-length'] ?? 0) > http.uploadLimitBytes + FORM_BYTES) {
        throw tooLarge(http.uploadLimitBytes)
      }
      guarded.set(request, await guard(request, route, http))
    },
    async preHandler(request) {
      if (route.access === 'public' && isChanging(route.method)) await http.limitSignIn(request)
    },
    async handler(request, reply) {
      reply.header('cache-control', 'no-store')
      const { actor, refusal } = guarded.get(request) ?? fail('no guard')
      const pen = actor === undefined ? undefined : penOf(http, route, request, actor)
      try {
        if (refusal !== undefined) throw refusal
        if (actor !== undefined) await isOverOwnLimit?.(request, `${route.id}:${actor.accountId}`)
        const send = await work(contextOf(http, route, { request, reply }, actor, pen), { request, reply })
        await pen?.close()
        return send()
      } catch (error) {
        const problem = problemOf(error, request.id)
        await pen
          ?.closeFailed(problem)
          .catch((cause: unknown) => http.log.error('audit.lost', { route: route.id, ...errorFields(cause) }))
        throw error
      }
    },
  })
}

/** Boundaries and part headers around the file. */
const FORM_BYTES = 64 << 10

function penOf(http: Http, route: Route, request: FastifyRequest, actor: Actor): RequestPen {
  return createPen({ route, actor, address: request.ip, params: request.params, clock: http.clock, db: http.db })
}

function contextOf<R extends Route>(
  http: Http,
  route: R,
  { request, reply }: Exchange,
  actor: Actor | undefined,
  pen: RequestPen | undefined,
): RouteContext<R> {
  const gone = new AbortController()
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return {
    params: validated<R['params']>(route.params, request.params, words.address),
    query: validated<R['query']>(route.query, request.query, words.query),
    body: validated<R['body']>(route.body, route.kind === 'upload' ? {} : request.body, words.body),
    get actor() {
      if (actor === undefined) throw new Problem('SESSION.REQUIRED')
      return actor
    },
    get audit() {
      return pen ?? fail('a public route has no actor to audit')
    },
    cookie: sessionCookie(request, reply, http.isCookieSecure),
    address: request.ip,
    signal: gone.signal,
  }
}

/** A route whose answer says nothing answers with `{}`. An answer that does not fit its schema is a fault of ours. */
function answerOf<R extends Route>(route: R, value: unknown): unknown {
  const parsed = route.answer.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.')}:${code}`).slice(0, 5)
  throw new Error(`${route.id} answers outside its contract at ${places.join(' ')}`)
}

function fail(what: string): never {
  throw new Error(what)
}
