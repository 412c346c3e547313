/**
 * [RIGHT-1] Who may do what, route by route: the table that an administrator can read and that a test walks against the
 * mounted routes, with every role from every kind of unit. A route without a line here fails the build.
 *
 * Roles are those of packs/chongqing/roles.json. `may` is asked before anything is looked up, so its refusal tells
 * nothing of any object. [RIGHT-3] Every line whose route changes something also needs the session's own word.
 * [RIGHT-4] The OpenAPI document is made from the same routes and held against this table's samples.
 */
export type Standing =
  /** The actor's unit is the object's own. */
  | 'own'
  /** The actor's unit stands above the object's: the city above a district, a district above a school. */
  | 'above'

export interface RightsLine {
  readonly may: 'everybody' | 'signed-in' | readonly string[]
  /**
   * [RIGHT-2] From where the object named in the request is seen; from below and from any other unit it is "not found",
   * never "not allowed". Left out where the request names none.
   */
  readonly sees?: readonly Standing[]
  /** And only where the actor's own role may give the role that the account or post has. */
  readonly byGivenRole?: true
}

const CITY_DUTIES = ['system-admin', 'security-admin', 'audit-admin'] as const
const SCHOOL_STAFF = ['aid-officer', 'class-teacher'] as const
const LEADERS = ['city-admin', 'district-admin', 'township-officer', 'head-teacher'] as const
const ALL = [
  'inspector',
  'district-officer',
  'review-officer',
  'centre-officer',
  'village-officer',
  ...LEADERS,
  ...SCHOOL_STAFF,
  ...CITY_DUTIES,
]
const UNIT_ADMINS = ['city-admin', 'district-admin']
const ACCOUNT_READERS = [...LEADERS, ...CITY_DUTIES, 'district-officer']
const ACCOUNT_KEEPERS = [...LEADERS, 'system-admin', 'security-admin']
const POST_GIVERS = [...LEADERS, 'security-admin']
const RUN_READERS = ['city-admin', 'inspector', 'district-officer', 'review-officer']
const REVIEWERS = ['district-officer', 'review-officer']
const SETTLERS = ['city-admin', 'district-officer', 'review-officer']
const RUN_MAKERS = ['city-admin', 'district-officer']
const BOOK_KEEPERS = ['city-admin', 'district-officer']
const CASE_READERS = [
  ...['city-admin', 'inspector', 'district-officer', 'centre-officer'],
  ...['township-officer', 'village-officer', 'head-teacher', 'class-teacher'],
]
const BOOK_READERS = [...LEADERS, 'inspector', 'district-officer', 'centre-officer', 'village-officer']
const CHECK_REPORTERS = ['district-officer', 'township-officer', 'village-officer', 'head-teacher', 'class-teacher']
const CHECK_EXPORTERS = ['district-officer', 'township-officer', 'head-teacher']
const CHECK_ACCEPTERS = ['district-officer']
const IMPORTERS = ['city-admin', 'district-officer', 'head-teacher']
const IMPORT_READERS = [...IMPORTERS, 'inspector']
const REVEALERS = ['district-officer', 'review-officer']
const ROSTER_READERS = ['city-admin', 'inspector', 'district-officer']
const REPAIRERS = ['district-officer', 'head-teacher']
const REPAIR_READERS = [...REPAIRERS, 'city-admin', 'inspector']
const CHILD_REVEALERS = ['district-officer', 'township-officer', 'head-teacher']

const OUTSIDE_READERS = [
  ...['city-admin', 'inspector', 'district-officer'],
  ...['centre-officer', 'township-officer', 'head-teacher'],
]
const OUTSIDE_KEEPERS = ['district-officer']
const OUTSIDE_ANSWERERS = ['district-officer', 'head-teacher']

const FROM_ABOVE = ['own', 'above'] as const
const OWN = ['own'] as const

