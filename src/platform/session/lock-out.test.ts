import { expect, test } from 'vitest'
import { decideLockOut, type Failures } from './lock-out.ts'

const limits = { maxFailures: 5, lockMinutes: 15 }
const start = new Date('2026-09-01T08:00:00Z')
const fresh: Failures = { failures: 0, lockedUntil: null }

function minutesLater(minutes: number): Date {
  return new Date(start.getTime() + minutes * 60_000)
}

test('[SEC-3] five tries, each counted before the password is looked at, then the lock', () => {
  let before = fresh
  const left: number[] = []
  for (let n = 0; n < 5; n += 1) {
    const decision = decideLockOut(before, start, limits)
    if (decision.kind !== 'try') throw new Error('locked too early')
    left.push(decision.left)
    before = decision.next
  }
  expect(left).toEqual([4, 3, 2, 1, 0])
  expect(before).toEqual({ failures: 5, lockedUntil: minutesLater(15) })
  expect(decideLockOut(before, minutesLater(1), limits)).toEqual({ kind: 'locked', minutes: 14 })
})

test('[SEC-3] the lock ends at its minute, and counting starts anew', () => {
  const locked: Failures = { failures: 5, lockedUntil: minutesLater(15) }
  expect(decideLockOut(locked, new Date(minutesLater(15).getTime() - 1), limits)).toEqual({
    kind: 'locked',
    minutes: 1,
  })
  expect(decideLockOut(locked, minutesLater(15), limits)).toMatchObject({ kind: 'try', left: 4, next: { failures: 1 } })
})

test('[SEC-3] a limit that was lowered meanwhile locks at once instead of never', () => {
  expect(decideLockOut({ failures: 7, lockedUntil: null }, start, limits)).toMatchObject({
    kind: 'try',
    left: 0,
    next: { lockedUntil: minutesLater(15) },
  })
})
