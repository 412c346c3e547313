import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { ADD, FLOWS, LEDGERS, OUTSIDE } from './paths.web.ts'

export const outsideWeb: WebSlice = {
  id: 'outside',
  nav: [{ to: OUTSIDE, word: words.nav, icon: 'leave', permission: 'outside.read', homeRank: 6 }],
  pages: [
    { path: OUTSIDE, permission: 'outside.read', load: () => import('./outside-page.tsx') },
    { path: ADD, permission: 'outside.write', load: () => import('./add-line-page.tsx') },
    { path: FLOWS, permission: 'outside.read', load: () => import('./flow-page.tsx') },
    { path: LEDGERS, permission: 'outside.read', load: () => import('./ledger-list-page.tsx') },
    { path: '/outside/ledgers/$sheetId', permission: 'outside.read', load: () => import('./ledger-page.tsx') },
    { path: '/outside/line/$lineId', permission: 'outside.read', load: () => import('./line-page.tsx') },
  ],
}
