import { serveChild } from '../../platform/child.ts'
import { type ReadTask, readSheetRows } from './account-sheet-read.server.ts'
import type { SheetRow } from './account-sheet-rules.ts'

/** The process in which a sheet from outside is opened: what it breaks, it breaks there. */
serveChild<ReadTask, never, readonly SheetRow[]>((task, { signal }) => readSheetRows(task, signal))
