import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { caseRoutes } from '../domains/cases/contract.ts'
import { mountCases } from '../domains/cases/mount.server.ts'
import { casesParameters } from '../domains/cases/policy.ts'
import { checkRoutes } from '../domains/checks/contract.ts'
import { mountChecks } from '../domains/checks/mount.server.ts'
import { checksParameters } from '../domains/checks/policy.ts'
import { checkSheetRoutes } from '../domains/checks/sheet-contract.ts'
import { childrenRoutes } from '../domains/children/index.ts'
import { mountChildren } from '../domains/children/mount.server.ts'
import { importRoutes } from '../domains/imports/contract.ts'
import { mountImports } from '../domains/imports/mount.server.ts'
import { importParameters } from '../domains/imports/policy.ts'
import { outsideRoutes } from '../domains/outside/contract.ts'
import type { CoreDistricts } from '../domains/outside/flows.commands.server.ts'
import { mountOutside } from '../domains/outside/mount.server.ts'
import { outsideParameters } from '../domains/outside/policy.ts'
import { personsRoutes } from '../domains/persons/contract.ts'
import { mountPersons } from '../domains/persons/mount.server.ts'
import { personsParameters } from '../domains/persons/policy.ts'
import { reconcileRoutes } from '../domains/reconcile/contract.ts'
import type { DemoSheets } from '../domains/reconcile/demo-sheets.server.ts'
import { mountReconcile } from '../domains/reconcile/mount.server.ts'
import { reconcileParameters } from '../domains/reconcile/policy.ts'
import { registryRoutes } from '../domains/registry/contract.ts'
import { mountRegistry } from '../domains/registry/mount.server.ts'
import { registryParameters } from '../domains/registry/policy.ts'
import { listUnitsById } from '../domains/registry/server.ts'
import { repairRoutes, repairsParameters } from '../domains/repairs/index.ts'
import { mountRepairs } from '../domains/repairs/mount.server.ts'
import { rosterRoutes } from '../domains/rosters/contract.ts'
import { mountRosters } from '../domains/rosters/mount.server.ts'
import { rostersParameters } from '../domains/rosters/policy.ts'
import { bookRoutes, whereaboutsParameters } from '../domains/whereabouts/index.ts'
import { mountWhereabouts } from '../domains/whereabouts/mount.server.ts'
import type { MapOutlines } from '../domains/whereabouts/routes.ts'
import { standingOf } from '../domains/whereabouts/server.ts'
import { policyRoutes } from '../engines/policy/contract.ts'
import { type PolicyPack, readPolicyPacks } from '../engines/policy/index.ts'
import { mountPolicy } from '../engines/policy/server/routes.ts'
import type { Http } from '../platform/http/index.ts'
import type { Services } from '../platform/services.ts'
import { packFolder } from './place.ts'

export const parameters = [
  ...registryParameters,
  ...personsParameters,
  ...whereaboutsParameters,
  ...importParameters,
  ...reconcileParameters,
  ...casesParameters,
  ...checksParameters,
  ...repairsParameters,
  ...outsideParameters,
  ...rostersParameters,
]

/** Every route by its id, for the audit list. */
const actionLabels = new Map(
  [
    ...registryRoutes,
    ...policyRoutes,
    ...personsRoutes,
    ...bookRoutes,
    ...importRoutes,
    ...reconcileRoutes,
    ...caseRoutes,
    ...checkRoutes,
    ...checkSheetRoutes,
    ...childrenRoutes,
    ...repairRoutes,
    ...outsideRoutes,
    ...rosterRoutes,
  ].map(({ id, summary }) => [id, summary]),
)

export interface SliceOptions {
  readonly packs: readonly PolicyPack[]
  readonly isDemo: () => Promise<boolean>
  readonly demoSheets: DemoSheets
  readonly outlines: MapOutlines
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
  mountPersons(http, services, {
    isCallable: async (tx, child) =>
      !(await standingOf(tx, [child])).some(({ account }) => account === 'died' || account === 'missing'),
  })
  mountWhereabouts(http, services, options.outlines)
  mountImports(http, services)
  mountReconcile(http, services, options.demoSheets)
  mountCases(http, services)
  mountChildren(http, services)
  mountChecks(http, services)
  mountRepairs(http, services)
  mountOutside(http, services, { core: coreDistricts })
  mountRosters(http, services)
}

/** Own values of the city and its districts; none when the pack has no such file. */
export async function readOverlays(packFolder: string): Promise<readonly PolicyPack[]> {
  const text = await readFile(join(packFolder, 'policy.json'), 'utf8').catch(() => undefined)
  return text === undefined ? [] : readPolicyPacks(JSON.parse(text), parameters, 'policy.json')
}

/** Schematic outlines of the city's districts; an empty map when the pack has none. */
export function outlinesOf(packFolder: string): MapOutlines {
  return async () => {
    const text = await readFile(join(packFolder, 'map', 'districts.json'), 'utf8').catch(() => undefined)
    return text === undefined ? {} : JSON.parse(text)
  }
}

/** The districts that the city calls its core; none when the pack does not say. */
async function coreDistricts(): Promise<CoreDistricts> {
  const text = await readFile(join(packFolder, 'core-districts.json'), 'utf8').catch(() => undefined)
  return text === undefined ? { names: [], source: '', confidence: 'to-verify' } : JSON.parse(text)
}
