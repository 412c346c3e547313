export { type ClosedDay, closeDay, closeDaysUntil } from './close-day.commands.server.ts'
export { type MergeAct, mergeAndPost, unmergeAndPost } from './merge.server.ts'
export { openAndPost, type Posted, type PostingDraft } from './posting.server.ts'
export { reverseRun, type Undoing, type Undone } from './reversal.server.ts'
