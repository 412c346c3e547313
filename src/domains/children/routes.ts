import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findChildren, readChildLines } from './commands.ts'
import { findChildLines, listChildLines } from './contract.ts'

export function mountChildren(http: Http, services: Services): void {
  mountRoute(http, listChildLines, ({ actor, query }) => readChildLines(services, actor, query))
  mountRoute(http, findChildLines, async ({ actor, body, audit }) => {
    audit.note({ kind: 'read' })
    return { rows: await findChildren(services, actor, body.text) }
  })
}
