import { useCallback } from 'react'
import { call } from '../../web/api/call.ts'
import { sessionGate } from '../../web/api/session-gate.ts'
import { signOut } from './contract.ts'

/** Signs out; the page is loaded anew, so that nothing of this person stays in memory. A session that is gone already is as good as ended. */
export function useLeave(): () => void {
  return useCallback(() => {
    const end = sessionGate.state === 'asking' ? Promise.resolve() : call(signOut, {}).catch(() => undefined)
    sessionGate.close()
    void end.then(() => window.location.assign('/'))
  }, [])
}
