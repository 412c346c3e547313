import type { QueryClient } from '@tanstack/react-query'
import { call } from '../../web/api/call.ts'
import { sessionGate } from '../../web/api/session-gate.ts'
import { type Me, readSession, switchPost } from './contract.ts'

export const SESSION_KEY = ['session'] as const

/** The one place where a session becomes known to the page: its token and who it is. */
export function enterSession(queryClient: QueryClient, me: Me): void {
  queryClient.setQueryData(SESSION_KEY, me)
  sessionGate.open(me.csrf)
}

/** After signing in again: back into the post one was working in, if it is still held. */
export async function returnToPost(me: Me, postBefore: number): Promise<Me> {
  if (me.post.postId === postBefore || !me.otherPosts.some((post) => post.postId === postBefore)) return me
  sessionGate.adopt(me.csrf)
  return call(switchPost, { body: { postId: postBefore } })
}

/** Another tab may have signed in anew; the token is taken over only for the same person in the same post. */
export function followOtherTabs(queryClient: QueryClient): void {
  sessionGate.onStaleToken(async () => {
    const before = queryClient.getQueryData<Me>(SESSION_KEY)
    const now = await call(readSession, {})
    if (before?.accountId !== now.accountId || before.post.postId !== now.post.postId) {
      window.location.assign('/')
      return false
    }
    enterSession(queryClient, now)
    return true
  })
}
