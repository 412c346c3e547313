import { serveChild } from '../../platform/child.ts'
import type { ChildAnswer, ChildTask } from './child-task.server.ts'
import type { ImportProgress } from './contract.ts'

/** The process in which a sheet is recognised, checked, marked and stored. Each loads only what it needs: starting is half of a small check. */
serveChild<ChildTask, ImportProgress, ChildAnswer>(async (task, { signal, progress }) => {
  if (task.kind === 'inspect') {
    const { inspectKind } = await import('./inspect.server.ts')
    return { kind: 'inspect', layout: await inspectKind({ ...task, signal }) }
  }
  if (task.kind === 'check') {
    const { checkWithDatabase } = await import('./check-task.server.ts')
    return { kind: 'check', checked: await checkWithDatabase(task, { signal, onProgress: progress }) }
  }
  if (task.kind === 'mark') {
    const { writeMarked } = await import('./marked.server.ts')
    await writeMarked(task.sheet, signal)
    return { kind: 'mark' }
  }
  const { storeSheet } = await import('./store-sheet.commands.server.ts')
  await storeSheet(task, { signal, onProgress: progress })
  return { kind: 'commit' }
})
