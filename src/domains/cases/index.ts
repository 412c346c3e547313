export { caseRoutes, findSchools } from './contract.ts'
export { casesParameters, longestPauseDays } from './policy.ts'
export { addWorkingDays, STAGES, type Stage } from './rules.ts'
