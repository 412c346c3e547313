/** Closes a day in a process of its own, in many small transactions, for a test that kills it. Arguments: database, day, today. */
import { plainDate } from '../../kernel/plain-date.ts'
import { createClock } from '../../platform/clock.ts'
import { openDatabase } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log.ts'
import type { Services } from '../../platform/services.ts'
import { closeDay } from './close-day.commands.server.ts'

const [url = '', day = '', today = ''] = process.argv.slice(2)
const clock = createClock(plainDate(today))
const log = createLog({ write: () => true }, clock.now)
const db = await openDatabase({ url, log, connections: 2 })
await closeDay({ db, log, clock } as Services, plainDate(day), {
  chunk: 25,
})
await db.close()
