import { expect, test } from 'vitest'
import { gradeText, readClass } from './class-reading.ts'

test.each([
  ['5', '三年级', 5],
  ['（5）班', '三年级', 5],
  ['三年级五班', null, 5],
  ['七(4)', '七年级', 4],
  ['2024级3班', '三年级', 3],
  ['十二班', '三年级', 12],
  ['二十一班', '三年级', 21],
  ['实验班', '三年级', null],
  ['', '三年级', null],
])('[IMP-9] class %j of %j is number %j', (className, grade, expected) => {
  expect(readClass(className, grade).number).toBe(expected)
})

test('[IMP-9] a class called by its stage is told as it is called now', () => {
  expect(readClass('初二2班', '八年级')).toEqual({ number: 2, formerFor: '八(2)' })
  expect(readClass('八(2)班', '八年级').formerFor).toBeNull()
})

test('[IMP-9] grades are written as they are spoken', () => {
  expect([1, 7, 10, 12].map(gradeText)).toEqual(['一', '七', '十', '十二'])
})
