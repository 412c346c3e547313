import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { ACCEPT, CHECKS, FORMS, PROGRESS, REPORTS } from './paths.web.ts'

export const checksWeb: WebSlice = {
  id: 'checks',
  nav: [{ to: CHECKS, word: words.nav, icon: 'check', permission: 'check.read', homeRank: 5 }],
  pages: [
    { path: CHECKS, permission: 'check.read', load: () => import('./check-list-page.tsx') },
    { path: PROGRESS, permission: 'check.read', load: () => import('./progress-page.tsx') },
    { path: ACCEPT, permission: 'check.accept', load: () => import('./accept-page.tsx') },
    { path: REPORTS, permission: 'check.read', load: () => import('./reports-page.tsx') },
    { path: FORMS, permission: 'check.report', load: () => import('./forms-page.tsx') },
    { path: '/checks/forms/$sheetId', permission: 'check.report', load: () => import('./sheet-page.tsx') },
    { path: '/checks/print/$unitId', permission: 'check.export', load: () => import('./print-page.tsx') },
    { path: '/checks/task/$caseId', permission: 'check.read', load: () => import('./check-page.tsx') },
  ],
}
