import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gradeOf, isCancelled } from './readings.ts'

test.each([
  [null, null, false],
  ['', '', false],
  ['0', null, false],
  ['２', null, false],
  ['未注销', '迁出', false],
  ['1', null, true],
  [' Ｙ ', null, true],
  ['已注销', null, true],
  [null, '死亡', true],
  [null, '无', false],
  ['重户删除', null, true],
  ['出国(境)定居', null, true],
  ['另有说明', null, true],
])('[RECON-3] mark %j with reason %j: cancelled %s', (mark, reason, expected) => {
  expect(isCancelled(mark, reason)).toBe(expected)
})

test.each([
  ['三年级', 3],
  ['初二', 8],
  ['初三年级', 9],
  ['7年级', 7],
  ['七', 7],
  ['高一', 10],
  ['高中二年级', 11],
  ['中职三年级', 12],
  ['小学６年级', 6],
  ['十二年级', 12],
  ['大班', 0],
  ['学前班', 0],
  ['初中八年级', 8],
  ['2021级', null],
  ['毕业班', null],
  ['13年级', null],
  ['0', null],
  ['', null],
  [null, null],
])('[RECON-5] grade %j is year %j', (cell, expected) => {
  expect(gradeOf(cell)).toBe(expected)
})

test('[RECON-5] no cell makes a grade outside 0 to 12', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String)), (cell) => {
      const grade = gradeOf(cell)
      expect(grade === null || (grade >= 0 && grade <= 12)).toBe(true)
    }),
  )
})
