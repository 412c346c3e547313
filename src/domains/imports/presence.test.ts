import { expect, test } from 'vitest'
import { absentDaysOf, isSaidYes, presenceOf } from './presence.ts'

test('[ROST-2] words of a class list: who is there, with leave, not there, gone, out of school; no word is there, an odd word is a question', () => {
  const marks = {
    present: ['', null, '在校', '是', '√', '已到校', '正常出勤', '住校'],
    leave: ['请假', '病假', '休学中', '因病住院'],
    absent: ['否', '不在校', '未到校', '旷课', '缺勤', '外出务工', '失联'],
    gone: ['离校', '已转走', '转出', '退学'],
    lost: ['辍学', '疑似辍学', '流失', '名在人不在', '长期不在校'],
    unclear: ['说不清', '？'],
  } as const
  for (const [mark, words] of Object.entries(marks)) {
    for (const word of words) expect([word, presenceOf(word)]).toEqual([word, mark])
  }
})

test('[ROST-2] 休学中 says it by yes and no', () => {
  expect(['是', '√', '休学'].every(isSaidYes)).toBe(true)
  expect(['否', '', null, '无'].some(isSaidYes)).toBe(false)
})

test('[ROST-3] days are a number of days, and nothing else is guessed', () => {
  expect(['12天', ' 7 ', '３日', '0'].map(absentDaysOf)).toEqual([12, 7, 3, 0])
  expect(['一周', '11月3日起', '', null].map(absentDaysOf)).toEqual([null, 11, null, null])
})
