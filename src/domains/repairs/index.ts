export { RepairCounts, repairRoutes } from './contract.ts'
export { OPEN_STATES, type RepairField, type RepairState, type Side } from './kinds.ts'
export { repairsParameters } from './policy.ts'
