import type { Clock } from '../../platform/clock.ts'
import { type Http, mountRoute } from '../../platform/http/index.ts'
import type { OpenedSession, Sessions } from '../../platform/session/index.ts'
import { listAudit } from './audit-contract.ts'
import type { registryCommands } from './commands.ts'
import * as contract from './contract.ts'
import { postChooser } from './server.ts'

interface RouteParts {
  readonly commands: ReturnType<typeof registryCommands>
  readonly sessions: Sessions
  readonly clock: Clock
  /** True where the people in the data are invented. */
  readonly isDemo: () => Promise<boolean>
  /** Chinese label of every action of the product, for the audit page. */
  readonly actionLabels: ReadonlyMap<string, string>
}

export function mountRegistryRoutes(http: Http, { commands, sessions, clock, isDemo, actionLabels }: RouteParts): void {
  const choosePost = postChooser(clock)

  async function viewerOf(opened: OpenedSession, cookie: { set(token: string): void }): Promise<contract.Me> {
    const actor = await commands.getActor(opened)
    cookie.set(opened.token)
    return commands.readViewer(actor, { isDemo: await isDemo() })
  }

  mountRoute(http, contract.signIn, async ({ body, cookie, address }) =>
    viewerOf(await sessions.signIn({ ...body, address, previousToken: cookie.current }, choosePost), cookie),
  )
  mountRoute(http, contract.readSession, async ({ actor }) => commands.readViewer(actor, { isDemo: await isDemo() }))
  mountRoute(http, contract.signOut, async ({ cookie }) => {
    if (cookie.current !== undefined) await sessions.end(cookie.current)
    cookie.clear()
    return {}
  })
  mountRoute(http, contract.switchPost, async ({ actor, body, cookie }) => {
    const postId = await commands.getOwnPost(actor, body.postId)
    return viewerOf(await sessions.switchPost(cookie.current ?? '', postId), cookie)
  })
  mountRoute(http, contract.changePassword, async ({ body, cookie }) =>
    viewerOf(await sessions.changePassword(cookie.current ?? '', body), cookie),
  )

  mountRoute(http, contract.listUnits, ({ query, ...asker }) => commands.listUnits(asker, query))
  mountRoute(http, contract.readUnit, ({ params, ...asker }) => commands.readUnit(asker, params.unitId))
  mountRoute(http, contract.createUnit, ({ body, ...asker }) => commands.createUnit(asker, body))
  mountRoute(http, contract.changeUnit, ({ params, body, ...asker }) => commands.changeUnit(asker, params.unitId, body))
  mountRoute(http, contract.moveUnit, ({ params, body, ...asker }) => commands.moveUnit(asker, params.unitId, body))

  mountRoute(http, contract.listRoles, (asker) => commands.listRoles(asker))
  mountRoute(http, contract.listAccounts, ({ query, ...asker }) => commands.listAccounts(asker, query))
  mountRoute(http, contract.createAccount, ({ body, ...asker }) => commands.createAccount(asker, body))
  mountRoute(http, contract.setAccountState, ({ params, body, ...asker }) =>
    commands.setAccountState(asker, params.accountId, body.action),
  )
  mountRoute(http, contract.resetPassword, ({ params, ...asker }) => commands.resetPassword(asker, params.accountId))
  mountRoute(http, contract.givePost, ({ params, body, ...asker }) => commands.givePost(asker, params.accountId, body))
  mountRoute(http, contract.endPost, ({ params, body, ...asker }) => commands.endPost(asker, params.postId, body.until))

  mountRoute(http, listAudit, ({ query, ...asker }) => commands.listAudit(asker, query, actionLabels))
}
