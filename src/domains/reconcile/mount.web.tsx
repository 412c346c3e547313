import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { NEW_RUN, RUNS } from './paths.web.ts'

export const reconcileWeb: WebSlice = {
  id: 'reconcile',
  nav: [{ to: RUNS, word: words.nav, icon: 'compare', permission: 'run.read', homeRank: 1 }],
  pages: [
    { path: RUNS, permission: 'run.read', load: () => import('./run-list-page.tsx') },
    { path: NEW_RUN, permission: 'run.create', load: () => import('./wizard-page.tsx') },
    { path: '/runs/$runId/pairs', permission: 'run.read', load: () => import('./review-page.tsx') },
    { path: '/runs/$runId/pairs/$mode', permission: 'run.read', load: () => import('./review-page.tsx') },
    { path: '/runs/$runId/changes', permission: 'run.read', load: () => import('./difference-page.tsx') },
    { path: '/runs/$runId', permission: 'run.read', load: () => import('./run-page.tsx') },
    { path: '/runs/$runId/$list', permission: 'run.read', load: () => import('./run-page.tsx') },
  ],
}
