import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { accountSheetCommands, type SheetServices } from './account-sheet.commands.server.ts'
import { mountAccountSheetRoutes } from './account-sheet-routes.server.ts'
import { registryCommands } from './commands.ts'
import { mountRegistryRoutes } from './routes.ts'

interface RegistryOptions {
  /** True where the people in the data are invented; asked at every sign-in. */
  readonly isDemo: () => Promise<boolean>
  /** Route id → summary, of every slice. */
  readonly actionLabels: ReadonlyMap<string, string>
}

export function mountRegistry(
  http: Http,
  services: SheetServices & Pick<Services, 'sessions'>,
  options: RegistryOptions,
): void {
  const commands = registryCommands(services)
  mountRegistryRoutes(http, { commands, sessions: services.sessions, clock: services.clock, ...options })
  const sheets = accountSheetCommands(services)
  sheets.defineJobs()
  mountAccountSheetRoutes(http, sheets)
}
