import type { PlainDate } from '../../kernel/plain-date.ts'
import { accountCodeOf } from '../whereabouts/index.ts'
import type { ListedTask } from './list.store.server.ts'
import { isOnVisitLists, missingOf, proposalOf, taskStateOf, whyOf } from './rules.ts'

/** What a task is, from the entry it stands on and its newest report. */
export function taskFacts(task: ListedTask, today: PlainDate) {
  const account = accountCodeOf(task.accountId)
  const isExpired = task.expires !== null && task.expires <= today
  const why = whyOf(account, { evidence: task.evidence, isExpired, isRegistered: task.registeredId !== null })
  const { report } = task
  return {
    account,
    why,
    proposed: proposalOf(account, why, task.schoolId !== null),
    state: taskStateOf(report?.state ?? null),
    missing:
      report === null || report.result === null
        ? []
        : missingOf({ ...report, result: report.result }, task.schoolId !== null),
    isVisited: isOnVisitLists(account),
  }
}
