import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './ledger.commands.server.ts'
import * as contract from './ledger-contract.ts'

/** Reading a sheet is a process of its own. */
const DEAR = { limit: { most: 30, minutes: 10 } } as const

export function mountLedgerRoutes(http: Http, services: Services): void {
  mountDownload(http, contract.ledgerTemplate, ({ query }) => commands.ledgerTemplate(services, query.kind), DEAR)
  mountUpload(
    http,
    contract.uploadLedger,
    ({ upload, signal, query, ...asked }) => commands.uploadLedger(services, asked, query, upload, signal),
    DEAR,
  )
  mountRoute(http, contract.listLedgers, ({ actor }) => commands.listLedgers(services, actor))
  mountRoute(http, contract.readLedger, ({ actor, params }) => commands.readLedger(services, actor, params.sheetId))
  mountRoute(
    http,
    contract.commitLedger,
    (asked) => commands.commitLedger(services, asked, asked.params.sheetId, asked.body),
    DEAR,
  )
  mountRoute(http, contract.undoLedger, (asked) =>
    commands.undoLedger(services, asked, asked.params.sheetId, asked.body.reason),
  )
}
