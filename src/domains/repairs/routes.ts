import { type Http, mountDownload, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import * as lists from './lists.commands.server.ts'

export function mountRepairRoutes(http: Http, services: Services): void {
  mountRoute(http, contract.listRepairs, ({ actor, query }) => commands.readRepairs(services, actor, query))
  mountRoute(http, contract.countRepairLines, ({ actor }) => commands.readCounts(services, actor))
  mountRoute(http, contract.decideRepair, ({ params, body, ...asked }) =>
    commands.decideOne(services, asked, params.repairId, body),
  )
  mountRoute(http, contract.undoRepair, ({ params, ...asked }) => commands.undoOne(services, asked, params.repairId))
  mountRoute(http, contract.dismissRepair, ({ params, body, ...asked }) =>
    commands.dismissOne(services, asked, params.repairId, body.cause),
  )
  mountRoute(http, contract.revealRepair, ({ params, body, ...asked }) =>
    commands.revealOne(services, asked, params.repairId, body.reason),
  )
  mountRoute(http, contract.listChangeLists, ({ actor, query }) => lists.readLists(services, actor, query))
  mountRoute(http, contract.makeChangeList, ({ body, ...asked }) => lists.makeList(services, asked, body))
  mountRoute(http, contract.withdrawChangeList, ({ params, ...asked }) =>
    lists.withdrawOne(services, asked, params.listId),
  )
  mountDownload(http, contract.downloadChangeList, ({ params, body, ...asked }) =>
    lists.downloadList(services, asked, { listId: params.listId, reason: body.reason }),
  )
}
