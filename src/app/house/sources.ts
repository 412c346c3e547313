import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Import } from './boundaries.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

export interface Source {
  /** From the root, with `/`. */
  readonly path: string
  readonly text: string
}

/** Every file below `folder` with one of the endings. */
export function listSources(folder: string, endings: readonly string[]): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => {
      const full = join(entry.parentPath, entry.name)
      return { path: relative(root, full).replaceAll('\\', '/'), text: readFileSync(full, 'utf8') }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"\n]*?(?:\{[^}]*\}\s*)?(?:from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

export function importsOf(source: Source): readonly Import[] {
  return [...source.text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? ''
    const to = name.startsWith('.')
      ? relative(root, join(root, dirname(source.path), name)).replaceAll('\\', '/')
      : name
    return { from: source.path, to }
  })
}
