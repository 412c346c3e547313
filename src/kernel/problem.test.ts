import { expect, test } from 'vitest'
import { isProblemCode, Problem, problemFromJson, problemToJson } from './problem.ts'

test('the sentence is filled with the words, and the status is that of the table', () => {
  const problem = new Problem('SESSION.LOCKED', { failures: 5, minutes: 15 })
  expect([problem.message, problem.status]).toEqual([
    '连续输错 5 次，账号已锁定。请在 15 分钟后再试，或请管理员解锁',
    423,
  ])
})

test('a word that is missing is a bug, not a sentence with a hole', () => {
  expect(() => new Problem('SESSION.LOCKED', { failures: 5 })).toThrow(/SESSION\.LOCKED needs the word "minutes"/)
})

test('details stay behind when a problem crosses to another process', () => {
  const problem = new Problem('SYSTEM.BUSY', { seconds: 5 }, { queue: 17 })
  const json = problemToJson(problem)
  expect(JSON.stringify(json)).not.toContain('17')
  expect(problemFromJson(json)).toMatchObject({ code: 'SYSTEM.BUSY', message: problem.message, detail: {} })
})

test('only codes of the table are codes', () => {
  expect(['SYSTEM.BUSY', 'toString', 'SYSTEM.NOTHING'].map(isProblemCode)).toEqual([true, false, false])
})
