import { serveChild } from '../../platform/child.ts'
import type { ChildAnswer, ChildTask } from './child-task.server.ts'
import type { RunProgress } from './contract.ts'

/** The process in which a sheet is recognised, a run works and posts, and a workbook is written. Each loads only what it needs. */
serveChild<ChildTask, RunProgress, ChildAnswer>(async (task, { signal, progress }) => {
  if (task.kind === 'inspect' || task.kind === 'compare') {
    const { compareSheets, inspectRoleSheet } = await import('./sheets.server.ts')
    if (task.kind === 'inspect') return { kind: 'inspect', layout: await inspectRoleSheet({ ...task, signal }) }
    return { kind: 'compare', result: await compareSheets({ ...task, signal, onProgress: progress }) }
  }
  if (task.kind === 'compare-books') {
    const { compareBatches } = await import('./books-input.server.ts')
    return { kind: 'compare-books', compared: await compareBatches({ ...task, signal, onProgress: progress }) }
  }
  if (task.kind === 'post') {
    const { postRun } = await import('./post.commands.server.ts')
    return { kind: 'post', answer: await postRun(task, { signal, progress }) }
  }
  const { writeWorkbook } = await import('./workbook.server.ts')
  await writeWorkbook(task.result, task.out, { stamp: task.stamp, signal })
  return { kind: 'workbook' }
})
