import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'

/** Vite writes a hash of the content into the names below it. */
const HASHED_FOLDER = '/assets/'
const YEAR_SECONDS = 31_536_000

/** The built pages, and their entry page for every address that is neither a file nor the API. */
export async function mountWeb(app: FastifyInstance, webDir: string | undefined): Promise<void> {
  const hasPages = webDir !== undefined && existsSync(join(webDir, 'index.html'))
  if (hasPages) {
    await app.register(fastifyStatic, {
      root: webDir,
      index: ['index.html'],
      wildcard: true,
      preCompressed: true,
      setHeaders: (reply, path) => {
        const isHashed = path.includes(HASHED_FOLDER)
        reply.header('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    if (!hasPages || !isPage(request)) throw new Problem('REQUEST.NOT_FOUND')
    return sendEntry(reply)
  })
}

/** An address a person may have typed: a reload of `/runs/17` is the entry page, a missing script is not. */
function isPage({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?')[0] ?? ''
  return (
    method === 'GET' &&
    !path.startsWith('/api/') &&
    !/\.\w+$/.test(path) &&
    (headers.accept ?? '').includes('text/html')
  )
}

function sendEntry(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html')
}
