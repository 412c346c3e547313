import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnitId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Actor, Download } from '../../platform/http/index.ts'
import type { SheetRole } from './contract.ts'

/** Sheets of invented people to try the product with. */
export interface DemoSheets {
  /** Undefined for a unit without any, and outside a demo city. */
  folderOf(unitId: UnitId): string | undefined
}

interface DemoSheet {
  readonly name: string
  readonly role: SheetRole
  readonly bytes: number
}

/** What stands beside them, the truth above all, is not offered. */
const OFFERED = /^(population|roll)\.(xlsx|csv)$/

export async function listDemoSheets(actor: Actor, demo: DemoSheets): Promise<DemoSheet[]> {
  const folder = demo.folderOf(actor.unitId)
  if (folder === undefined) return []
  const names = (await readdir(folder)).filter((name) => OFFERED.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => ({
      name,
      role: name.startsWith('population') ? 'population' : 'roll',
      bytes: (await stat(join(folder, name))).size,
    })),
  )
}

/** Only a name of the unit's own list is opened. */
export async function openDemoSheet(actor: Actor, demo: DemoSheets, name: string): Promise<Download> {
  const folder = demo.folderOf(actor.unitId)
  const sheet = (await listDemoSheets(actor, demo)).find((found) => found.name === name)
  if (sheet === undefined || folder === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const content = createReadStream(join(folder, sheet.name))
  return { fileName: sheet.name, mediaType: 'application/octet-stream', bytes: sheet.bytes, content }
}
