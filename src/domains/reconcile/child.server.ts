import { serveChild } from '../../platform/child.ts'
import type { ChildAnswer, ChildTask } from './child-task.server.ts'
import type { RunProgress } from './contract.ts'
import { compareSheets, inspectRoleSheet } from './sheets.server.ts'
import { writeWorkbook } from './workbook.server.ts'

/** The process in which a sheet is recognised, a run works and a workbook is written. */
serveChild<ChildTask, RunProgress, ChildAnswer>(async (task, { signal, progress }) => {
  if (task.kind === 'inspect') return { kind: 'inspect', layout: await inspectRoleSheet({ ...task, signal }) }
  if (task.kind === 'compare')
    return { kind: 'compare', result: await compareSheets({ ...task, signal, onProgress: progress }) }
  await writeWorkbook(task.result, task.out, { stamp: task.stamp, signal })
  return { kind: 'workbook' }
})
