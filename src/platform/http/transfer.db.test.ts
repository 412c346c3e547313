import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { formOf, testHttp } from './test-house.ts'

const { answer, api, ask, base, house, lastAudit, stored } = await testHttp()

describe('[SEC-45] an upload', () => {
  beforeEach(() => void stored.splice(0))

  test('arrives as it was, under its own name', async () => {
    const content = randomBytes((2 << 20) + 17)
    expect(await answer('/test/sheets', { body: formOf('万州户籍.csv', content) })).toEqual({
      status: 200,
      fileName: '万州户籍.csv',
      bytes: content.length,
    })
    expect(stored[0]?.equals(content)).toBe(true)
  })

  test('beyond the limit is refused with words, while it is still on its way', async () => {
    const problem = await answer('/test/sheets', { body: formOf('a.csv', randomBytes((3 << 20) + 1)) })
    expect(problem).toMatchObject({ status: 413, code: 'REQUEST.TOO_LARGE', words: { limit: '3 MB' } })
    const huge = await answer('/test/sheets', { body: formOf('a.csv', randomBytes(5 << 20)) })
    expect(huge).toMatchObject({ status: 413, code: 'REQUEST.TOO_LARGE' })
    expect(stored).toHaveLength(0)
  })

  test('that is refused before it is read is told so, every time, and the connection goes on', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const refused = await answer('/test/sheets?day=future', { body: formOf('a.csv', randomBytes(2 << 20)) })
      expect(refused).toMatchObject({ status: 404, code: 'REQUEST.NOT_FOUND' })
    }
    expect(await answer('/test/me')).toMatchObject({ status: 200 })
    expect(stored).toHaveLength(0)
  })

  test('of two files, of a field, of nothing, or as JSON is refused', async () => {
    const two = formOf('a.csv', randomBytes(100_000))
    two.append('second', new Blob(['x']), 'b.csv')
    const field = new FormData()
    field.append('text', 'x')
    for (const body of [two, field, new FormData(), { file: 'x' }]) {
      expect(await answer('/test/sheets', { body })).toMatchObject({
        status: 400,
        code: 'REQUEST.MALFORMED',
        words: { where: '文件' },
      })
    }
    expect(stored).toHaveLength(0)
  })

  test('whose form breaks off is told truncated and not stored', async () => {
    const boundary = 'xyz'
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n`
    const response = await fetch(`${api}/test/sheets`, {
      method: 'POST',
      headers: {
        cookie: `baoxue_session=${house.session.token}`,
        'x-baoxue-csrf': house.session.csrf,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: `${head}${'x'.repeat(200_000)}`,
    })
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({
      status: 422,
      code: 'FILE.TRUNCATED',
      words: { file: 'a.csv' },
    })
    expect(stored).toHaveLength(0)
  })

  test('whose connection breaks off is not stored, and the server goes on', async () => {
    const { port, hostname } = new URL(base)
    const socket = connect(Number(port), hostname)
    const head = '--xyz\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    socket.write(
      `POST /api/v1/test/sheets HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: baoxue_session=${house.session.token}\r\nx-baoxue-csrf: ${house.session.csrf}\r\n` +
        `content-type: multipart/form-data; boundary=xyz\r\ncontent-length: 1000000\r\n\r\n${head}${'x'.repeat(100_000)}`,
    )
    await new Promise((resume) => setTimeout(resume, 200))
    socket.destroy()
    await expect.poll(async () => (await lastAudit())?.outcome, { timeout: 5_000 }).toBe('FILE.TRUNCATED')
    expect(stored).toHaveLength(0)
    expect(await answer('/test/me')).toMatchObject({ status: 200 })
  })
})

describe('a download', () => {
  test('has its Chinese name and is kept by no cache', async () => {
    const response = await ask('/test/workbook', { body: { fails: false } })
    expect(await response.text()).toBe('a,b\n')
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''%E7%BB%93%E6%9E%9C.csv")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('that cannot be opened is a Problem, not a cut file', async () => {
    expect(await answer('/test/workbook', { body: { fails: true } })).toMatchObject({
      status: 500,
      code: 'FILE.SEAL_BROKEN',
    })
  })
})
