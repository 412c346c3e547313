import type { AccountId, UnitId } from './ids.ts'

/**
 * On whose behalf a query runs. Every query of the product runs as exactly one
 * scope; the database shows a unit only the rows whose `units` contain it, the
 * city every row, and an unset scope nothing.
 */
export type Scope =
  | { readonly kind: 'unit'; readonly unitId: UnitId; readonly accountId: AccountId }
  | { readonly kind: 'city'; readonly unitId: UnitId; readonly accountId: AccountId }

/** What a role may do. The list is code, because code asks for it; which role has which is pack data. */
export const PERMISSIONS = [
  'unit.read',
  'unit.write',
  'account.read',
  'account.write',
  'role.assign',
  'policy.read',
  'run.read',
  'run.create',
  'run.export',
  'run.reveal',
  'run.review',
  'run.review-settle',
  'import.read',
  'import.write',
  'import.undo',
  'book.read',
  'book.post',
  'book.close',
  'child.read',
  'child.reveal',
  'case.read',
  'check.read',
  'check.report',
  'check.accept',
  'check.export',
  'repair.read',
  'repair.decide',
  'outside.read',
  'outside.write',
  'outside.confirm',
  'roster.read',
  'roster.compare',
  'roster.export',
  'audit.read',
] as const

export type Permission = (typeof PERMISSIONS)[number]
