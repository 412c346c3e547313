// Runs a tool of node_modules on the pinned Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages, pinnedEnv, pinnedNode, root } from './install.mjs'

installPackages()
const [path, ...args] = process.argv.slice(2)
const done = spawnSync(pinnedNode, [join(root, 'node_modules', path), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: pinnedEnv(),
})
process.exit(done.status ?? 1)
