import { runId } from '../../kernel/ids.ts'
import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as books from './books.commands.server.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import { type DemoSheets, listDemoSheets, openDemoSheet } from './demo-sheets.server.ts'

/** Revealing is for single rows; a whole list goes by the workbook. */
const REVEALS = { most: 60, minutes: 10 }

export function mountReconcileRoutes(http: Http, services: Services, demo: DemoSheets): void {
  mountUpload(http, contract.uploadSheet, (asked) =>
    commands.uploadSheet(services, asked, { role: asked.query.role, upload: asked.upload }),
  )
  mountRoute(http, contract.createRun, (asked) => commands.createRun(services, asked, asked.body))
  mountRoute(http, contract.listBooksInputs, ({ actor }) => books.listBooksInputs(services, actor))
  mountRoute(http, contract.createBooksRun, (asked) => books.createBooksRun(services, asked, asked.body))
  mountRoute(http, contract.listRuns, ({ actor, query }) => commands.listRunLines(services, actor, query))
  mountRoute(http, contract.listDemoSheets, async ({ actor }) => ({ rows: await listDemoSheets(actor, demo) }))
  mountDownload(http, contract.downloadDemoSheet, ({ actor, params }) => openDemoSheet(actor, demo, params.name))
  mountRoute(http, contract.readRun, ({ actor, params }) => commands.readRun(services, actor, runId(params.runId)))
  mountRoute(http, contract.cancelRun, (asked) => commands.cancelRun(services, asked, runId(asked.params.runId)))
  mountRoute(http, contract.readList, ({ actor, params, query }) =>
    commands.readList(services, actor, runId(params.runId), params.list, {
      page: query.page,
      size: query.size,
      class: query.class,
      township: query.township,
      text: query.q,
    }),
  )
  mountRoute(
    http,
    contract.revealRow,
    (asked) =>
      commands.revealRow(services, asked, {
        runId: runId(asked.params.runId),
        list: asked.params.list,
        seq: asked.params.seq,
        reason: asked.body.reason,
      }),
    { limit: REVEALS },
  )
  mountDownload(http, contract.downloadWorkbook, (asked) =>
    commands.downloadWorkbook(services, asked, { runId: runId(asked.params.runId), reason: asked.body.reason }),
  )
}
