export { hashPassword, refuseWeakPassword } from './password.ts'
export { createSessions } from './sessions.ts'
export type { AccountTables } from './store.ts'
export type { ChoosePost, FoundSession, LiveSession, OpenedSession, SessionLimits, Sessions, SignIn } from './types.ts'
