export { registryRoutes, UNIT_KINDS, type UnitKind } from './contract.ts'
export { accountLimitsOn, registryParameters } from './policy.ts'
export { isInForce, type Span } from './rules.ts'
export { registryWords } from './words.ts'
