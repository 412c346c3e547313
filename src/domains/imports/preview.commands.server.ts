import type { Database } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { openDuck } from '../../platform/sheets/index.ts'
import { isListKind } from '../persons/index.ts'
import { contentKeyOf } from '../persons/server.ts'
import type { Compared } from './check.server.ts'
import type { CheckTask } from './child-task.server.ts'
import { shapeOf } from './kinds.ts'
import { readPlaceBook, readSchools } from './places.store.server.ts'
import type { PlaceBook } from './places.ts'
import { addToPreview, beginPreview, countEffect, countStoredNumbers, hasRecords } from './preview.store.server.ts'
import { readCheckedRows } from './record-rows.server.ts'
import type { SchoolUnit } from './schools.ts'

/** A first comparison of millions of rows with millions. */
const STATEMENT_SECONDS = 600
const NO_PLACES: PlaceBook = { units: [], divisions: [], covers: [], successors: [] }

export interface RegistryRead {
  readonly places: PlaceBook
  readonly schools: readonly SchoolUnit[]
  readonly isSchool: boolean
}

/** What of the registry a check of this kind looks into. */
export async function readRegistry(db: Database, { sheetKind, giverId }: CheckTask): Promise<RegistryRead> {
  return db.asSystem('imports.registry', async (tx) => {
    if (shapeOf(sheetKind) !== 'school') return { places: await readPlaceBook(tx), schools: [], isSchool: false }
    const schools = await readSchools(tx)
    return { places: NO_PLACES, schools, isSchool: schools.some(({ unitId }) => unitId === giverId) }
  })
}

/** Undefined where nothing is stored yet. As the system: a child may be known through another unit. Only counts leave. */
export function comparing(
  db: Database,
  keys: ChildKeys,
  task: CheckTask,
): (parquet: string) => Promise<Compared | undefined> {
  return (parquet) =>
    db.asSystem(
      'imports.preview',
      async (tx) => {
        if (!(await hasRecords(tx))) return undefined
        const duck = await openDuck({ workDir: task.workDir })
        try {
          await beginPreview(tx)
          for await (const chunk of readCheckedRows(duck, { kind: task.sheetKind, asOf: task.asOf, parquet })) {
            const good = chunk.filter(({ refused, aside }) => !refused && aside !== true)
            await addToPreview(
              tx,
              good.map((record) => {
                const { id = null, name = null, student = null } = record.keys ?? {}
                return [record.row, id, name, student, contentKeyOf(keys, record), record.needsRepair, record.birth]
              }),
            )
          }
        } finally {
          duck.close()
        }
        const effect = await countEffect(tx, task.sheetKind)
        // [ROST-4] An office's list is no ground to doubt a number of the register.
        return { effect, storedNumberRows: isListKind(task.sheetKind) ? 0 : await countStoredNumbers(tx) }
      },
      { statementSeconds: STATEMENT_SECONDS },
    )
}
