// `npm run test:pg -- postgres://…`: the database tests on another server, PostgreSQL 15 or newer.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages, pinnedEnv, pinnedNode, root } from './install.mjs'

const url = process.argv[2]
if (!url?.startsWith('postgres')) {
  console.error('用法：npm run test:pg -- postgres://用户:密码@主机:端口/数据库')
  process.exit(2)
}
installPackages()
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const done = spawnSync(pinnedNode, [vitest, 'run', '--project', 'db'], {
  cwd: root,
  stdio: 'inherit',
  env: pinnedEnv({ BAOXUE_TEST_DATABASE_URL: url }),
})
process.exit(done.status ?? 1)
