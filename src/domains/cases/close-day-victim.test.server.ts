/** Closes a day in a process of its own, in many small transactions, for a test that kills it. Arguments: database, day, today. */
import { plainDate } from '../../kernel/plain-date.ts'
import { createClock } from '../../platform/clock.ts'
import { openDatabase } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log.ts'
import type { Services } from '../../platform/services.ts'
import { closeDay } from './close-day.commands.server.ts'

const [url = '', day = '', today = ''] = process.argv.slice(2)
const log = createLog({ level: 'error' })
const db = await openDatabase({ url, log, connections: 2 })
process.stdout.write('open\n')
const closed = await closeDay({ db, log, clock: createClock(plainDate(today)) } as Services, plainDate(day), {
  chunk: 25,
})
process.stdout.write(`closed ${closed.posted}\n`)
await db.close()
