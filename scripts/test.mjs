// `npm test`: installs what is missing, a browser included, then format and lint, types, and every test. The last line
// is `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { buildWeb } from './build-web.mjs'
import { installPackages, pinnedEnv, pinnedNode, root } from './install.mjs'

installPackages()
const browser = ensureBrowser()
const reports = mkdtempSync(join(tmpdir(), 'baoxue-test-'))
const tally = { passed: 0, failed: 0 }

step('格式与规范', () => tool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']))
step('类型', () => tool('typescript/bin/tsc', ['-b']))
step('网页', () => {
  buildWeb()
  return true
})
for (const project of ['unit', 'db', 'fault', 'e2e']) tests(project)

rmSync(reports, { recursive: true, force: true })
console.log(`${tally.passed} passed, ${tally.failed} failed`)
process.exit(tally.failed === 0 ? 0 : 1)

function step(name, run) {
  const started = Date.now()
  const ok = run()
  tally[ok ? 'passed' : 'failed'] += 1
  console.log(`${ok ? '✓' : '✗'} ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** A project that reports no test at all counts as a failure: it did not run. */
function tests(project) {
  const started = Date.now()
  const report = join(reports, `${project}.json`)
  const ok = tool('vitest/vitest.mjs', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const counts = readCounts(report)
  const failed = counts.failed + (counts.passed + counts.failed === 0 || (!ok && counts.failed === 0) ? 1 : 0)
  tally.passed += counts.passed
  tally.failed += failed
  console.log(
    `${failed === 0 ? '✓' : '✗'} ${project}  ${counts.passed} / ${counts.passed + failed}  ${((Date.now() - started) / 1000).toFixed(1)} s`,
  )
}

function readCounts(report) {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    // A skipped test is a failure: nothing may be left out silently.
    return { passed: json.numPassedTests, failed: json.numFailedTests + json.numPendingTests + json.numTodoTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

function tool(path, args) {
  const done = spawnSync(pinnedNode, [join(root, 'node_modules', path), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: pinnedEnv({ BAOXUE_CHROMIUM: browser }),
  })
  return done.status === 0
}
