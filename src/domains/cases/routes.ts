import { childId } from '../../kernel/ids.ts'
import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { closeDay } from './close-day.commands.server.ts'
import * as commands from './commands.ts'
import * as contract from './contract.ts'

export function mountCaseRoutes(http: Http, services: Services): void {
  mountRoute(http, contract.listCases, ({ actor, query }) => commands.listCases(services, actor, query))
  mountRoute(http, contract.readCase, ({ actor, params }) => commands.readCase(services, actor, params.caseId))
  mountRoute(http, contract.changeCase, (asked) =>
    commands.changeCase(services, asked, asked.params.caseId, asked.body),
  )
  mountRoute(http, contract.readStanding, ({ actor, params }) =>
    commands.readStanding(services, actor, childId(params.childId)),
  )
  mountRoute(http, contract.findSchools, ({ actor, query }) => commands.findSchools(services, actor, query.q))
  mountRoute(http, contract.postEntry, (asked) =>
    commands.postEntry(services, asked, { childId: childId(asked.params.childId), ...asked.body }),
  )
  mountRoute(http, contract.mergeChildren, ({ params, body, ...asked }) =>
    commands.mergeTwo(services, asked, {
      from: childId(params.childId),
      into: childId(body.intoChildId),
      reason: body.reason,
    }),
  )
  mountRoute(http, contract.undoMerge, ({ params, body, ...asked }) =>
    commands.undoMerge(services, asked, { mergeId: params.mergeId, reason: body.reason }),
  )
  mountRoute(http, contract.closeBookDay, ({ body }) => closeDay(services, body.day))
}
