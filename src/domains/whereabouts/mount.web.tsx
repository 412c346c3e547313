import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { BALANCE, MAP } from './paths.web.ts'

export const whereaboutsWeb: WebSlice = {
  id: 'whereabouts',
  nav: [
    { to: BALANCE, word: words.nav, icon: 'balance', permission: 'book.read', homeRank: 0 },
    { to: MAP, word: words.mapNav, icon: 'map', permission: 'book.read', homeRank: 8 },
  ],
  pages: [
    { path: BALANCE, permission: 'book.read', load: () => import('./balance-page.tsx') },
    { path: '/balance/$unitId', permission: 'book.read', load: () => import('./balance-page.tsx') },
    { path: MAP, permission: 'book.read', load: () => import('./map-page.tsx') },
  ],
  top: { permission: 'book.read', load: () => import('./closed-day.tsx') },
}
