export { checkRoutes } from './contract.ts'
export { checksParameters } from './policy.ts'
export { checkSheetRoutes } from './sheet-contract.ts'
