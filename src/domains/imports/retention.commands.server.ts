import { valueOn } from '../../engines/policy/index.ts'
import type { Services } from '../../platform/services.ts'
import { idleSheetDays } from './policy.ts'
import { dropIdleSheets } from './store.ts'

const DAY_MS = 86_400_000

/**
 * [IMP-18] Sheets that nobody stored for too long are given up with everything opened of them. The raw sheet and the list
 * of faults of a stored one go by the day of their files; what a batch was made of stays. Answers how many were given up.
 */
export async function sweepImports({ db, clock }: Services): Promise<number> {
  const now = clock.now()
  const before = new Date(now.getTime() - valueOn(idleSheetDays, clock.today()) * DAY_MS)
  return db.asSystem('imports.retention', (tx) => dropIdleSheets(tx, before, now))
}
