import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'

/** One line a request. The route's pattern, never its address or query: those hold ids, names and search words. */
export function logRequests(app: FastifyInstance, { log }: { readonly log: Log }): void {
  app.addHook('onResponse', async (request, reply) => {
    log.info('http.request', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    })
  })
}
