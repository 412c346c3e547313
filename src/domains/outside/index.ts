export { outsideRoutes } from './contract.ts'
export { outsideParameters } from './policy.ts'
