import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { mountRepairRoutes } from './routes.ts'
import { closeAgreed } from './settle.server.ts'

/** Rounds of a city's export are one transaction. */
const STATEMENT = { statementSeconds: 300 }

export function mountRepairs(http: Http, services: Services): void {
  const { db, keys, outbox } = services
  mountRepairRoutes(http, services)
  // [REP-6] A new extract is asked at once, and not only by the next run.
  outbox.on('batch.stored', async ({ payload }) => {
    await db.asSystem(
      'repairs.close-agreed',
      (tx) => closeAgreed(tx, keys, { batchId: Number(payload.batchId) }),
      STATEMENT,
    )
  })
}
