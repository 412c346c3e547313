import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIST_NAMES, RUN_STATES } from '../../domains/reconcile/contract.ts'
import { UNIT_KINDS } from '../../domains/registry/contract.ts'
import { listSources, root } from './sources.ts'

const terms = new Set(
  [...readFileSync(join(root, 'docs/glossary.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(
    (match) => match[1] ?? '',
  ),
)

test('[HOUSE-7] every slice, unit kind, run state and list has its line in the glossary', () => {
  const slices = new Set(listSources('src/domains', ['contract.ts']).map(({ path }) => path.split('/').at(-2) ?? ''))
  const wanted = [...slices, ...UNIT_KINDS, ...RUN_STATES, ...LIST_NAMES]
  expect(wanted.filter((term) => !terms.has(term))).toEqual([])
})

test('[HOUSE-7] every part of the house is named in the map', () => {
  const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  const parts = new Set(
    listSources('src', ['.ts', '.tsx']).map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('src/domains/') || path.startsWith('src/engines/') ? 3 : 2)
        .join('/'),
    ),
  )
  expect([...parts].filter((part) => !map.includes(part.replace(/^src\//, '')))).toEqual([])
})
