import { childId } from '../../kernel/ids.ts'
import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { askStored, recordFromCheck } from './commands.ts'
import { mountRepairRoutes } from './routes.ts'

export function mountRepairs(http: Http, services: Services): void {
  mountRepairRoutes(http, services)
  services.outbox.on('batch.stored', ({ payload }) => askStored(services, Number(payload.batchId)))
  services.outbox.on('check.data-wrong', ({ payload }) =>
    recordFromCheck(services, { reportId: Number(payload.reportId), childId: childId(Number(payload.childId)) }),
  )
}
