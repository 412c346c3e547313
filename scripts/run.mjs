// Runs one TypeScript entry on the pinned Node, in the caller's folder, and leaves with its exit code.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, pinnedEnv, pinnedNode, root } from './install.mjs'

export function runPinned([entry, ...args]) {
  const child = spawn(pinnedNode, [join(root, entry), ...args], { stdio: 'inherit', env: pinnedEnv() })
  // Ctrl-C reaches the child through the terminal; this process only waits for it to finish its work.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installPackages()
  runPinned(process.argv.slice(2))
}
