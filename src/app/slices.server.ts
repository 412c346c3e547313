import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reconcileRoutes } from '../domains/reconcile/contract.ts'
import type { DemoSheets } from '../domains/reconcile/demo-sheets.server.ts'
import { mountReconcile } from '../domains/reconcile/mount.server.ts'
import { reconcileParameters } from '../domains/reconcile/policy.ts'
import { registryRoutes } from '../domains/registry/contract.ts'
import { mountRegistry } from '../domains/registry/mount.server.ts'
import { registryParameters } from '../domains/registry/policy.ts'
import { listUnitsById } from '../domains/registry/server.ts'
import { policyRoutes } from '../engines/policy/contract.ts'
import { type PolicyPack, readPolicyPacks } from '../engines/policy/index.ts'
import { mountPolicy } from '../engines/policy/server/routes.ts'
import type { Http } from '../platform/http/index.ts'
import type { Services } from '../platform/services.ts'

export const parameters = [...registryParameters, ...reconcileParameters]

/** Every route by its id, for the audit list. */
const actionLabels = new Map(
  [...registryRoutes, ...policyRoutes, ...reconcileRoutes].map(({ id, summary }) => [id, summary]),
)

export interface SliceOptions {
  readonly packs: readonly PolicyPack[]
  readonly isDemo: () => Promise<boolean>
  readonly demoSheets: DemoSheets
}

export function mountSlices(http: Http, services: Services, options: SliceOptions): void {
  mountRegistry(http, services, { isDemo: options.isDemo, actionLabels })
  mountPolicy(http, services, {
    parameters,
    packs: options.packs,
    unitCodesOf: (actor) =>
      services.db.inScope(actor.scope, async (tx) => {
        const units = await listUnitsById(tx, actor.unitPath)
        return actor.unitPath.flatMap((id) => units.find((unit) => unit.unitId === id)?.code ?? [])
      }),
  })
  mountReconcile(http, services, options.demoSheets)
}

/** Own values of the city and its districts; none when the pack has no such file. */
export async function readOverlays(packFolder: string): Promise<readonly PolicyPack[]> {
  const text = await readFile(join(packFolder, 'policy.json'), 'utf8').catch(() => undefined)
  return text === undefined ? [] : readPolicyPacks(JSON.parse(text), parameters, 'policy.json')
}
