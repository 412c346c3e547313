import { batchId } from '../../kernel/ids.ts'
import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as batches from './batch.commands.server.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import * as findings from './findings.commands.server.ts'

export function mountImportRoutes(http: Http, services: Services): void {
  mountUpload(http, contract.uploadSheet, (asked) =>
    commands.uploadSheet(services, asked, { kind: asked.query.kind, asOf: asked.query.asOf, upload: asked.upload }),
  )
  mountRoute(http, contract.listSheets, ({ actor, query }) => commands.listSheetLines(services, actor, query))
  mountRoute(http, contract.readSheet, ({ actor, params }) => commands.readSheet(services, actor, params.sheetId))
  mountRoute(http, contract.changeSheet, (asked) =>
    commands.changeSheet(services, asked, asked.params.sheetId, asked.body),
  )
  mountRoute(http, contract.checkSheet, (asked) => commands.checkSheet(services, asked, asked.params.sheetId))
  mountRoute(http, contract.readFindings, ({ actor, params, query }) =>
    findings.readFindings(services, actor, params.sheetId, query),
  )
  mountDownload(http, contract.downloadMarked, (asked) =>
    findings.downloadMarked(services, asked, { sheetId: asked.params.sheetId, reason: asked.body.reason }),
  )
  mountRoute(http, contract.commitSheet, (asked) =>
    commands.commitSheet(services, asked, asked.params.sheetId, asked.body),
  )
  mountRoute(http, contract.dropSheet, (asked) => commands.dropSheet(services, asked, asked.params.sheetId))
  mountRoute(http, contract.listBatches, ({ actor, query }) => batches.listBatchLines(services, actor, query))
  mountRoute(http, contract.readBatch, ({ actor, params }) =>
    batches.readBatch(services, actor, batchId(params.batchId)),
  )
  mountRoute(http, contract.undoBatch, (asked) =>
    batches.undoBatch(services, asked, { batchId: batchId(asked.params.batchId), reason: asked.body.reason }),
  )
}
