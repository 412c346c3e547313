import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { Session } from '../domains/registry/mount.web.tsx'
import type { Permission } from '../kernel/scope.ts'
import { createQueryClient } from '../web/api/query.ts'
import { Root } from '../web/root.tsx'
import { buildRouter } from '../web/router/router.tsx'
import { useViewer } from '../web/viewer.tsx'
import { slices } from './slices.web.ts'

// The content policy of the pages forbids eval; Zod would probe for it.
z.config({ jitless: true })

const ACCOUNT_PAGE = '/me'

function Pages() {
  const { permissions } = useViewer()
  const [router] = useState(() => buildRouter({ slices, home: homeOf(permissions) }))
  return <RouterProvider router={router} />
}

/** The first work of the post: runs for an officer, the audit for an auditor, accounts for an administrator. */
function homeOf(permissions: readonly Permission[]): string {
  const mine = slices.flatMap(({ nav }) => nav).filter(({ permission }) => permissions.includes(permission))
  return mine.toSorted((a, b) => a.homeRank - b.homeRank)[0]?.to ?? ACCOUNT_PAGE
}

const place = document.getElementById('root')
if (place === null) throw new Error('no #root in the page')

createRoot(place).render(
  <StrictMode>
    <Root queryClient={createQueryClient()}>
      <Session>
        <Pages />
      </Session>
    </Root>
  </StrictMode>,
)
