import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { mountCheckRoutes } from './routes.ts'

export function mountChecks(http: Http, services: Services): void {
  mountCheckRoutes(http, services)
}