export const RIGHTS: Readonly<Record<string, RightsLine>> = {
  'system.health': { may: 'everybody' },
  'session.sign-in': { may: 'everybody' },
  'session.read': { may: 'signed-in' },
  'session.sign-out': { may: 'signed-in' },
  'session.switch-post': { may: 'signed-in' },
  'session.change-password': { may: 'signed-in' },

  'unit.list': { may: ALL, sees: FROM_ABOVE },
  'unit.read': { may: ALL, sees: FROM_ABOVE },
  'unit.create': { may: UNIT_ADMINS, sees: FROM_ABOVE },
  // A unit is changed from above, never from within.
  'unit.change': { may: UNIT_ADMINS, sees: ['above'] },
  'unit.move': { may: UNIT_ADMINS, sees: ['above'] },

  'role.list': { may: ACCOUNT_READERS },
  'account.list': { may: ACCOUNT_READERS, sees: FROM_ABOVE },
  'account.create': { may: ACCOUNT_KEEPERS, sees: FROM_ABOVE, byGivenRole: true },
  'account.set-state': { may: ACCOUNT_KEEPERS, sees: FROM_ABOVE, byGivenRole: true },
  'account.reset-password': { may: ACCOUNT_KEEPERS, sees: FROM_ABOVE, byGivenRole: true },
  'post.give': { may: POST_GIVERS, sees: FROM_ABOVE, byGivenRole: true },
  'post.end': { may: POST_GIVERS, sees: FROM_ABOVE, byGivenRole: true },

  // Whoever may open accounts opens them by sheet; a sheet is its maker's alone [REG-24].
  'account-sheet.template': { may: ACCOUNT_KEEPERS },
  'account-sheet.upload': { may: ACCOUNT_KEEPERS },
  'account-sheet.list': { may: ACCOUNT_KEEPERS },
  'account-sheet.read': { may: ACCOUNT_KEEPERS, sees: OWN },
  'account-sheet.commit': { may: ACCOUNT_KEEPERS, sees: OWN },
  'account-sheet.take-passwords': { may: ACCOUNT_KEEPERS, sees: OWN },
  'account-sheet.redraw-passwords': { may: ACCOUNT_KEEPERS, sees: OWN },

  'audit.list': { may: ['audit-admin'] },
  'policy.read': { may: ALL },

  'run.upload-sheet': { may: RUN_MAKERS },
  'run.create': { may: RUN_MAKERS, sees: FROM_ABOVE },
  'run.books-inputs': { may: RUN_MAKERS },
  'run.create-books': { may: RUN_MAKERS, sees: FROM_ABOVE },
  'run.list': { may: RUN_READERS },
  'run.read': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.cancel': { may: RUN_MAKERS, sees: OWN },
  'run.read-list': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.reveal-row': { may: REVEALERS, sees: FROM_ABOVE },
  'run.difference': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.difference-list': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.difference-download': { may: ['district-officer'], sees: FROM_ABOVE },
  'run.models': { may: RUN_READERS },
  'run.model-estimate': { may: RUN_MAKERS },
  'run.model-switch': { may: RUN_MAKERS },
  'run.manifest': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.verify': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.review': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.review-claim': { may: REVIEWERS, sees: FROM_ABOVE },
  'run.review-claim-disputes': { may: SETTLERS, sees: FROM_ABOVE },
  'run.review-pairs': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.review-pair': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.review-answer': { may: REVIEWERS, sees: FROM_ABOVE },
  'run.review-settle': { may: SETTLERS, sees: FROM_ABOVE },
  'run.review-undo': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.review-reveal': { may: REVEALERS, sees: FROM_ABOVE },
  'run.decision': { may: RUN_READERS, sees: FROM_ABOVE },
  'run.decision-withdraw': { may: REVIEWERS, sees: FROM_ABOVE },
  'run.download': { may: ['district-officer'], sees: FROM_ABOVE },
  'run.demo-sheets': { may: RUN_MAKERS },
  'run.demo-sheet': { may: RUN_MAKERS, sees: OWN },

  'book.days': { may: BOOK_READERS },
  'book.balance': { may: BOOK_READERS, sees: FROM_ABOVE },
  'book.matrix': { may: BOOK_READERS, sees: FROM_ABOVE },
  'book.movements': { may: BOOK_READERS, sees: FROM_ABOVE },
  'book.map': { may: BOOK_READERS },
  'book.map-shapes': { may: BOOK_READERS },
  'book.children': { may: CASE_READERS, sees: FROM_ABOVE },
  'book.timeline': { may: CASE_READERS, sees: FROM_ABOVE },

  'child.list': { may: CASE_READERS, sees: FROM_ABOVE },
  'child.find': { may: CASE_READERS },
  'child.read-file': { may: CASE_READERS, sees: FROM_ABOVE },
  'child.open': { may: CASE_READERS, sees: FROM_ABOVE },
  'child.reveal': { may: CHILD_REVEALERS, sees: FROM_ABOVE },

  'outside.list': { may: OUTSIDE_READERS },
  'outside.read': { may: OUTSIDE_READERS, sees: FROM_ABOVE },
  'outside.places': { may: OUTSIDE_READERS },
  'outside.add': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'outside.ask': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'outside.prove': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'outside.answer': { may: OUTSIDE_ANSWERERS, sees: FROM_ABOVE },
  'outside.deny': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'outside.end': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'outside.request': { may: OUTSIDE_KEEPERS },
  'outside.replies': { may: OUTSIDE_KEEPERS },
  'outside.flows': { may: OUTSIDE_READERS },
  'outside.flow-children': { may: OUTSIDE_READERS },
  'ledger.template': { may: OUTSIDE_KEEPERS },
  'ledger.upload': { may: OUTSIDE_KEEPERS },
  'ledger.list': { may: OUTSIDE_READERS },
  'ledger.read': { may: OUTSIDE_READERS, sees: FROM_ABOVE },
  'ledger.commit': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },
  'ledger.undo': { may: OUTSIDE_KEEPERS, sees: FROM_ABOVE },

  'case.list': { may: CASE_READERS },
  'case.read': { may: CASE_READERS, sees: FROM_ABOVE },
  'case.change': { may: BOOK_KEEPERS, sees: FROM_ABOVE },
  'case.standing': { may: BOOK_KEEPERS, sees: FROM_ABOVE },
  'case.schools': { may: BOOK_KEEPERS },
  'case.post-entry': { may: BOOK_KEEPERS, sees: FROM_ABOVE },
  'case.merge': { may: BOOK_KEEPERS, sees: FROM_ABOVE },
  'case.undo-merge': { may: BOOK_KEEPERS, sees: FROM_ABOVE },

  'check.list': { may: CASE_READERS },
  'check.progress': { may: CASE_READERS },
  'check.reports': { may: CASE_READERS },
  'check.schools': { may: CHECK_REPORTERS },
  'check.read': { may: CASE_READERS, sees: FROM_ABOVE },
  'check.report': { may: CHECK_REPORTERS, sees: FROM_ABOVE },
  // Of several results at once those out of sight are told apart, none of them by name.
  'check.accept': { may: CHECK_ACCEPTERS },
  'check.accept-complete': { may: CHECK_ACCEPTERS },
  'check.return': { may: CHECK_ACCEPTERS, sees: FROM_ABOVE },
  'check.form': { may: CHECK_EXPORTERS, sees: FROM_ABOVE },
  'check.print': { may: CHECK_EXPORTERS, sees: FROM_ABOVE },
  'check-sheet.upload': { may: CHECK_REPORTERS },
  'check-sheet.list': { may: CHECK_REPORTERS },
  'check-sheet.read': { may: CHECK_REPORTERS, sees: OWN },
  'check-sheet.commit': { may: CHECK_REPORTERS, sees: OWN },

  'book.close': { may: ['city-admin'] },

  'repair.list': { may: REPAIR_READERS },
  'repair.counts': { may: REPAIR_READERS },
  'repair.decide': { may: REPAIRERS, sees: FROM_ABOVE },
  'repair.undo': { may: REPAIRERS, sees: FROM_ABOVE },
  'repair.dismiss': { may: REPAIRERS, sees: FROM_ABOVE },
  'repair.reveal': { may: REPAIRERS, sees: FROM_ABOVE },
  'repair.lists': { may: REPAIR_READERS },
  'repair.make-list': { may: REPAIRERS },
  'repair.download-list': { may: REPAIRERS, sees: OWN },
  'repair.withdraw-list': { may: REPAIRERS, sees: OWN },
  'roster.overview': { may: ROSTER_READERS, sees: FROM_ABOVE },
  'roster.compare': { may: RUN_MAKERS },
  'roster.families': { may: CASE_READERS, sees: FROM_ABOVE },
  'roster.find-families': { may: CASE_READERS },
  'roster.family': { may: CASE_READERS, sees: FROM_ABOVE },
  'roster.term': { may: CASE_READERS, sees: FROM_ABOVE },
  'roster.term-workbook': { may: CHECK_ACCEPTERS, sees: FROM_ABOVE },
  'roster.ledger': { may: CHECK_ACCEPTERS, sees: FROM_ABOVE },
  'roster.found': { may: ROSTER_READERS, sees: FROM_ABOVE },

  'import.upload': { may: IMPORTERS },
  'import.list': { may: IMPORT_READERS },
  'import.read': { may: IMPORT_READERS, sees: FROM_ABOVE },
  'import.findings': { may: IMPORT_READERS, sees: FROM_ABOVE },
  'import.change': { may: IMPORTERS, sees: OWN },
  'import.check': { may: IMPORTERS, sees: OWN },
  'import.marked': { may: IMPORTERS, sees: OWN },
  'import.commit': { may: IMPORTERS, sees: OWN },
  'import.drop': { may: IMPORTERS, sees: OWN },
  'batch.list': { may: IMPORT_READERS },
  'batch.read': { may: IMPORT_READERS, sees: FROM_ABOVE },
  'batch.undo': { may: IMPORTERS, sees: OWN },
}
