import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { CHANGE_LISTS, REPAIRS } from './paths.web.ts'

export const repairsWeb: WebSlice = {
  id: 'repairs',
  nav: [{ to: REPAIRS, word: words.nav, icon: 'check', permission: 'repair.read', homeRank: 4 }],
  pages: [
    { path: REPAIRS, permission: 'repair.read', load: () => import('./repair-list-page.tsx') },
    { path: CHANGE_LISTS, permission: 'repair.read', load: () => import('./change-lists-page.tsx') },
  ],
}
