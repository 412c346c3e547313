export { accountWords } from './account-words.ts'
export {
  ACCOUNT_CODES,
  ACCOUNTED_GROUPS,
  type AccountCode,
  accountCodeOf,
  accountsOfGroup,
  BASES,
  type Base,
  BOOK_ACCOUNTS,
  BOOK_GROUPS,
  type BookAccount,
  type BookGroup,
} from './accounts.ts'
export {
  AccountCode as AccountCodeSchema,
  AGES,
  type Age,
  Base as BaseSchema,
  type BookChild,
  type BookSpan,
  bookRoutes,
  type ChildTimeline,
  EVIDENCE_KINDS,
  type EvidenceKind,
  listChildren,
  type PostingSource,
  readTimeline,
} from './contract.ts'
export { ageBoundsOn, evidenceExpiryOn, termStartOn, whereaboutsParameters } from './policy.ts'
export { decideClose } from './rules.ts'
export { whereaboutsWords } from './words.ts'
