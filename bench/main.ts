import { benchBooks } from './books/bench.ts'
import { benchLinkage } from './linkage/bench.ts'
import { benchReconcile } from './reconcile/bench.ts'

/**
 * `npm run bench -- reconcile [--scale 0.1,0.3,1] [--reps 3]`, `npm run bench -- books [--scale 0.01]`,
 * `npm run bench -- linkage [--scale 0.1 --splink-scale 0.1]` (README.md): one name, one benchmark.
 */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  reconcile: benchReconcile,
  linkage: benchLinkage,
  books: benchBooks,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = BENCHES[name]
if (bench === undefined) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHES).join(' | ')}\n`)
  process.exitCode = 2
} else await bench(args)
