import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo } from 'react'
import { isCode } from '../../web/api/api-problem.ts'
import { call } from '../../web/api/call.ts'
import { sessionGate } from '../../web/api/session-gate.ts'
import { Pending } from '../../web/kit/pending.tsx'
import { PageFallback } from '../../web/shell/page-fallback.tsx'
import { type Viewer, ViewerProvider } from '../../web/viewer.tsx'
import { type Me, readSession, switchPost } from './contract.ts'
import { FirstPasswordPage } from './first-password-page.tsx'
import { enterSession, followOtherTabs, SESSION_KEY } from './session-state.web.ts'
import { SignInAgain } from './sign-in-again.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { useLeave } from './use-leave.web.ts'
import './registry.css'

/**
 * The session around every page. Unknown: nothing yet · nobody: the sign-in page
 * · a first password: it is changed before anything else · somebody: the pages.
 */
export function Session({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient()
  const session = useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      const me = await findMe()
      if (me !== null) sessionGate.open(me.csrf)
      return me
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => followOtherTabs(queryClient), [queryClient])
  if (session.isPending) return <Pending />
  if (session.isError) return <PageFallback fault={session.error} onRetry={() => void session.refetch()} />
  const me = session.data
  if (me === null) return <SignInPage onSignedIn={(entered) => enterSession(queryClient, entered)} />
  if (me.mustChangePassword) return <FirstPasswordPage me={me} />
  return <SignedIn me={me}>{children}</SignedIn>
}

function SignedIn({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const leave = useLeave()
  const viewer = useMemo<Viewer>(
    () => ({
      accountId: me.accountId,
      login: me.login,
      person: me.person,
      role: me.post.role,
      unitId: me.unit.unitId,
      unit: me.unit.name,
      unitKind: me.unit.kind,
      parentUnit: me.unit.parentName,
      permissions: me.permissions,
      today: me.today,
      isDemo: me.isDemo,
      otherPosts: me.otherPosts,
      signOut: leave,
      switchPost: (postId) => {
        void call(switchPost, { body: { postId } }).then(() => window.location.assign('/'))
      },
    }),
    [me, leave],
  )
  return (
    <ViewerProvider viewer={viewer}>
      {children}
      <SignInAgain me={me} onLeave={leave} />
    </ViewerProvider>
  )
}

async function findMe(): Promise<Me | null> {
  try {
    return await call(readSession, {})
  } catch (fault) {
    if (isCode(fault, 'SESSION.REQUIRED', 'SESSION.EXPIRED', 'SESSION.NO_POST', 'SESSION.DISABLED')) return null
    throw fault
  }
}
