export { type ClosedDay, closeDay, closeDaysUntil } from './close-day.commands.server.ts'
export { type Findings, type OneEntry, postFindings } from './entry.server.ts'
export {
  findDistrictOf,
  findOpenEntry,
  type OpenEntry,
  type SchoolFound,
  searchSchools,
} from './entry.store.server.ts'
export { type FoundEntry, postFound } from './found.server.ts'
export { renewTerms } from './holders.server.ts'
export { type MergeAct, mergeAndPost, unmergeAndPost } from './merge.server.ts'
export { keepNote } from './notes.server.ts'
export { openAndPost, type Posted, type PostingDraft } from './posting.server.ts'
export { reverseLedger, reverseRun, type Undoing, type Undone } from './reversal.server.ts'
