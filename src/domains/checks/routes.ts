import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import { downloadForm, printForm } from './form.commands.server.ts'
import * as sheets from './sheet.commands.server.ts'
import * as sheetContract from './sheet-contract.ts'

export function mountCheckRoutes(http: Http, services: Services): void {
  mountRoute(http, contract.listChecks, ({ actor, query }) => commands.listChecks(services, actor, query))
  mountRoute(http, contract.checkProgress, ({ actor }) => commands.readProgress(services, actor))
  mountRoute(http, contract.listReports, ({ actor, query }) => commands.listReports(services, actor, query))
  mountRoute(http, contract.findSchools, ({ actor, query }) => commands.findSchools(services, actor, query.q))
  mountRoute(http, contract.readCheck, ({ actor, params }) => commands.readCheck(services, actor, params.caseId))
  mountRoute(http, contract.giveReport, ({ params, body, ...asked }) =>
    commands.giveReport(services, asked, params.caseId, {
      ...body,
      result: body.result ?? null,
      schoolId: body.schoolId ?? null,
      province: body.province ?? null,
      pauseUntil: body.pauseUntil ?? null,
    }),
  )
  mountRoute(http, contract.acceptReports, (asked) => commands.acceptReports(services, asked, asked.body.reportIds))
  mountRoute(http, contract.acceptComplete, (asked) => commands.acceptComplete(services, asked, asked.body))
  mountRoute(http, contract.returnReport, (asked) =>
    commands.returnReport(services, asked, { reportId: asked.params.reportId, reason: asked.body.reason }),
  )
  mountDownload(http, sheetContract.downloadForm, (asked) => downloadForm(services, asked, asked.body))
  mountRoute(http, sheetContract.printForm, (asked) => printForm(services, asked, asked.body))
  mountUpload(http, sheetContract.uploadForm, ({ upload, signal, ...asked }) =>
    sheets.uploadForm(services, asked, upload, signal),
  )
  mountRoute(http, sheetContract.listSheets, ({ actor }) => sheets.listOwnSheets(services, actor))
  mountRoute(http, sheetContract.readSheet, ({ actor, params }) => sheets.readSheet(services, actor, params.sheetId))
  mountRoute(http, sheetContract.commitSheet, (asked) => sheets.commitSheet(services, asked, asked.params.sheetId))
}
