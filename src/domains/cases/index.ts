export { caseRoutes } from './contract.ts'
export { casesParameters } from './policy.ts'
export { STAGES, type Stage } from './rules.ts'
