import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { CASES } from './paths.web.ts'

export const casesWeb: WebSlice = {
  id: 'cases',
  nav: [{ to: CASES, word: words.nav, icon: 'calendar', permission: 'case.read', homeRank: 2 }],
  pages: [
    { path: CASES, permission: 'case.read', load: () => import('./case-list-page.tsx') },
    { path: '/cases/$caseId', permission: 'case.read', load: () => import('./case-page.tsx') },
    { path: '/children/$childId/entry', permission: 'book.post', load: () => import('./entry-page.tsx') },
  ],
}
