import type { WebSlice } from '../slice.ts'
import { words } from './words.ts'

export const policyWeb: WebSlice = {
  id: 'policy',
  nav: [{ to: '/policy', word: words.nav, icon: 'book', permission: 'policy.read', homeRank: 5 }],
  pages: [{ path: '/policy', permission: 'policy.read', load: () => import('./policy-page.tsx') }],
}
