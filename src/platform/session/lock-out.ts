/** Wrong passwords in a row, of an account or of a login that does not exist. */
export interface Failures {
  readonly failures: number
  readonly lockedUntil: Date | null
}

interface LockOutLimits {
  readonly maxFailures: number
  readonly lockMinutes: number
}

export type LockOut =
  | { readonly kind: 'locked'; readonly minutes: number }
  /** `next` is stored before the password is looked at; `left` tries remain if it is wrong. */
  | { readonly kind: 'try'; readonly next: Failures; readonly left: number }

/**
 * [SEC-3] Counts the try before the password is compared, so that a thousand
 * at the same moment get no more tries than one after the other. A right
 * password sets the count back. When the lock is over, counting starts anew.
 */
export function decideLockOut(before: Failures, now: Date, { maxFailures, lockMinutes }: LockOutLimits): LockOut {
  if (before.lockedUntil !== null && before.lockedUntil > now) {
    return { kind: 'locked', minutes: Math.ceil((before.lockedUntil.getTime() - now.getTime()) / 60_000) }
  }
  const failures = (before.lockedUntil === null ? before.failures : 0) + 1
  const left = Math.max(maxFailures - failures, 0)
  const lockedUntil = left === 0 ? new Date(now.getTime() + lockMinutes * 60_000) : null
  return { kind: 'try', next: { failures, lockedUntil }, left }
}
