/**
 * Jobs: work that outlives a request. The row in `job` is the truth, seen by
 * the units of who asked; pg-boss only carries its id to a worker.
 *
 *   send ──(outbox, after the commit)──► waiting ──► running ──► done | failed | cancelled
 *                                          ▲            │
 *                                          └── fault or dead worker, while tries are left; shutdown
 *
 * [SEC-32] A job runs in the scope of who asked for it, checked again at its start.
 */
import type { Problem, ProblemJson } from '../kernel/problem.ts'
import type { Permission, Scope } from '../kernel/scope.ts'
import type { Tx } from './db/index.ts'
import type { IdPayload } from './outbox.ts'

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

export interface Job {
  readonly jobId: string
  readonly name: string
  /** On whose behalf. */
  readonly scope: Scope
  readonly payload: IdPayload
  /** 1 for the first try. */
  readonly attempt: number
}

export type JobProgress = Readonly<Record<string, string | number | null>>

export interface RunningJob extends Job {
  /** Aborted by `cancel`, by a lost lease and at shutdown; `signal.reason` is a `Problem`. */
  readonly signal: AbortSignal
  /** Written at most once a second; never fails the job. */
  report(progress: JobProgress): void
}

export interface JobDefinition {
  readonly name: string
  /** What the one who asked must still be allowed when the job starts. */
  readonly permission: Permission
  readonly run: (job: RunningJob) => Promise<void>
  /** As the system, in the transaction that marks the job failed or cancelled, its worker's death included. */
  readonly onEnded?: (tx: Tx, job: Job, problem: Problem) => Promise<void>
  /** Further tries after a fault or a dead worker; a `Problem` is an answer and never tried again. 0 when left out. */
  readonly retries?: number
  /** At a time in one process. 1 when left out. */
  readonly concurrency?: number
  /** 120 when left out. */
  readonly maxMinutes?: number
}

export interface JobRequest {
  readonly scope: Scope
  /** Who sees the job's row: the unit of the scope and all above it. */
  readonly units: readonly number[]
  readonly payload: IdPayload
  /** A UUID of the caller; sending the same id twice is one job. */
  readonly jobId?: string
}

export interface JobStatus {
  readonly jobId: string
  readonly name: string
  readonly state: JobState
  readonly attempt: number
  readonly progress: JobProgress | null
  readonly problem: ProblemJson | null
}

export interface Jobs {
  /** Before `start`. */
  define(definition: JobDefinition): void
  /** In the caller's transaction and scope; the job starts after the commit. Answers its id. */
  send(tx: Tx, name: string, request: JobRequest): Promise<string>
  /** In the caller's scope. False when it has ended or is not visible. */
  cancel(tx: Tx, jobId: string): Promise<boolean>
  find(tx: Tx, jobId: string): Promise<JobStatus | undefined>
  /** Takes up work; a process that only sends need not. */
  start(): Promise<void>
  /** Bounded: work that does not heed its signal within `seconds` (10 when left out) is taken up again at the next start. */
  stop(seconds?: number): Promise<void>
}

/** Given by the slice that knows posts: may this account still do this in this unit? Runs as the system. */
export type MayStill = (tx: Tx, scope: Scope, permission: Permission) => Promise<boolean>
