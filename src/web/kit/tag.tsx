import type { ReactNode } from 'react'

export type TagTone = 'plain' | 'brand' | 'child' | 'passing' | 'checked'

export function Tag({ tone = 'plain', children }: { readonly tone?: TagTone; readonly children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>
}
