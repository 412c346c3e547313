import { expect, test } from 'vitest'
import { tagsOf } from './tags.ts'

function tags(cells: Readonly<Record<string, string>>) {
  return tagsOf((field) => cells[field] ?? null)
}

test('[IMP-14] groups as the registry and the rosters word them', () => {
  expect(tags({ leftBehind: '双亲留守儿童', migrantChild: '否', disability: '听力残疾', orphan: '是' })).toEqual([
    'left-behind',
    'disabled-hearing',
    'orphan',
  ])
  expect(tags({ leftBehind: '非留守儿童', disability: '无残疾', hardship: '脱贫不稳定户', orphan: '否' })).toEqual([
    'poverty-unstable',
  ])
  expect(tags({ hardship: '孤儿', orphan: '是' })).toEqual(['orphan'])
})
