import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listSources, root } from './sources.ts'

const RULE = /\[([A-Z][A-Z0-9]*-\d+)\]/g

const documented = idsIn(
  listSources('docs/rules', ['.md']).map(({ text }) => text),
  /^- \*\*\[([A-Z][A-Z0-9]*-\d+)\]\*\*/gm,
)
const code = listSources('src', ['.ts', '.tsx']).concat(
  listSources('migrations', ['.sql']),
  listSources('scripts', ['.mjs']),
  [{ path: 'vite.config.ts', text: readFileSync(join(root, 'vite.config.ts'), 'utf8') }],
)
const tests = listSources('src', ['.test.ts']).concat(listSources('e2e', ['.e2e.ts']))
/** The rules about the house itself have no code but their test. */
const WITHOUT_CODE = /^HOUSE-/

test('[HOUSE-5] every documented rule is named by a test, and by the code that keeps it', () => {
  const tested = new Set(
    idsIn(
      tests.map(({ text }) => text),
      RULE,
    ),
  )
  const coded = new Set(
    idsIn(
      code.filter(({ path }) => !path.includes('.test.')).map(({ text }) => text),
      RULE,
    ),
  )
  expect(documented.length).toBeGreaterThan(20)
  expect(documented.filter((id) => !tested.has(id))).toEqual([])
  expect(documented.filter((id) => !coded.has(id) && !WITHOUT_CODE.test(id))).toEqual([])
})

test('[HOUSE-5] no code or test cites a rule that is not documented, and none is documented twice', () => {
  const known = new Set(documented)
  expect(known.size).toBe(documented.length)
  const cited = idsIn(
    [...code, ...tests].filter(({ path }) => !path.startsWith('src/app/house/')).map(({ text }) => text),
    RULE,
  )
  expect([...new Set(cited)].filter((id) => !known.has(id))).toEqual([])
})

function idsIn(texts: readonly string[], pattern: RegExp): string[] {
  return texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
}
