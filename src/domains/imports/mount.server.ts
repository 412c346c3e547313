import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { defineImportJobs } from './jobs.ts'
import { mountImportRoutes } from './routes.ts'

export function mountImports(http: Http, services: Services): void {
  defineImportJobs(services)
  mountImportRoutes(http, services)
}
