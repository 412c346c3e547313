import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import { ChildCrash } from '../../platform/child.ts'
import type { SealedFile } from '../../platform/files.ts'
import type { Actor, Download } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { workInChild } from './child-task.server.ts'
import type { Asked } from './commands.ts'
import type { FindingsPage } from './contract.ts'
import { type FoundQuery, readFoundPage } from './found.server.ts'
import { NAME_SEAL, openLayout } from './sheet-view.server.ts'
import { findSheet, type SheetFound } from './store.ts'
import { importWords as words } from './words.ts'

interface CheckedFiles {
  readonly sheet: SheetFound
  readonly found: SealedFile
  readonly rows: SealedFile | undefined
  readonly raw: SealedFile | undefined
}

/** [IMP-6] One masked page of the rows with their findings. */
export async function readFindings(
  services: Services,
  actor: Actor,
  sheetId: string,
  query: FoundQuery,
): Promise<FindingsPage> {
  const checked = await openChecked(services, actor, sheetId)
  const needsRows = query.severity === 'all'
  if (needsRows && checked.rows === undefined) throw new Problem('IMPORT.NOT_CHECKED')
  const folder = await services.workFolders.open(checked.found.bytes + (needsRows ? (checked.rows?.bytes ?? 0) : 0))
  try {
    const found = await services.files.materialise(checked.found, folder, 'found.parquet')
    const rows = needsRows ? await services.files.materialise(checked.rows!, folder, 'rows.parquet') : undefined
    const { layout } = openLayout(services.keys, checked.sheet)
    const { kind, columns } = checked.sheet
    const headings = layout.columns.map(({ heading }) => heading)
    return await readFoundPage(
      { found, rows, workDir: folder.path },
      { kind, columns, headings, headerRow: layout.headerRow },
      query,
    )
  } finally {
    await folder.remove()
  }
}

/** [IMP-16] The officer's own workbook with the errors marked, for a purpose that is kept with who took it. */
export async function downloadMarked(
  services: Services,
  { actor, audit, signal }: Asked,
  wanted: { readonly sheetId: string; readonly reason: string },
): Promise<Download> {
  const reason = decideLoggedReason(wanted.reason, 'RUN.REASON_NEEDED')
  const { sheet, found, raw } = await openChecked(services, actor, wanted.sheetId, 'own')
  if (raw === undefined) throw new Problem('IMPORT.RAW_GONE')
  const folder = await services.workFolders.open(raw.bytes * 4 + found.bytes)
  try {
    const fileName = services.keys.open(sheet.name_sealed, NAME_SEAL)
    const out = join(folder.path, 'marked.xlsx')
    await workInChild(
      {
        kind: 'mark',
        sheet: {
          kind: sheet.kind,
          path: await services.files.materialise(raw, folder, 'import.sheet'),
          fileName,
          layout: openLayout(services.keys, sheet).layout,
          columns: sheet.columns,
          foundParquet: await services.files.materialise(found, folder, 'found.parquet'),
          out,
          workDir: folder.path,
        },
      },
      signal === undefined ? {} : { signal },
    )
    audit.note({ kind: 'export', target: `import:${sheet.sheet_id}`, reason })
    const content = createReadStream(out)
    content.once('close', () => void folder.remove())
    return {
      fileName: words.markedName(fileName),
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content,
    }
  } catch (error) {
    await folder.remove()
    if (!(error instanceof ChildCrash)) throw error
    services.log.error('imports.child-crashed', { sheetId: sheet.sheet_id, task: 'mark', where: error.message })
    throw new Problem('JOB.INTERRUPTED', {}, { where: error.message })
  }
}

/** `own`: the whole numbers are for the unit that gave the sheet; those above see what was found. */
async function openChecked(
  { db, files }: Services,
  actor: Actor,
  sheetId: string,
  whose: 'any' | 'own' = 'any',
): Promise<CheckedFiles> {
  return db.inScope(actor.scope, async (tx) => {
    const sheet = await findSheet(tx, sheetId)
    if (sheet === undefined || (whose === 'own' && sheet.unit_id !== actor.unitId))
      throw new Problem('REQUEST.NOT_FOUND')
    if (sheet.report === null) throw new Problem('IMPORT.NOT_CHECKED')
    if (sheet.findings_file_id === null) throw new Problem('IMPORT.RAW_GONE')
    return {
      sheet,
      found: await files.get(tx, sheet.findings_file_id),
      rows: sheet.rows_file_id === null ? undefined : await files.find(tx, sheet.rows_file_id),
      raw: sheet.file_id === null ? undefined : await files.find(tx, sheet.file_id),
    }
  })
}
