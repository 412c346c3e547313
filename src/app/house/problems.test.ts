import { expect, test } from 'vitest'
import { PROBLEMS } from '../../kernel/problem-table.ts'
import { listSources } from './sources.ts'

test('[HOUSE-6] every problem code is raised somewhere and speaks Chinese without system words', () => {
  const code = listSources('src', ['.ts', '.tsx'])
    .filter(
      ({ path }) =>
        !path.includes('.test.') && path !== 'src/kernel/problem-table.ts' && !path.endsWith('/contract.ts'),
    )
    .map(({ text }) => text)
    .join('\n')
  const idle = Object.keys(PROBLEMS).filter((id) => !code.includes(`'${id}'`))
  expect(idle).toEqual([])
  for (const [id, { sentence, status }] of Object.entries(PROBLEMS)) {
    expect(sentence, id).toMatch(/[\u4e00-\u9fff]/)
    expect(sentence, id).not.toMatch(/[!！]|undefined|null|Error|exception/i)
    expect(status, id).toBeGreaterThanOrEqual(400)
  }
})
