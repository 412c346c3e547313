import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { mountCaseRoutes } from './routes.ts'

export function mountCases(http: Http, services: Services): void {
  mountCaseRoutes(http, services)
}
