import type { PlainDate } from '../../kernel/plain-date.ts'
import { type ChildOptions, runInChild } from '../../platform/child.ts'
import type { ChildAccess } from '../../platform/services.ts'
import type { ColumnChoice, SheetLayout } from '../../platform/sheets/index.ts'
import type { Checked } from './check.server.ts'
import type { ImportProgress } from './contract.ts'
import type { ImportKind } from './kinds.ts'
import type { MarkedSheet } from './marked.server.ts'

export interface InspectTask {
  readonly kind: 'inspect'
  readonly sheetKind: ImportKind
  readonly path: string
  readonly fileName: string
  readonly workDir: string
}

export interface CheckTask {
  readonly kind: 'check'
  readonly access: ChildAccess
  readonly sheetKind: ImportKind
  readonly path: string
  readonly fileName: string
  readonly layout: SheetLayout
  readonly columns: ColumnChoice
  readonly asOf: PlainDate
  readonly today: PlainDate
  readonly giverId: number
  readonly workDir: string
}

export interface MarkTask {
  readonly kind: 'mark'
  readonly sheet: MarkedSheet
}

export interface CommitTask {
  readonly kind: 'commit'
  readonly access: ChildAccess
  readonly sheetId: string
  readonly jobId: string
  /** Who asked for it. */
  readonly accountId: number
  /** The sealed rows, opened. */
  readonly rowsParquet: string
  readonly today: PlainDate
  readonly workDir: string
}

export type ChildTask = InspectTask | CheckTask | MarkTask | CommitTask

export type ChildAnswer =
  | { readonly kind: 'inspect'; readonly layout: SheetLayout }
  | { readonly kind: 'check'; readonly checked: Checked }
  | { readonly kind: 'mark' }
  | { readonly kind: 'commit' }

type AnswerTo<Task extends ChildTask> = Extract<ChildAnswer, { kind: Task['kind'] }>

const ENTRY = new URL('./child.server.ts', import.meta.url)
/** A hundred thousand values in flight and one chunk of records; DuckDB takes its own memory beside it. */
const HEAP_MB = 768

export async function workInChild<Task extends ChildTask>(
  task: Task,
  options: Omit<ChildOptions<ImportProgress>, 'heapMb'> = {},
): Promise<AnswerTo<Task>> {
  return runInChild<Task, ImportProgress, AnswerTo<Task>>(ENTRY, task, { ...options, heapMb: HEAP_MB })
}
