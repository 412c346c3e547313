import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type ChildHooks, personsCommands } from './commands.ts'
import { mountPersonsRoutes } from './routes.ts'

export function mountPersons(http: Http, services: Pick<Services, 'db' | 'clock' | 'keys'>, hooks: ChildHooks): void {
  mountPersonsRoutes(http, personsCommands(services, hooks))
}
