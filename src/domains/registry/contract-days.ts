import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'

export const day = z.iso.date()
/** A day that people give. Zod lets the year 0 pass, the calendar does not. */
export const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
export const instant = z.iso.datetime({ offset: true })
