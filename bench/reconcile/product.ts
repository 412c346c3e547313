import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FIELDS_OF } from '../../src/domains/imports/index.ts'
import type { SheetRole } from '../../src/domains/reconcile/contract.ts'
import type { ReconcileResult } from '../../src/domains/reconcile/pipeline.server.ts'
import { compareSheets, inspectRoleSheet } from '../../src/domains/reconcile/sheets.server.ts'
import { writeWorkbook } from '../../src/domains/reconcile/workbook.server.ts'
import { plainDate } from '../../src/kernel/plain-date.ts'
import { chooseColumns } from '../../src/platform/sheets/index.ts'
import { answerParent, taskOfChild } from '../child.ts'

/** The same steps as the command: recognise both sheets, compare, and with `out` write the lists as CSV. */
export interface ProductTask {
  readonly population: string
  readonly roll: string
  readonly workDir: string
  readonly schoolYear: number
  readonly today: string
  readonly out: string | null
}

export interface ProductAnswer {
  readonly lists: ReconcileResult['lists']
  readonly summary: ReconcileResult['summary']
  /** Without the start of the process and without writing the lists. */
  readonly compareSeconds: number
}

const task = taskOfChild<ProductTask>()
mkdirSync(task.workDir, { recursive: true, mode: 0o700 })

async function recognise(role: SheetRole) {
  const path = task[role]
  const fileName = path.split('/').at(-1)!
  const layout = await inspectRoleSheet({ role, path, fileName, workDir: task.workDir, countRows: false })
  return { path, fileName, layout, columns: chooseColumns(layout, FIELDS_OF[role], fileName) }
}

const startedAt = performance.now()
const { lists, summary } = await compareSheets({
  population: await recognise('population'),
  roll: await recognise('roll'),
  schoolYear: task.schoolYear,
  today: plainDate(task.today),
  workDir: task.workDir,
})
const compareSeconds = (performance.now() - startedAt) / 1000
if (task.out !== null) await writeWorkbook({ lists, summary }, join(task.out, 'lists'), { workDir: task.workDir })
const answer: ProductAnswer = { lists, summary, compareSeconds }
answerParent(answer)
