export { childrenRoutes, findChildLines } from './contract.ts'
