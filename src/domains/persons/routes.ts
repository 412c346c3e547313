import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { personsCommands } from './commands.ts'
import * as contract from './contract.ts'

export function mountPersonsRoutes(http: Http, commands: ReturnType<typeof personsCommands>): void {
  mountRoute(http, contract.readChildFile, ({ params, ...asker }) => commands.readFile(asker, params.childId))
  mountRoute(http, contract.openChildFile, ({ params, body, ...asker }) =>
    commands.openFile(asker, params.childId, body.reason),
  )
  mountRoute(http, contract.revealChild, ({ params, body, ...asker }) => commands.reveal(asker, params.childId, body))
}
