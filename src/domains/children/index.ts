export { childrenRoutes } from './contract.ts'
