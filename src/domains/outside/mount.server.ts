import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { mountLedgerRoutes } from './ledger-routes.server.ts'

export function mountOutside(http: Http, services: Services): void {
  mountLedgerRoutes(http, services)
}
