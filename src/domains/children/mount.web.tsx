import type { WebSlice } from '../../web/slice.ts'
import { CHILDREN } from './paths.web.ts'

export const childrenWeb: WebSlice = {
  id: 'children',
  nav: [],
  pages: [
    { path: CHILDREN, permission: 'child.read', load: () => import('./child-list-page.tsx') },
    { path: '/children/$childId', permission: 'child.read', load: () => import('./child-page.tsx') },
  ],
  top: { permission: 'child.read', load: () => import('./find-child.tsx') },
}
