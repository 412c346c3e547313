import { openDatabase } from '../../platform/db/index.ts'
import { keysOf } from '../../platform/keys.ts'
import { type Checked, checkSheetRows } from './check.server.ts'
import { childLog } from './child-log.server.ts'
import type { CheckTask } from './child-task.server.ts'
import type { ImportProgress } from './contract.ts'
import { comparing, readRegistry } from './preview.commands.server.ts'

/** A check in a process of its own: reads the registry and what is stored, and writes nothing but files of its folder. */
export async function checkWithDatabase(
  task: CheckTask,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: ImportProgress) => void },
): Promise<Checked> {
  const db = await openDatabase({
    url: task.access.databaseUrl,
    log: childLog(),
    connections: 2,
  })
  const keys = keysOf(task.access.keys)
  try {
    const { places, schools, isSchool } = await readRegistry(db, task)
    return await checkSheetRows({
      kind: task.sheetKind,
      path: task.path,
      fileName: task.fileName,
      layout: task.layout,
      columns: task.columns,
      asOf: task.asOf,
      today: task.today,
      giver: { unitId: task.giverId, isSchool },
      places,
      schools,
      keys,
      workDir: task.workDir,
      signal,
      onProgress,
      compare: comparing(db, keys, task),
    })
  } finally {
    await db.close()
  }
}
