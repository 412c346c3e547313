import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { AuditPen, Download } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import { type OutCell, type OutColumn, type OutSheet, writeXlsx } from '../../platform/sheets/index.ts'
import { findPersons } from '../registry/server.ts'
import { rostersWords } from './words.ts'

const words = rostersWords.workbook
/** A row with its cells packed takes about so much. */
const BYTES_A_ROW = 600
const MOST_ROWS_GUESSED = 200_000

export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

export interface Wanted {
  readonly fileName: string
  readonly sheetName: string
  readonly columns: readonly OutColumn[]
  readonly rows: AsyncIterable<readonly (readonly OutCell[])[]>
  /** What of, for the audit. */
  readonly target: string
  readonly unit: string
  readonly reason: string
}

/** [ROST-20] A list leaves the house as a workbook, for a purpose; who took it, when and for what stands in it and in the audit. */
export async function workbookOf(services: Services, { actor, audit }: Asked, wanted: Wanted): Promise<Download> {
  const reason = decideLoggedReason(wanted.reason, 'RUN.REASON_NEEDED')
  const person = await services.db.inScope(
    actor.scope,
    async (tx) => (await findPersons(tx, [actor.accountId])).get(actor.accountId) ?? actor.login,
  )
  const folder = await services.workFolders.open(BYTES_A_ROW * MOST_ROWS_GUESSED)
  try {
    const path = join(folder.path, 'list.xlsx')
    const file = await open(path, 'wx', 0o600)
    let count = 0
    try {
      const list: OutSheet = { name: wanted.sheetName, columns: wanted.columns, isList: true, rows: counted() }
      const stamp: OutSheet = {
        name: words.stampSheet,
        columns: [{ heading: words.stampHeading, width: 90 }],
        isList: false,
        rows: lines(() => [words.stamp(wanted.unit, person, timeOf(services), reason), words.stampRows(count)]),
      }
      await writeXlsx(file, [list, stamp])
    } finally {
      await file.close()
    }
    audit.note({ kind: 'export', target: wanted.target, reason })
    const content = createReadStream(path)
    content.once('close', () => void folder.remove())
    return {
      fileName: wanted.fileName,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content,
    }

    async function* counted(): AsyncGenerator<readonly (readonly OutCell[])[]> {
      for await (const batch of wanted.rows) {
        count += batch.length
        yield batch
      }
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function* lines(read: () => readonly string[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  yield read().map((line) => [line])
}

function timeOf({ clock }: Services): string {
  return new Intl.DateTimeFormat('zh-CN', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(
    clock.now(),
  )
}
