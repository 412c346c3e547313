import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { askStored } from './commands.ts'
import { mountRepairRoutes } from './routes.ts'

export function mountRepairs(http: Http, services: Services): void {
  mountRepairRoutes(http, services)
  services.outbox.on('batch.stored', ({ payload }) => askStored(services, Number(payload.batchId)))
}
