export {
  ChildFile,
  openChildFile,
  personsRoutes,
  REVEALED,
  readChildFile,
  revealChild,
} from './contract.ts'
export {
  BATCH_KINDS,
  type BatchKind,
  BOOK_KINDS,
  type BookKind,
  isListKind,
  LIST_KINDS,
  type ListKind,
  PRESENCE_MARKS,
  type PresenceMark,
  SENSITIVE_KINDS,
  STATUS_GROUPS,
  type StatusGroup,
  TIE_KINDS,
  type TieKind,
} from './kinds.ts'
export { personsParameters } from './policy.ts'
export type { Contact, Guardian, Identity, Presence, RecordRow, RollFacts } from './record.ts'
export { AREA_TAGS, type AreaTagCode, isTagCode, TAGS, type TagCode } from './tags.ts'
export { personsWords } from './words.ts'
