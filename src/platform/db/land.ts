import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrations } from './migration-files.ts'

// [DB-8] `npm run migrations:land`, once a change lands: its migrations are never edited from then on, and a test starts
// from their state.
const folder = join(import.meta.dirname, '../../../migrations')
const lines = (await readMigrations(folder)).map(({ name, checksum }) => `${checksum}  ${name}\n`)
await writeFile(join(folder, 'landed.txt'), lines.join(''))
