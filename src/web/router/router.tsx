import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { Pending } from '../kit/pending.tsx'
import { NotFoundPage, PageFault, Permitted } from '../shell/page-states.tsx'
import { Shell } from '../shell/shell.tsx'
import type { Page, WebSlice } from '../slice.ts'

interface RouterParts {
  readonly slices: readonly WebSlice[]
  /** Where `/` leads this viewer. */
  readonly home: string
}

export function buildRouter({ slices, home }: RouterParts) {
  const root = createRootRoute({
    component: () => (
      <Shell nav={slices.flatMap((slice) => slice.nav)} home={home}>
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
