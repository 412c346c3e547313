import { childId } from '../../kernel/ids.ts'
import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { bookCommands } from './commands.ts'
import * as contract from './contract.ts'

/** Reads the outlines of the pack's map. */
export type MapOutlines = () => Promise<Record<string, unknown>>

export function mountBookRoutes(http: Http, services: Pick<Services, 'db' | 'clock'>, outlines: MapOutlines): void {
  const commands = bookCommands(services)
  mountRoute(http, contract.readDays, ({ actor }) => commands.readDays(actor))
  mountRoute(http, contract.readBalance, ({ actor, query }) => commands.readBalance(actor, query))
  mountRoute(http, contract.readMatrix, ({ actor, query }) => commands.readMatrix(actor, query))
  mountRoute(http, contract.readMovements, ({ actor, query }) => commands.readMovements(actor, query))
  mountRoute(http, contract.readMap, ({ actor, query }) => commands.readMap(actor, query))
  mountRoute(http, contract.readMapShapes, outlines)
  mountRoute(http, contract.listChildren, ({ actor, query }) => commands.listChildren(actor, query))
  mountRoute(http, contract.readTimeline, ({ actor, params, query }) =>
    commands.readTimeline(actor, childId(params.childId), query.knownAt),
  )
}
