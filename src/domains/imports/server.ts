export { listCurrentBatches } from './batch.store.server.ts'
export { sweepImports } from './retention.commands.server.ts'
export { isRoundedColumn } from './rounded.server.ts'
