import type { Services } from '../../platform/services.ts'
import { workOnBooksRun } from './books-run.commands.server.ts'
import { BOOKS_JOB, RUN_JOB } from './commands.ts'
import { endRunOfJob, workOnRun } from './run.commands.server.ts'

/** 3.3 million rows a side take minutes; a run that is not done after two hours is stuck. */
const MAX_MINUTES = 120

export function defineReconcileJobs(services: Services): void {
  services.jobs.define({
    name: RUN_JOB,
    permission: 'run.create',
    run: (job) => workOnRun(services, job),
    onEnded: (tx, job, problem) => endRunOfJob(services, tx, job, problem),
    // A worker that was killed in the middle wrote nothing: the run begins again.
    retries: 1,
    maxMinutes: MAX_MINUTES,
  })
  services.jobs.define({
    name: BOOKS_JOB,
    permission: 'run.create',
    run: (job) => workOnBooksRun(services, job),
    onEnded: (tx, job, problem) => endRunOfJob(services, tx, job, problem),
    // Half of a posting may stand: it is brought to its end, and gives up only when it is killed again and again.
    retries: 3,
    maxMinutes: MAX_MINUTES,
  })
}
