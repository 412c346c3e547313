import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanCode, cleanText, halfWidth } from './text.ts'

test('[TEXT-1] what cannot be seen goes, spaces of every kind become one, letters stay', () => {
  expect(cleanText('\ufeff 重庆市\u00a0\u00a0江北区\u200b\t石马河\r\n街道\u3000')).toBe('重庆市 江北区 石马河 街道')
  expect(cleanText('１２号')).toBe('１２号')
  expect(cleanText('\u0000a\u0007')).toBe('a')
})

test('[TEXT-1] cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text))
    }),
    { numRuns: 1000 },
  )
})

test('[TEXT-2] full-width ASCII becomes ASCII, other characters stay', () => {
  expect(halfWidth('５００１Ｘ　（甲）￥')).toBe('5001X (甲)￥')
})

test('[TEXT-3] a code has no space, no Excel apostrophe and no small letter', () => {
  expect(cleanCode(" '5001 03\u3000２015x ")).toBe('5001032015X')
})
