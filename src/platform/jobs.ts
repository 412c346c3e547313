import type { Database } from './db/index.ts'
import type { Ids } from './ids.ts'
import type { JobDefinition, Jobs, MayStill } from './job.ts'
import { findStatus, insertJob, requestCancel } from './job-store.ts'
import { createJobWorker, type Lease } from './job-worker.ts'
import type { Log } from './log.ts'
import { type Outbox, refuseText } from './outbox.ts'

export type { Job, JobDefinition, JobRequest, JobState, JobStatus, Jobs, MayStill, RunningJob } from './job.ts'

interface JobsOptions {
  readonly db: Database
  readonly log: Log
  readonly ids: Ids
  readonly outbox: Outbox
  /** Connects as `baoxue_boss`. */
  readonly bossUrl: string
  readonly mayStill: MayStill
  /** How soon a dead worker is noticed. */
  readonly lease?: Lease
}

export function createJobs(options: JobsOptions): Jobs {
  const { ids, outbox } = options
  const definitions = new Map<string, JobDefinition>()
  const worker = createJobWorker({ ...options, definitions })

  return {
    define(definition) {
      if (definitions.has(definition.name)) throw new Error(`job ${definition.name} is defined twice`)
      definitions.set(definition.name, definition)
    },
    async send(tx, name, request) {
      refuseText(request.payload)
      const jobId = request.jobId ?? ids.uuid()
      await insertJob(tx, name, jobId, request)
      await outbox.publish(tx, { topic: 'job.send', key: `${jobId}.1`, payload: { jobId, name, attempt: 1 } })
      return jobId
    },
    async cancel(tx, jobId) {
      const isAsked = await requestCancel(tx, jobId)
      if (isAsked) await outbox.publish(tx, { topic: 'job.cancel', key: ids.uuid(), payload: { jobId } })
      return isAsked
    },
    find: findStatus,
    start: worker.start,
    stop: worker.stop,
  }
}
