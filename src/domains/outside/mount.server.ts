import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { CoreDistricts } from './flows.commands.server.ts'
import { mountLedgerRoutes } from './ledger-routes.server.ts'
import { mountOutsideRoutes } from './routes.ts'

export interface OutsideOptions {
  /** 主城区, of the pack. */
  readonly core: () => Promise<CoreDistricts>
}

export function mountOutside(http: Http, services: Services, { core }: OutsideOptions): void {
  mountOutsideRoutes(http, services, core)
  mountLedgerRoutes(http, services)
}
