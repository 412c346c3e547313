export { refuseUnaskedReading } from './commands.ts'
export { listFamilyMembers, readHouseholds, searchFamilies } from './family-store.server.ts'
export { type OnProgress, storeRecords } from './load.server.ts'
export { type MatchAsked, type Matched, matchPersons } from './match-store.server.ts'
export {
  findSurvivor,
  listMerges,
  type Merge,
  type MergeCause,
  type MergePair,
  mergeChildren,
  mergeFromTable,
  type Unmerged,
  unmerge,
} from './merge-store.server.ts'
export {
  type ChildSource,
  listSiblings,
  listSources,
  readContact,
  readIdentity,
  readStudentNos,
  type ShownChild,
  searchChildren,
  shownChildren,
} from './read-store.server.ts'
export type { Contact, Guardian, Identity, NewBatch, RecordRow, RollFacts, StoredBatch } from './record.ts'
export { type OpenedRecord, openRecords } from './record-store.server.ts'
export { contentKeyOf, openIdentity } from './seal.server.ts'
export { type Child, findChild } from './store.ts'
export {
  addAreaTag,
  addTag,
  endTag,
  type HeldTag,
  listAreaTags,
  listTags,
  listTagsOf,
  type NewTag,
} from './tag-store.server.ts'
export {
  addTie,
  endTies,
  listTies,
  listTiesTurning,
  type NewTie,
  refreshShown,
  retie,
  type Tie,
  type TieChoice,
} from './tie-store.server.ts'
export { listBatchChildren, type UndoneBatch, undoBatchRecords } from './undo-store.server.ts'
