import type { AuditPen } from '../../platform/http/context.ts'
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
  mountRoute(http, contract.readAccountSheet, (asked) => commands.read(asked, named(asked)))
  mountRoute(http, contract.commitAccountSheet, (asked) => commands.commit(asked, named(asked)), DEAR)
  mountDownload(http, contract.takeFirstPasswords, (asked) => commands.takePasswords(asked, named(asked)))
  mountRoute(http, contract.redrawFirstPasswords, (asked) => commands.redraw(asked, named(asked)), DEAR)
}

/** The audit tells a sheet of accounts from a sheet of children, refusals too. */
function named({ params, audit }: { readonly params: { readonly sheetId: string }; readonly audit: AuditPen }): string {
  audit.note({ target: `account-sheet:${params.sheetId}` })
  return params.sheetId
}
