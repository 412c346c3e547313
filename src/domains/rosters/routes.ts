import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'

export function mountRosters(http: Http, services: Services): void {
  mountRoute(http, contract.readOverview, ({ actor, query }) => commands.readOverview(services, actor, query.unitId))
  mountRoute(http, contract.compareLists, (asked) => commands.compareLists(services, asked))
  mountRoute(http, contract.listFound, ({ actor, params, query }) =>
    commands.listFound(services, actor, { ...params, ...query }),
  )
}
