import { expect, test } from 'vitest'
import { findDocumentKind, fitsDocument } from './identity-document.ts'
import { plainDate } from './plain-date.ts'

const TODAY = plainDate('2026-11-24')

test.each([
  ['居民身份证', 'citizen-id'],
  ['户口薄', 'household-book'],
  ['户口簿 ', 'household-book'],
  ['香港特区护照/身份证明', 'hong-kong'],
  ['台湾居民来往大陆通行证', 'taiwan'],
  ['会员卡', undefined],
])('[ID-9] %j is of the kind %s', (label, kind) => {
  expect(findDocumentKind(label)).toBe(kind)
})

test.each([
  ['citizen-id', '500103201508310012', true],
  ['citizen-id', '500103201508310013', false],
  ['hong-kong', 'H12345678', true],
  ['hong-kong', 'h1234567801', true],
  ['macao', 'M1234567', false],
  ['taiwan', '12345678', true],
  ['taiwan', '1234567', false],
  ['permanent-residence', 'CHN110105123456', true],
  ['permanent-residence', '911124198108030024', true],
  ['permanent-residence', '1234', false],
  ['passport', 'E12345678', true],
  ['passport', ' ', false],
] as const)('[ID-9] a %s may have the number %j: %s', (kind, number, fits) => {
  expect(fitsDocument(kind, number, TODAY)).toBe(fits)
})
