import { type Http, mountDownload, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import * as families from './families.commands.server.ts'
import { downloadLedger } from './ledger.commands.server.ts'
import * as term from './term.commands.server.ts'

export function mountRosters(http: Http, services: Services): void {
  mountRoute(http, contract.readOverview, ({ actor, query }) => commands.readOverview(services, actor, query.unitId))
  mountRoute(http, contract.compareLists, (asked) => commands.compareLists(services, asked))
  mountRoute(http, contract.listFound, ({ actor, params, query }) =>
    commands.listFound(services, actor, { ...params, ...query }),
  )
  mountRoute(http, contract.listFamilies, ({ actor, query }) => families.listFamilies(services, actor, query))
  mountRoute(http, contract.findFamilies, async ({ actor, body, audit }) => {
    audit.note({ kind: 'read' })
    return { rows: await families.findFamilies(services, actor, body.text) }
  })
  mountRoute(http, contract.readFamily, ({ actor, params }) => families.readFamily(services, actor, params.childId))
  mountRoute(http, contract.readTerm, ({ actor, query }) => term.readTerm(services, actor, query))
  mountDownload(http, contract.downloadTerm, (asked) => term.downloadTerm(services, asked, asked.body))
  mountDownload(http, contract.downloadLedger, (asked) =>
    downloadLedger(services, asked, { ...asked.params, ...asked.body }),
  )
}
