import type { PlainDate } from '../../kernel/plain-date.ts'
import { type ChildOptions, runInChild } from '../../platform/child.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import type { BooksCompared, BooksInput } from './books-input.server.ts'
import type { RunProgress, SheetRole } from './contract.ts'
import type { Compared, ReconcileResult } from './pipeline.server.ts'
import type { PostAnswer, PostTask } from './post.commands.server.ts'
import type { SheetToCompare } from './sheets.server.ts'

export interface InspectTask {
  readonly kind: 'inspect'
  readonly role: SheetRole
  readonly path: string
  readonly fileName: string
  readonly workDir: string
}

export interface CompareTask {
  readonly kind: 'compare'
  readonly population: SheetToCompare
  readonly roll: SheetToCompare
  readonly schoolYear: number
  readonly today: PlainDate
  readonly workDir: string
}

export interface WorkbookTask {
  readonly kind: 'workbook'
  readonly result: ReconcileResult
  readonly out: string
  /** Who took it away, when and for what: a line on the balance sheet. */
  readonly stamp: string
}

export interface CompareBooksTask extends Omit<BooksInput, 'signal' | 'onProgress'> {
  readonly kind: 'compare-books'
}

export type ChildTask = InspectTask | CompareTask | CompareBooksTask | PostTask | WorkbookTask

export type ChildAnswer =
  | { readonly kind: 'inspect'; readonly layout: SheetLayout }
  | { readonly kind: 'compare'; readonly result: Compared }
  | { readonly kind: 'compare-books'; readonly compared: BooksCompared }
  | { readonly kind: 'post'; readonly answer: PostAnswer }
  | { readonly kind: 'workbook' }

export type AnswerTo<Task extends ChildTask> = Extract<ChildAnswer, { kind: Task['kind'] }>

const ENTRY = new URL('./child.server.ts', import.meta.url)
/** Names of the residue and one page of a workbook; DuckDB takes its own memory beside it. */
const HEAP_MB = 768

export async function workInChild<Task extends ChildTask>(
  task: Task,
  options: Omit<ChildOptions<RunProgress>, 'heapMb'> = {},
): Promise<AnswerTo<Task>> {
  return runInChild<Task, RunProgress, AnswerTo<Task>>(ENTRY, task, { ...options, heapMb: HEAP_MB })
}
