import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { accountSheetCommands } from './account-sheet.commands.server.ts'
import * as contract from './account-sheet-contract.ts'

/** Reading a sheet is a process of its own; writing one hashes for minutes. */
const DEAR = { limit: { most: 20, minutes: 10 } } as const

export function mountAccountSheetRoutes(http: Http, commands: ReturnType<typeof accountSheetCommands>): void {
  mountDownload(http, contract.accountSheetTemplate, (asker) => commands.template(asker), DEAR)
  mountUpload(
    http,
    contract.uploadAccountSheet,
    ({ upload, signal, ...asker }) => commands.upload(asker, upload, signal),
    DEAR,
  )
  mountRoute(http, contract.listAccountSheets, (asker) => commands.list(asker))
  mountRoute(http, contract.readAccountSheet, ({ params, ...asker }) => commands.read(asker, params.sheetId))
  mountRoute(http, contract.commitAccountSheet, ({ params, ...asker }) => commands.commit(asker, params.sheetId), DEAR)
  mountDownload(http, contract.takeFirstPasswords, ({ params, ...asker }) =>
    commands.takePasswords(asker, params.sheetId),
  )
  mountRoute(
    http,
    contract.redrawFirstPasswords,
    ({ params, ...asker }) => commands.redraw(asker, params.sheetId),
    DEAR,
  )
}
