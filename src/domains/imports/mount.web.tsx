import type { WebSlice } from '../../web/slice.ts'
import { words } from './page-words.web.ts'
import { IMPORTS, NEW_IMPORT } from './paths.web.ts'

export const importsWeb: WebSlice = {
  id: 'imports',
  nav: [{ to: IMPORTS, word: words.nav, icon: 'upload', permission: 'import.read', homeRank: 3 }],
  pages: [
    { path: IMPORTS, permission: 'import.read', load: () => import('./import-list-page.tsx') },
    { path: NEW_IMPORT, permission: 'import.write', load: () => import('./import-new-page.tsx') },
    { path: '/imports/$sheetId', permission: 'import.read', load: () => import('./import-sheet-page.tsx') },
    { path: '/batches/$batchId', permission: 'import.read', load: () => import('./batch-page.tsx') },
  ],
}
