import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { httpWords as words } from './words.ts'

/**
 * The reader page. Scalar's own page starts itself with an inline script and
 * loads fonts from elsewhere; ours starts it from a file and loads nothing
 * that this server does not serve, so the policy of every other page holds here too.
 */
export async function mountReference(app: FastifyInstance, prefix: `/${string}`): Promise<void> {
  const page = `${prefix}/reference` as const
  await app.register(scalar, { routePrefix: `${page}/viewer`, configuration: { url: `${prefix}/openapi.json` } })
  app.get(page, (_request, reply) => reply.type('text/html; charset=utf-8').send(pageHtml(page)))
  app.get(`${page}/start.js`, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(startScript(prefix)),
  )
}

function pageHtml(page: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.referencePage}</title></head>
<body><div id="reference"></div>
<script src="${page}/viewer/js/scalar.js"></script><script src="${page}/start.js"></script></body>
</html>
`
}

function startScript(prefix: string): string {
  const configuration = {
    url: `${prefix}/openapi.json`,
    withDefaultFonts: false,
    hideClientButton: true,
    telemetry: false,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
  }
  return `Scalar.createApiReference('#reference', ${JSON.stringify(configuration)})\n`
}
