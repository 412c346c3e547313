import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { DemoSheets } from './demo-sheets.server.ts'
import { defineReconcileJobs } from './jobs.ts'
import { mountReviewRoutes } from './review-routes.server.ts'
import { mountReconcileRoutes } from './routes.ts'

export function mountReconcile(http: Http, services: Services, demo: DemoSheets): void {
  defineReconcileJobs(services)
  mountReconcileRoutes(http, services, demo)
  mountReviewRoutes(http, services)
}
