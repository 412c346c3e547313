export { caseRoutes } from './contract.ts'
export { addWorkingDays } from './rules.ts'
export { casesParameters, longestPauseDays } from './policy.ts'
export { STAGES, type Stage } from './rules.ts'
