import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { Session } from '../domains/registry/mount.web.tsx'
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
  const [router] = useState(() => {
    const nav = slices.flatMap((slice) => slice.nav)
    const first = nav.find((entry) => permissions.includes(entry.permission))
    return buildRouter({ slices, home: first?.to ?? ACCOUNT_PAGE })
  })
  return <RouterProvider router={router} />
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
