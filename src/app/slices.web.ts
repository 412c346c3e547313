import { reconcileWeb } from '../domains/reconcile/mount.web.tsx'
import { registryWeb } from '../domains/registry/mount.web.tsx'
import { policyWeb } from '../web/policy/mount.web.tsx'
import type { WebSlice } from '../web/slice.ts'

/** In the order of the rail: the work first, what it stands on after it. */
export const slices: readonly WebSlice[] = [reconcileWeb, registryWeb, policyWeb]
