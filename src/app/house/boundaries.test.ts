import { expect, test } from 'vitest'
import { faultsOf, kindOf } from './boundaries.ts'
import { importsOf, listSources } from './sources.ts'

const sources = listSources('src', ['.ts', '.tsx']).filter(({ path }) => !path.includes('.test.'))

test('[HOUSE-1] every import keeps the order of the parts and the kinds of the files', () => {
  expect(sources.length).toBeGreaterThan(50)
  const imports = sources.flatMap(importsOf)
  expect(imports.length).toBeGreaterThan(sources.length)
  expect(faultsOf(imports)).toEqual([])
})

test.each([
  ['a page that reaches a store', 'src/domains/registry/unit-page.tsx', 'src/domains/registry/store.ts'],
  ['a rule that reads a file', 'src/domains/registry/rules.ts', 'node:fs'],
  ['the web that knows a slice', 'src/web/shell.tsx', 'src/domains/registry/index.ts'],
  ['a slice that reaches into another', 'src/domains/reconcile/store.ts', 'src/domains/registry/store.ts'],
  ['a slice that imports to its right', 'src/domains/registry/server.ts', 'src/domains/reconcile/server.ts'],
  ['neighbours', 'src/domains/reconcile/server.ts', 'src/domains/school-year/server.ts'],
  ['the kernel on the platform', 'src/kernel/ids.ts', 'src/platform/clock.ts'],
  ['an engine on another', 'src/engines/linkage/index.ts', 'src/engines/policy/index.ts'],
  ['the pure half of an engine on the platform', 'src/engines/policy/index.ts', 'src/platform/clock.ts'],
  ['a browser package on the server', 'src/domains/registry/commands.ts', 'antd'],
  ['a driver in the browser', 'src/web/api.ts', 'pg'],
])('[HOUSE-1] planted fault: %s is found', (_, from, to) => {
  expect(faultsOf([{ from, to }])).toHaveLength(1)
})

test('[HOUSE-2] a file tells its kind by its name', () => {
  expect(
    ['src/domains/meals/rules.ts', 'src/domains/meals/store.ts', 'src/domains/meals/page.tsx'].map(kindOf),
  ).toEqual(['isomorphic', 'server', 'browser'])
})

/** Words of a program text without comments and strings would cost a parser; these four are plain enough for a pattern. */
const MANNERS: readonly { readonly rule: string; readonly pattern: RegExp; readonly mayStandIn: RegExp }[] = [
  { rule: 'only app reads the environment', pattern: /process\.env\b/, mayStandIn: /^src\/(app|platform\/testing)\// },
  {
    rule: 'only platform/clock says what time it is',
    pattern: /\bnew Date\(\)|\bDate\.now\(\)/,
    mayStandIn: /^src\/platform\/clock\.ts$/,
  },
  {
    rule: 'only commands open transactions',
    pattern: /\.(inScope|asSystem)\(/,
    mayStandIn: /\/(commands|[a-z-]+\.commands\.server)\.ts$|^src\/(platform|app)\//,
  },
  { rule: 'no Chinese wording in a page', pattern: /[\u4e00-\u9fff]/, mayStandIn: /^(?!.*\.tsx$)/ },
]

test.each(MANNERS)('[HOUSE-3] $rule', ({ pattern, mayStandIn }) => {
  const guilty = sources.filter(({ path, text }) => !mayStandIn.test(path) && pattern.test(withoutComments(text)))
  expect(guilty.map(({ path }) => path)).toEqual([])
})

test('[HOUSE-3] only a store writes SQL', () => {
  const SQL = /\bsql`|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/
  const guilty = sources.filter(
    ({ path, text }) =>
      path.startsWith('src/domains/') && SQL.test(text) && !/(^|[/-]|\.)store(\.server)?\.ts$/.test(path),
  )
  expect(guilty.map(({ path }) => path)).toEqual([])
})

test('[HOUSE-4] a file over 400 lines says why', () => {
  const long = sources.filter(({ text }) => text.split('\n').length > 401 && !/long because/i.test(text))
  expect(long.map(({ path }) => path)).toEqual([])
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
