import type { Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
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
  services: Pick<Services, 'db' | 'clock' | 'sessions'>,
  options: RegistryOptions,
): void {
  const commands = registryCommands(services)
  mountRegistryRoutes(http, { commands, sessions: services.sessions, clock: services.clock, ...options })
}
