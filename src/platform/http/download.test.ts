import { expect, test } from 'vitest'
import { contentDisposition } from './download.ts'

test('a Chinese name for browsers, an ASCII one for the rest', () => {
  expect(contentDisposition('比对结果 2026.xlsx')).toBe(
    'attachment; filename="____ 2026.xlsx"; filename*=UTF-8\'\'%E6%AF%94%E5%AF%B9%E7%BB%93%E6%9E%9C%202026.xlsx',
  )
})

test.each([
  'a"b.csv',
  'a\r\nset-cookie: x.csv',
  '../../etc/passwd',
  "it's (1)*.csv",
  'a;b%41.csv',
  '\u202exslx.csv',
  '',
])('%j ends neither the header nor a path', (name) => {
  const header = contentDisposition(name)
  expect(header).toMatch(/^attachment; filename="[^"\\/\r\n%;]+"; filename\*=UTF-8''[A-Za-z0-9._~%-]+$/)
})
