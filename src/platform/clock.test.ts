import { expect, test } from 'vitest'
import { plainDate } from '../kernel/plain-date.ts'
import { createClock, dayInChina } from './clock.ts'

test('[TIME-1] the day begins at midnight in China, which is 16:00 the day before in UTC', () => {
  expect(dayInChina(new Date('2026-08-30T15:59:59.999Z'))).toBe('2026-08-30')
  expect(dayInChina(new Date('2026-08-30T16:00:00Z'))).toBe('2026-08-31')
  expect(dayInChina(new Date('2025-12-31T16:00:00Z'))).toBe('2026-01-01')
})

test('[TIME-2] a fixed business day stands still while the moment runs on', () => {
  const clock = createClock(plainDate('2026-09-01'))
  expect(clock.today()).toBe('2026-09-01')
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1000)
  expect(createClock().today()).toBe(dayInChina(new Date()))
})
