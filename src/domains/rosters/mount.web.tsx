import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { ROSTERS } from './paths.web.ts'

export const rostersWeb: WebSlice = {
  id: 'rosters',
  nav: [{ to: ROSTERS, word: words.nav, icon: 'check', permission: 'roster.read', homeRank: 4 }],
  pages: [
    { path: ROSTERS, permission: 'roster.read', load: () => import('./overview-page.tsx') },
    { path: '/rosters/found/$runId', permission: 'roster.read', load: () => import('./found-page.tsx') },
  ],
}
