import { answerParent, taskOfChild } from '../child.ts'
import { type LinkTask, linkOurs, type PrepareTask, prepareOurs } from './ours.ts'

/** One step of ours in a process of its own, so that its cost is its own. */
export type OursTask = ({ readonly step: 'prepare' } & PrepareTask) | ({ readonly step: 'link' } & LinkTask)

const task = taskOfChild<OursTask>()
answerParent(task.step === 'prepare' ? await prepareOurs(task) : await linkOurs(task))
