export { type Finding, recordFromTable, recordRepairs, recordRepairsOfChild } from './record.server.ts'
export type { RecordPair } from './record.store.server.ts'
export { closeAgreed } from './settle.server.ts'
export { countRepairs } from './store.ts'
