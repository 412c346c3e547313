import type { Services } from '../../platform/services.ts'
import { endUndoOfJob, UNDO_JOB, workOnUndo } from './batch.commands.server.ts'
import { CHECK_JOB, COMMIT_JOB } from './commands.ts'
import { endSheetOfJob, workOnCheck, workOnCommit } from './job.commands.server.ts'

/** 3.3 million rows take minutes; a job that is not done after two hours is stuck. */
const MAX_MINUTES = 120

export function defineImportJobs(services: Services): void {
  const ofSheet = {
    permission: 'import.write' as const,
    onEnded: (
      tx: Parameters<typeof endSheetOfJob>[1],
      job: Parameters<typeof endSheetOfJob>[2],
      problem: Parameters<typeof endSheetOfJob>[3],
    ) => endSheetOfJob(services, tx, job, problem),
    // A worker that was killed in the middle wrote nothing: the work begins again.
    retries: 3,
    maxMinutes: MAX_MINUTES,
  }
  services.jobs.define({ ...ofSheet, name: CHECK_JOB, run: (job) => workOnCheck(services, job) })
  services.jobs.define({ ...ofSheet, name: COMMIT_JOB, run: (job) => workOnCommit(services, job) })
  services.jobs.define({
    name: UNDO_JOB,
    permission: 'import.undo',
    run: (job) => workOnUndo(services, job),
    onEnded: endUndoOfJob,
    // Every step is safe to repeat, and a half undone batch helps nobody.
    retries: 5,
    maxMinutes: MAX_MINUTES,
  })
}
