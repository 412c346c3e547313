import { describe, expect, test } from 'vitest'
import { hashPassword, isPassword, refuseWeakPassword } from './password.ts'

describe('[SEC-1] passwords are kept as argon2id', () => {
  test('with cost and salt in the string, and a new salt each time', async () => {
    const [one, other] = [await hashPassword('Baoxue-2026'), await hashPassword('Baoxue-2026')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(other)
    expect(await isPassword('Baoxue-2026', one)).toBe(true)
    expect(await isPassword('Baoxue-2027', one)).toBe(false)
  })

  test('the RFC 9106 algorithm: a string of another program is understood', async () => {
    // The example of the argon2-cffi documentation.
    const foreign = '$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg'
    expect(await isPassword('correct horse battery staple', foreign)).toBe(true)
  })

  test('the same password from a full-width input method', async () => {
    expect(await isPassword('Ｂaoxue-2026', await hashPassword('Baoxue-2026'))).toBe(true)
  })

  test('an account that is not there costs a comparison too', async () => {
    const stored = await hashPassword('Baoxue-2026')
    const shortest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
    for (let n = 0; n < 4; n += 1) {
      for (const [who, hash] of [
        ['known', stored],
        ['unknown', undefined],
      ] as const) {
        const start = performance.now()
        expect(await isPassword('wrong', hash)).toBe(false)
        shortest[who] = Math.min(shortest[who], performance.now() - start)
      }
    }
    // Answering without the comparison takes a thousandth; a busy machine does not explain that.
    expect(shortest.unknown).toBeGreaterThan(shortest.known / 5)
  })
})

describe('[SEC-2] weak passwords are refused with advice', () => {
  test.each([
    ['Aa1-567', '至少 8 个字符'],
    ['abcdefgh', '大写字母、小写字母、数字、符号里至少用 3 种'],
    ['abcdefg1', '大写字母、小写字母、数字、符号里至少用 3 种'],
    ['Wanzhou01!', '不能包含账号名'],
    ['xWANZHOU01', '不能包含账号名'],
  ])('%s', (password, advice) => {
    expect(() => refuseWeakPassword(password, 'wanzhou01')).toThrow(
      expect.objectContaining({ code: 'SESSION.PASSWORD_WEAK', words: { advice } }),
    )
  })

  test.each(['Aa1-5678', 'abcdef1!', '保学bx1234'])('%s passes', (password) => {
    expect(() => refuseWeakPassword(password, 'wanzhou01')).not.toThrow()
  })
})
