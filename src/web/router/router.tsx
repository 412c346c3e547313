import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import type { Permission } from '../../kernel/scope.ts'
import { Pending } from '../kit/pending.tsx'
import { NotFoundPage, PageFault, Permitted } from '../shell/page-states.tsx'
import { Shell } from '../shell/shell.tsx'
import type { Page, WebSlice } from '../slice.ts'
import { useViewer } from '../viewer.tsx'

interface RouterParts {
  readonly slices: readonly WebSlice[]
  /** Where `/` leads this viewer. */
  readonly home: string
}

export function buildRouter({ slices, home }: RouterParts) {
  const tops = slices.flatMap(({ id, top }) => (top === undefined ? [] : [{ ...top, id, Loaded: lazy(top.load) }]))
  const root = createRootRoute({
    component: () => (
      <Shell nav={slices.flatMap((slice) => slice.nav)} home={home} top={<Tops pieces={tops} />}>
        <Suspense fallback={<Pending />}>
          <Outlet />
        </Suspense>
      </Shell>
    ),
    notFoundComponent: NotFoundPage,
    errorComponent: PageFault,
  })
  const front = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: home, replace: true })
    },
  })
  const pages = slices
    .flatMap((slice) => slice.pages)
    .map((page) =>
      createRoute({
        getParentRoute: () => root,
        path: page.path,
        component: componentOf(page),
        errorComponent: PageFault,
      }),
    )
  return createRouter({ routeTree: root.addChildren([front, ...pages]), scrollRestoration: true })
}

interface LoadedPiece {
  readonly id: string
  readonly permission: Permission
  readonly Loaded: ComponentType
}

/** Nothing is shown while a piece loads: the bar must not jump. */
function Tops({ pieces }: { readonly pieces: readonly LoadedPiece[] }) {
  const { permissions } = useViewer()
  return pieces
    .filter(({ permission }) => permissions.includes(permission))
    .map(({ id, Loaded }) => (
      <Suspense key={id} fallback={null}>
        <Loaded />
      </Suspense>
    ))
}

function componentOf(page: Page): () => ReactNode {
  const Loaded = lazy(page.load)
  const { permission } = page
  if (permission === undefined) return () => <Loaded />
  return () => (
    <Permitted permission={permission}>
      <Loaded />
    </Permitted>
  )
}
