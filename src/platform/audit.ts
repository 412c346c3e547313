import type { Generated } from 'kysely'
import type { AccountId, PostId, UnitId } from '../kernel/ids.ts'
import type { ProblemCode } from '../kernel/problem.ts'
import type { Tx } from './db/index.ts'

export const AUDIT_KINDS = ['read', 'write', 'sign-in', 'export', 'reveal', 'refused'] as const
export type AuditKind = (typeof AUDIT_KINDS)[number]

/** What one person did or tried. Ids and codes only; the reason is what the officer typed, with long numbers struck out. */
export interface AuditEvent {
  readonly at: Date
  readonly kind: AuditKind
  /** Route id or command: `run.reveal-row`. */
  readonly action: string
  readonly accountId: AccountId | null
  readonly postId: PostId | null
  readonly unitId: UnitId | null
  /** The actor's unit and all above it: whose auditors see the line. Empty: the city's only. */
  readonly units: readonly number[]
  readonly target: string | null
  readonly reason: string | null
  readonly outcome: 'ok' | ProblemCode
  readonly address: string | null
}

export type AuditTables = {
  audit_event: {
    audit_id: Generated<number>
    at: Date
    kind: AuditKind
    action: string
    account_id: number | null
    post_id: number | null
    unit_id: number | null
    units: number[]
    target: string | null
    reason: string | null
    outcome: string
    address: string | null
  }
}

/** [SEC-20] Appends one line; nobody can change or remove it afterwards, the table's owner included. */
export async function recordAudit(tx: Tx, event: AuditEvent): Promise<void> {
  await tx
    .withTables<AuditTables>()
    .insertInto('audit_event')
    .values({
      at: event.at,
      kind: event.kind,
      action: event.action,
      account_id: event.accountId,
      post_id: event.postId,
      unit_id: event.unitId,
      units: [...event.units],
      target: event.target,
      reason: event.reason === null ? null : withoutNumbers(event.reason),
      outcome: event.outcome,
      address: event.address,
    })
    .execute()
}

interface AuditSearch {
  readonly accountId: AccountId
  readonly actions: readonly string[]
  readonly target: string
  readonly since: Date
}

/** Whether the account has done one of these to the target since then; as far as the scope sees its own lines. */
export async function hasRecorded(tx: Tx, { accountId, actions, target, since }: AuditSearch): Promise<boolean> {
  const found = await tx
    .withTables<AuditTables>()
    .selectFrom('audit_event')
    .select('audit_id')
    .where('at', '>=', since)
    .where('account_id', '=', accountId)
    .where('action', 'in', [...actions])
    .where('target', '=', target)
    .where('outcome', '=', 'ok')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Seven digits or more may be a phone, a card or an ID number; a reason needs none of them. */
const LONG_NUMBER = /[\d０-９][\d０-９ -]{5,}[\dXx０-９]/g

/** [SEC-21] An officer who types a number into the reason does not put it into the log. */
export function withoutNumbers(reason: string): string {
  return reason.replace(LONG_NUMBER, '…')
}
