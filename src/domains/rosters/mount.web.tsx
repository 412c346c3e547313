import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { FAMILIES, ROSTERS, TERM } from './paths.web.ts'

export const rostersWeb: WebSlice = {
  id: 'rosters',
  nav: [
    { to: ROSTERS, word: words.nav, icon: 'check', permission: 'roster.read', homeRank: 4 },
    { to: FAMILIES, word: words.navFamilies, icon: 'people', permission: 'child.read', homeRank: 6 },
  ],
  pages: [
    { path: ROSTERS, permission: 'roster.read', load: () => import('./overview-page.tsx') },
    { path: '/rosters/found/$runId', permission: 'roster.read', load: () => import('./found-page.tsx') },
    { path: FAMILIES, permission: 'child.read', load: () => import('./families-page.tsx') },
    { path: TERM, permission: 'child.read', load: () => import('./term-page.tsx') },
    { path: '/families/$childId', permission: 'child.read', load: () => import('./family-page.tsx') },
  ],
}
