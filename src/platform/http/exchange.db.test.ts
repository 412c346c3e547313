import { describe, expect, test } from 'vitest'
import { testHttp } from './test-house.ts'

const { admin, answer, api, ask, house, lastAudit, lines } = await testHttp()

describe('[SEC-41] a request', () => {
  test('is parsed by the contract and answered by it, cut to what it says', async () => {
    expect(await answer('/test/runs/17?page=3')).toEqual({ status: 200, text: '17/3' })
    expect(await answer('/test/runs/17')).toEqual({ status: 200, text: '17/1' })
    expect(await answer('/test/me')).toEqual({ status: 200, text: 'officer' })
    expect(await answer('/test/runs', { body: { year: 2026 } })).toEqual({ status: 200, text: '2026' })
  })

  test.each([
    ['/test/runs/abc', undefined, '地址 · runId'],
    ['/test/runs/17?page=0', undefined, '查询条件 · page'],
    ['/test/runs/17?pages=2', undefined, '查询条件'],
    ['/test/runs', { year: '2026' }, '提交内容 · year'],
    ['/test/runs', { year: 2026, note: '太长太长太长' }, '提交内容 · note'],
    ['/test/runs', undefined, '提交内容 · year'],
  ])('%s with %j is told where it is wrong, in Chinese', async (path, body, where) => {
    const method = path === '/test/runs' ? 'POST' : 'GET'
    const problem = await answer(path, body === undefined ? { method } : { method, body })
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST.MALFORMED', words: { where } })
    expect(problem.message).toMatch(/[一-鿿]/)
    expect(JSON.stringify(problem)).not.toContain('太长太长')
  })

  test.each([
    ['no JSON', '{"year": 2026', 'application/json', 'REQUEST.MALFORMED', 400],
    ['plain text', 'year=2026', 'text/plain', 'REQUEST.MALFORMED', 400],
    ['a form of another site', 'year=2026', 'application/x-www-form-urlencoded', 'REQUEST.MALFORMED', 400],
    ['too much', `{"note":"${'x'.repeat(2 << 20)}"}`, 'application/json', 'REQUEST.TOO_LARGE', 413],
    ['a prototype', '{"__proto__": {"year": 1}}', 'application/json', 'REQUEST.MALFORMED', 400],
  ])('%s is refused', async (_what, body, type, code, status) => {
    const headers = {
      cookie: `baoxue_session=${house.session.token}`,
      'x-baoxue-csrf': house.session.csrf,
      'content-type': type,
    }
    const response = await fetch(`${api}/test/runs`, { method: 'POST', headers, body })
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({ status, code })
  })

  test('without content may say it is JSON', async () => {
    expect(await answer('/test/bare', { method: 'POST', headers: { 'content-type': 'application/json' } })).toEqual({
      status: 200,
    })
    expect(await answer('/test/bare', { method: 'POST' })).toEqual({ status: 200 })
  })
})

describe('[SEC-20] the audit line', () => {
  test('stands for every reading and every write, with ids only', async () => {
    await ask('/test/runs/17?page=2')
    expect(await lastAudit()).toMatchObject({
      kind: 'read',
      action: 'test.read',
      unit_id: 10,
      units: [1, 10],
      target: 'run:17',
      outcome: 'ok',
    })
    await ask('/test/runs', { body: { year: 2026 } })
    expect(await lastAudit()).toMatchObject({ kind: 'write', action: 'test.write', target: null, reason: null })
    await ask('/test/reveal', { method: 'POST' })
    expect(await lastAudit()).toMatchObject({ kind: 'reveal' })
    await (await ask('/test/workbook', { body: { fails: false } })).text()
    expect(await lastAudit()).toMatchObject({ kind: 'export' })
  })

  test('is one a request, in the transaction of the change when the handler says so', async () => {
    const count = async () => Number((await admin<{ n: string }>('select count(*) as n from audit_event'))[0]?.n)
    const before = await count()
    await ask('/test/recorded', { body: { fails: false } })
    expect(await count()).toBe(before + 1)
    expect(await lastAudit()).toMatchObject({ target: 'run:5', reason: '核对家长 …', outcome: 'ok' })
    await ask('/test/recorded', { body: { fails: true } })
    expect(await count()).toBe(before + 2)
    expect(await lastAudit()).toMatchObject({ target: 'run:5', outcome: 'RUN.NOT_RUNNING' })
  })

  test('of an address that is not there, or of another district, says refused', async () => {
    await ask('/test/fault/missing')
    expect(await lastAudit()).toMatchObject({ kind: 'refused', outcome: 'REQUEST.NOT_FOUND' })
  })

  test('[SEC-22] holds no free text of the address', async () => {
    await ask(`/test/fault/${encodeURIComponent('张三的表.csv')}`)
    expect(await lastAudit()).toMatchObject({ action: 'test.fault', target: null, outcome: 'SYSTEM.FAULT' })
  })

  test('comes before the answer: what cannot be recorded is not shown', async () => {
    await admin('revoke insert on audit_event from baoxue_unit')
    try {
      expect(await answer('/test/runs/17')).toMatchObject({ status: 500, code: 'SYSTEM.FAULT' })
    } finally {
      await admin('grant insert on audit_event to baoxue_unit')
    }
  })
})

describe('[SEC-40] trouble', () => {
  test('of ours is told with a number, its detail only in the log', async () => {
    const problem = await answer('/test/fault/bug')
    expect(problem).toMatchObject({
      status: 500,
      code: 'SYSTEM.FAULT',
      words: { incident: expect.stringMatching(/^[0-9a-f]{10}$/) },
    })
    expect(JSON.stringify(problem)).not.toMatch(/secret detail|TypeError|\.ts/)
    const line = lines.find((text) => text.includes(String((problem.words as { incident: string }).incident)))
    expect(line).toContain('secret detail')
    expect(line).toContain('test-house.ts')
  })

  test('an answer outside the contract is ours as well', async () => {
    expect(await answer('/test/fault/contract')).toMatchObject({ status: 500, code: 'SYSTEM.FAULT' })
  })

  test('a full disk and a database that is away have their own words', async () => {
    expect(await answer('/test/fault/disk')).toMatchObject({ status: 507, code: 'SYSTEM.DISK_FULL' })
    expect(await answer('/test/fault/away')).toMatchObject({ status: 503, code: 'SYSTEM.DATABASE_AWAY' })
  })

  test('an address of the API that is not there is told as JSON', async () => {
    expect(await answer('/nothing', { headers: { accept: 'text/html' } })).toMatchObject({
      status: 404,
      code: 'REQUEST.NOT_FOUND',
    })
    expect(await answer('/test/me', { method: 'DELETE' })).toMatchObject({ status: 404, code: 'REQUEST.NOT_FOUND' })
  })

  test('is logged with the pattern of the address, never with the address', async () => {
    await ask('/test/runs/17?page=1&q=%E5%BC%A0%E4%B8%89')
    const line = lines.findLast((text) => text.includes('http.request'))
    expect(line).toContain('/api/v1/test/runs/:runId')
    expect(lines.join('')).not.toMatch(/张三|%E5%BC%A0/)
  })
})
