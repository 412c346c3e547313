import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type MapOutlines, mountBookRoutes } from './routes.ts'

export function mountWhereabouts(http: Http, services: Services, outlines: MapOutlines): void {
  mountBookRoutes(http, services, outlines)
}
