import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the program itself. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
export const packFolder = join(root, 'packs', 'chongqing')
export const VERSION: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
