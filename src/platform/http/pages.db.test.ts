import { describe, expect, test } from 'vitest'
import { testHttp } from './test-house.ts'

const { answer, api, base, http } = await testHttp()

describe('the pages', () => {
  const page = { accept: 'text/html' }

  test('any address of theirs is the entry page; a missing script is not', async () => {
    for (const path of ['/', '/runs/17', '/units?parentId=1']) {
      const response = await fetch(`${base}${path}`, { headers: page })
      expect(await response.text(), path).toContain('保学')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
    expect((await fetch(`${base}/assets/gone-x9.js`)).status).toBe(404)
    expect((await fetch(`${base}/../package.json`)).status).toBe(404)
    expect((await fetch(`${base}/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404)
  })

  test('hashed files are kept for a year', async () => {
    const response = await fetch(`${base}/assets/app-x1.js`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('[SEC-48] run no script but ours, in no frame', async () => {
    const policy = (await fetch(base, { headers: page })).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/)
  })
})

describe('the interface', () => {
  test('describes itself: every route, its inputs, its answers and its problems', async () => {
    const document = (await (await fetch(`${api}/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, Record<string, Operation>>
    }
    interface Operation {
      operationId: string
      parameters: { name: string; in: string; required: boolean }[]
      requestBody?: { content: Record<string, unknown> }
      responses: Record<string, { description: string }>
    }
    expect(document.openapi).toBe('3.1.0')
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect(ids.sort()).toEqual(http.routes.map(({ id }) => id).sort())
    const read = document.paths['/test/runs/{runId}']?.get
    expect(read?.parameters.map((line) => `${line.in} ${line.name} ${line.required}`)).toEqual([
      'path runId true',
      'query page false',
    ])
    expect(read?.responses['403']?.description).toContain('REQUEST.NOT_ALLOWED')
    expect(Object.keys(document.paths['/test/sheets']?.post?.requestBody?.content ?? {})).toEqual([
      'multipart/form-data',
    ])
  })

  test('has a reader page that loads nothing from elsewhere', async () => {
    const html = await (await fetch(`${api}/reference`)).text()
    const scripts = [...html.matchAll(/src="([^"]+)"/g)].map((match) => match[1]!)
    expect(scripts).toHaveLength(2)
    for (const script of scripts) {
      expect(script).toMatch(/^\/api\/v1\/reference\//)
      const response = await fetch(`${base}${script}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('javascript')
    }
    expect(html).not.toMatch(/<script>/)
  })

  test('says whether it is well', async () => {
    expect(await answer('/health', { isAnonymous: true })).toEqual({ status: 'ok', version: '1.2.3' })
  })
})
