export { findLastClosedDay, findOpening, markClosed, openBooks, stageDue } from './day-store.server.ts'
export {
  type Confirmation,
  confirmEvidence,
  findEvidence,
  holdsOfRun,
  makeEvidence,
  withdrawConfirmed,
  withdrawRun,
} from './evidence-store.server.ts'
export { leaveBooks, MOST_STAGED, type Posted, post, postStaged } from './posting.server.ts'
export { drawPosting, lockBooks, type PostingGround } from './posting-store.server.ts'
export { type Reversal, stageReversal } from './reversal-store.server.ts'
export { dropUnchanged, type Entry, stage, stageEntries } from './staging-store.server.ts'
export {
  type ChildPage,
  type ChildQuery,
  getStanding,
  getUnitWithin,
  listStanding,
  standingOf,
} from './standing.server.ts'
