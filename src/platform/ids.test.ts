import { expect, test } from 'vitest'
import { createIds } from './ids.ts'
import { fixedClock } from './testing/clock.ts'

function seeded(): (length: number) => Uint8Array {
  let state = 1
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647
      return state & 0xff
    })
}

test('ids are UUIDs of version 7 that carry the clock', () => {
  const id = createIds({ clock: fixedClock('2026-09-01T00:00:00Z'), random: seeded() }).uuid()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-09-01T00:00:00Z'))
})

test('same clock and same randomness, same ids', () => {
  const make = () => createIds({ clock: fixedClock('2026-09-01T00:00:00Z'), random: seeded() })
  const [one, other] = [make(), make()]
  expect([one.uuid(), one.uuid()]).toEqual([other.uuid(), other.uuid()])
})

test('later ids sort later, within a millisecond, past its counter, and when the clock steps back', () => {
  const clock = fixedClock('2026-09-01T00:00:00Z')
  const ids = createIds({ clock, random: seeded() })
  const made = Array.from({ length: 9_000 }, () => ids.uuid())
  clock.advance(-5_000)
  made.push(ids.uuid())
  expect(made).toEqual([...made].sort())
  expect(new Set(made).size).toBe(made.length)
})
