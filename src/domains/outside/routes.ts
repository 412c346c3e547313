import { type Http, mountDownload, mountRoute, mountUpload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'
import { type CoreDistricts, listFlowChildren, readFlows } from './flows.commands.server.ts'
import { requestList, uploadReplies } from './requests.commands.server.ts'

/** Reading or writing a workbook. */
const DEAR = { limit: { most: 30, minutes: 10 } } as const

export function mountOutsideRoutes(http: Http, services: Services, core: () => Promise<CoreDistricts>): void {
  mountRoute(http, contract.listLines, ({ actor, query }) => commands.listLines(services, actor, query))
  mountRoute(http, contract.readLine, ({ actor, params }) => commands.readLine(services, actor, params.lineId))
  mountRoute(http, contract.listPlaces, ({ actor }) => commands.listPlaces(services, actor))
  mountRoute(http, contract.addLine, (asked) => commands.addLine(services, asked, asked.body))
  mountRoute(http, contract.askOther, (asked) => commands.askOther(services, asked, asked.params.lineId))
  mountRoute(http, contract.proveLine, (asked) => commands.proveLine(services, asked, asked.params.lineId, asked.body))
  mountRoute(http, contract.denyLine, (asked) =>
    commands.denyLine(services, asked, asked.params.lineId, asked.body.answer),
  )
  mountRoute(http, contract.endLine, (asked) => commands.endLine(services, asked, asked.params.lineId, asked.body))
  mountRoute(http, contract.answerLine, ({ body, params, ...asked }) =>
    body.is === 'here'
      ? commands.proveLine(services, asked, params.lineId, {
          proof: 'other-side',
          checkedDay: body.seenDay,
          schoolId: body.schoolId,
        })
      : commands.denyLine(services, asked, params.lineId, body.answer),
  )
  mountDownload(http, contract.requestList, (asked) => requestList(services, asked, asked.body.place), DEAR)
  mountUpload(
    http,
    contract.uploadReplies,
    ({ upload, signal, ...asked }) => uploadReplies(services, asked, upload, signal),
    DEAR,
  )
  mountRoute(http, contract.readFlows, async ({ actor }) => readFlows(services, actor, await core()))
  mountRoute(http, contract.listFlowChildren, async ({ actor, query }) =>
    listFlowChildren(services, actor, await core(), query),
  )
}
