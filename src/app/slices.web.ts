import { casesWeb } from '../domains/cases/mount.web.tsx'
import { checksWeb } from '../domains/checks/mount.web.tsx'
import { childrenWeb } from '../domains/children/mount.web.tsx'
import { importsWeb } from '../domains/imports/mount.web.tsx'
import { outsideWeb } from '../domains/outside/mount.web.tsx'
import { reconcileWeb } from '../domains/reconcile/mount.web.tsx'
import { registryWeb } from '../domains/registry/mount.web.tsx'
import { repairsWeb } from '../domains/repairs/mount.web.tsx'
import { rostersWeb } from '../domains/rosters/mount.web.tsx'
import { whereaboutsWeb } from '../domains/whereabouts/mount.web.tsx'
import { policyWeb } from '../web/policy/mount.web.tsx'
import type { WebSlice } from '../web/slice.ts'

/** In the order of the rail: the work first, what it stands on after it. */
export const slices: readonly WebSlice[] = [
  whereaboutsWeb,
  casesWeb,
  checksWeb,
  childrenWeb,
  outsideWeb,
  importsWeb,
  reconcileWeb,
  repairsWeb,
  rostersWeb,
  registryWeb,
  policyWeb,
]
