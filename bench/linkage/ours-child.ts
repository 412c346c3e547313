import { answerParent, taskOfChild } from '../child.ts'
import {
  type CompareTask,
  compareOurs,
  type LinkTask,
  linkOurs,
  type PrepareFebrlTask,
  type PrepareTask,
  prepareFebrl,
  prepareOurs,
  type RelinkTask,
  relinkOurs,
} from './ours.ts'

/** One step of ours in a process of its own, so that its cost is its own. */
export type OursTask =
  | ({ readonly step: 'prepare' } & PrepareTask)
  | ({ readonly step: 'prepare-febrl' } & PrepareFebrlTask)
  | ({ readonly step: 'link' } & LinkTask)
  | ({ readonly step: 'relink' } & RelinkTask)
  | ({ readonly step: 'compare' } & CompareTask)

const task = taskOfChild<OursTask>()
if (task.step === 'prepare') answerParent(await prepareOurs(task))
else if (task.step === 'prepare-febrl') answerParent(await prepareFebrl(task))
else if (task.step === 'link') answerParent(await linkOurs(task))
else if (task.step === 'relink') answerParent(await relinkOurs(task))
else answerParent(await compareOurs(task))
