import { expect, test } from 'vitest'
import { statusGroupOf } from './statuses.ts'

test.each([
  ['在读', 'in-school'],
  ['01', 'in-school'],
  ['1', 'in-school'],
  ['01-在读', 'in-school'],
  ['（01）在 读', 'in-school'],
  ['复学', 'in-school'],
  ['休学', 'paused'],
  ['停学', 'paused'],
  ['12 保留入学资格', 'paused'],
  ['毕业', 'finished'],
  ['０７', 'finished'],
  ['结业', 'finished'],
  ['退学', 'left'],
  ['流失', 'left'],
  ['转学（转出）', 'left'],
  ['死亡', 'left'],
  ['公派出国', 'left'],
  ['开除学籍', 'left'],
  ['下落不明', 'left'],
] as const)('[RECON-4] %s is %s', (cell, group) => {
  expect(statusGroupOf(cell)).toEqual({ group, isKnown: true })
})

test('[RECON-4] an empty status is an entry in school', () => {
  for (const cell of [null, '', ' 　']) expect(statusGroupOf(cell)).toEqual({ group: 'in-school', isKnown: true })
})

test('[RECON-4] an unknown word is in school and told as unknown', () => {
  expect(statusGroupOf('云端就读')).toEqual({ group: 'in-school', isKnown: false })
})
