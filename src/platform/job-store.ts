import { type ColumnType, type Generated, sql } from 'kysely'
import { accountId, unitId } from '../kernel/ids.ts'
import type { ProblemJson } from '../kernel/problem.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tx } from './db/index.ts'
import type { Job, JobProgress, JobRequest, JobState, JobStatus } from './job.ts'
import type { IdPayload } from './outbox.ts'

type JobTables = {
  job: {
    job_id: string
    name: string
    scope_kind: Scope['kind']
    unit_id: number
    account_id: number
    units: number[]
    payload: ColumnType<IdPayload, string, never>
    state: Generated<JobState>
    attempt: Generated<number>
    faults: Generated<number>
    progress: ColumnType<JobProgress | null, string | undefined, string | null>
    cancel_requested_at: Date | null
    problem: ColumnType<ProblemJson | null, string | undefined, string | null>
    created_at: Generated<Date>
    started_at: Date | null
    ended_at: Date | null
  }
}

/** One start of a job: fences every write of its worker. */
export interface Attempt {
  readonly jobId: string
  readonly attempt: number
}

/** A job as the worker holds it. */
export interface ClaimedJob extends Job {
  readonly isCancelRequested: boolean
  readonly faults: number
}

const CLAIMED = [
  'job_id',
  'name',
  'scope_kind',
  'unit_id',
  'account_id',
  'payload',
  'attempt',
  'faults',
  'cancel_requested_at',
] as const

export async function insertJob(tx: Tx, name: string, jobId: string, request: JobRequest): Promise<void> {
  await tx
    .withTables<JobTables>()
    .insertInto('job')
    .values({
      job_id: jobId,
      name,
      scope_kind: request.scope.kind,
      unit_id: request.scope.unitId,
      account_id: request.scope.accountId,
      units: [...request.units],
      payload: JSON.stringify(request.payload),
    })
    .onConflict((clash) => clash.doNothing())
    .execute()
}

export async function requestCancel(tx: Tx, jobId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<JobTables>()
    .updateTable('job')
    .set({ cancel_requested_at: sql<Date>`now()` })
    .where('job_id', '=', jobId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function findStatus(tx: Tx, jobId: string): Promise<JobStatus | undefined> {
  const row = await tx
    .withTables<JobTables>()
    .selectFrom('job')
    .select(['job_id', 'name', 'state', 'attempt', 'progress', 'problem'])
    .where('job_id', '=', jobId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { job_id, name, state, attempt, progress, problem } = row
  return { jobId: job_id, name, state, attempt, progress, problem }
}

/** Starts this attempt. Undefined when the job has ended or the attempt was started before: a message delivered twice. */
export async function claimJob(tx: Tx, { jobId, attempt }: Attempt): Promise<ClaimedJob | undefined> {
  const row = await tx
    .withTables<JobTables>()
    .updateTable('job')
    .set({
      state: 'running',
      attempt,
      started_at: sql<Date>`coalesce(started_at, now())`,
    })
    .where('job_id', '=', jobId)
    .where('state', '=', 'waiting')
    .where('attempt', '=', attempt - 1)
    .returning(CLAIMED)
    .executeTakeFirst()
  return row === undefined ? undefined : claimed(row)
}

/** The job with its row locked, when it has not ended. */
export async function lockLiveJob(
  tx: Tx,
  jobId: string,
): Promise<(ClaimedJob & { readonly state: JobState }) | undefined> {
  const row = await tx
    .withTables<JobTables>()
    .selectFrom('job')
    .select([...CLAIMED, 'state'])
    .where('job_id', '=', jobId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? undefined : { ...claimed(row), state: row.state }
}

export async function writeProgress(tx: Tx, { jobId, attempt }: Attempt, progress: JobProgress): Promise<void> {
  await tx
    .withTables<JobTables>()
    .updateTable('job')
    .set({ progress: JSON.stringify(progress) })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .execute()
}

/** What the running attempt has to heed: a cancel, or that it is no longer the job's attempt. */
export async function readOrder(tx: Tx, { jobId, attempt }: Attempt): Promise<'go-on' | 'cancel' | 'lost'> {
  const row = await tx
    .withTables<JobTables>()
    .selectFrom('job')
    .select(['state', 'attempt', 'cancel_requested_at'])
    .where('job_id', '=', jobId)
    .executeTakeFirst()
  if (row === undefined || row.state !== 'running' || row.attempt !== attempt) return 'lost'
  return row.cancel_requested_at === null ? 'go-on' : 'cancel'
}

interface Ending {
  readonly state: 'done' | 'failed' | 'cancelled'
  readonly problem: ProblemJson | undefined
}

export async function endJob(tx: Tx, { jobId, attempt }: Attempt, { state, problem }: Ending): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<JobTables>()
    .updateTable('job')
    .set({ state, ended_at: sql<Date>`now()`, problem: problem === undefined ? null : JSON.stringify(problem) })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function putBack(tx: Tx, { jobId, attempt }: Attempt, isFault: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<JobTables>()
    .updateTable('job')
    .set({ state: 'waiting', progress: null, ...(isFault ? { faults: sql<number>`faults + 1` } : {}) })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function listLiveJobs(tx: Tx): Promise<readonly (Attempt & { readonly name: string })[]> {
  const rows = await tx
    .withTables<JobTables>()
    .selectFrom('job')
    .select(['job_id', 'name', 'attempt'])
    .where('ended_at', 'is', null)
    .execute()
  return rows.map((row) => ({ jobId: row.job_id, name: row.name, attempt: row.attempt }))
}

interface ClaimedRow {
  readonly job_id: string
  readonly name: string
  readonly scope_kind: Scope['kind']
  readonly unit_id: number
  readonly account_id: number
  readonly payload: IdPayload
  readonly attempt: number
  readonly faults: number
  readonly cancel_requested_at: Date | null
}

function claimed(row: ClaimedRow): ClaimedJob {
  return {
    jobId: row.job_id,
    name: row.name,
    scope: { kind: row.scope_kind, unitId: unitId(row.unit_id), accountId: accountId(row.account_id) },
    payload: row.payload,
    attempt: row.attempt,
    faults: row.faults,
    isCancelRequested: row.cancel_requested_at !== null,
  }
}
