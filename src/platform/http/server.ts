import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { defineRoute, type Route } from '../../kernel/route.ts'
import { errorFields } from '../log.ts'
import { logRequests } from './access-log.ts'
import type { ResolveActor } from './actor.ts'
import type { Http, HttpServices } from './http.ts'
import { createLimiters, type HttpLimits, STANDARD_LIMITS } from './limits.ts'
import { API_PREFIX, mountRoute } from './mount.ts'
import { openApiDocument } from './openapi.ts'
import { JSON_LIMIT_BYTES, problemAnswer, problemOf, retrySeconds } from './problems.ts'
import { mountReference } from './reference.ts'
import { mountWeb } from './web.ts'

export interface HttpOptions {
  readonly services: HttpServices
  readonly resolveActor: ResolveActor
  /** Cookies over HTTPS only. */
  readonly isCookieSecure: boolean
  readonly uploadLimitBytes: number
  readonly version: string
  /** The built pages; without them only the API is served. */
  readonly webDir?: string
  /** Of the reverse proxy whose `x-forwarded-*` headers are believed. */
  readonly proxy?: string
  readonly limits?: HttpLimits
}

const health = defineRoute({
  id: 'system.health',
  method: 'GET',
  path: '/health',
  summary: '服务是否可用',
  access: 'public',
  answer: z.object({ status: z.literal('ok'), version: z.string() }),
})

/** Slices mount their routes on the result, then the app listens. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { services, limits = STANDARD_LIMITS, version } = options
  const app = fastify({
    logger: false,
    bodyLimit: JSON_LIMIT_BYTES,
    // The number a clerk reads out when asking for help.
    genReqId: () => randomBytes(5).toString('hex'),
    trustProxy: options.proxy ?? false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    // A city's sheet over a county's line; a request that takes longer holds a connection for nothing.
    requestTimeout: 30 * 60_000,
  })
  app.removeContentTypeParser('text/plain')
  acceptEmptyJson(app)
  logRequests(app, services)
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id)
    logProblem(services, problem, error, request.id)
    const seconds = retrySeconds(problem)
    if (seconds !== undefined && problem.status !== 401) reply.header('retry-after', seconds)
    return reply.status(problem.status).header('cache-control', 'no-store').send(problemAnswer(problem))
  })
  await app.register(helmet, {
    contentSecurityPolicy: { directives: contentSecurityPolicy(options.isCookieSecure) },
    hsts: options.isCookieSecure,
  })
  await app.register(cookie)
  await app.register(multipart)
  await app.register(rateLimit, { global: false })

  const routes: Route[] = []
  const http: Http = {
    ...services,
    ...createLimiters(app, limits),
    app,
    resolveActor: options.resolveActor,
    isCookieSecure: options.isCookieSecure,
    uploadLimitBytes: options.uploadLimitBytes,
    routes,
    register(route) {
      if (routes.some(({ id }) => id === route.id)) throw new Error(`route ${route.id} is mounted twice`)
      routes.push(route)
    },
    listen: (where) => app.listen({ host: where.host, port: where.port }),
    close: (seconds = 5) => close(app, seconds),
  }
  mountRoute(http, health, async () => {
    await services.db.asSystem('system.health', async (tx) => tx.selectNoFrom((row) => row.lit(1).as('one')).execute())
    return { status: 'ok' as const, version }
  })
  app.get(`${API_PREFIX}/openapi.json`, async () => openApiDocument(routes, { version, prefix: API_PREFIX }))
  await mountReference(app, API_PREFIX)
  await mountWeb(app, options.webDir)
  return http
}

/** A body of `POST` without content, with the JSON header that clients add by habit, is an empty one. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    return parse(request, body, done)
  })
}

/** [SEC-48] Everything from here and nothing inline, but styles: antd writes them at run time. */
function contentSecurityPolicy(isSecure: boolean): Record<string, Iterable<string> | null> {
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    upgradeInsecureRequests: isSecure ? [] : null,
  }
}

function logProblem({ log }: HttpServices, problem: Problem, error: unknown, requestId: string): void {
  const fields = { requestId, ...errorFields(error instanceof Problem ? problem : error) }
  const write = problem.status >= 500 ? log.error : log.info
  write('http.problem', { ...fields, code: problem.code })
}

async function close(app: FastifyInstance, seconds: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), seconds * 1000)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
