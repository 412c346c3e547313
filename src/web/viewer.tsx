import { createContext, type ReactNode, useContext } from 'react'
import type { Permission } from '../kernel/scope.ts'

/** Who looks at the screen, as far as the shell and the pages have to know. */
export interface Viewer {
  readonly accountId: number
  readonly login: string
  readonly person: string
  readonly role: string
  readonly unitId: number
  readonly unit: string
  readonly unitKind: string
  readonly parentUnit: string | null
  readonly permissions: readonly Permission[]
  /** The business day. */
  readonly today: string
  readonly isDemo: boolean
  readonly otherPosts: readonly { readonly postId: number; readonly role: string; readonly unit: string }[]
  signOut(): void
  switchPost(postId: number): void
}

const ViewerContext = createContext<Viewer | undefined>(undefined)

export function ViewerProvider({ viewer, children }: { readonly viewer: Viewer; readonly children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (viewer === undefined) throw new Error('no viewer: the page stands outside the session')
  return viewer
}

export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission)
}
