import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { ACCOUNTS, AUDIT, ME, UNITS } from './paths.web.ts'

export { Session } from './session.tsx'

export const registryWeb: WebSlice = {
  id: 'registry',
  nav: [
    { to: UNITS, word: words.nav.units, icon: 'units', permission: 'unit.read', homeRank: 4 },
    { to: ACCOUNTS, word: words.nav.accounts, icon: 'people', permission: 'account.read', homeRank: 3 },
    { to: AUDIT, word: words.nav.audit, icon: 'eye', permission: 'audit.read', homeRank: 2 },
  ],
  pages: [
    { path: UNITS, permission: 'unit.read', load: () => import('./unit-page.tsx') },
    { path: '/units/$unitId', permission: 'unit.read', load: () => import('./unit-page.tsx') },
    { path: ACCOUNTS, permission: 'account.read', load: () => import('./account-page.tsx') },
    { path: '/accounts/sheet', permission: 'account.write', load: () => import('./account-sheet-new-page.tsx') },
    { path: '/accounts/sheet/$sheetId', permission: 'account.write', load: () => import('./account-sheet-page.tsx') },
    { path: '/accounts/roles', permission: 'account.read', load: () => import('./role-page.tsx') },
    { path: AUDIT, permission: 'audit.read', load: () => import('./audit-page.tsx') },
    { path: ME, load: () => import('./me-page.tsx') },
  ],
}
