import type { ReactNode } from 'react'
import { sentenceOf } from '../api/api-problem.ts'
import { Icon } from './icon.tsx'

/** Trouble, told where it happened. An ink frame: red is for children only. */
export function ProblemNote({ fault, children }: { readonly fault: unknown; readonly children?: ReactNode }) {
  if (fault === null || fault === undefined) return null
  return (
    <div className="notice notice-problem" role="alert">
      <Icon name="alert" size={18} />
      <div>
        {sentenceOf(fault)}
        {children === undefined ? null : <div className="notice-actions">{children}</div>}
      </div>
    </div>
  )
}

/** Something worth knowing before going on. */
export function Notice({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'passing'
  readonly children: ReactNode
}) {
  return (
    <div className={`notice notice-${tone}`} role="status">
      <Icon name={tone === 'passing' ? 'clock' : 'info'} size={18} />
      <div>{children}</div>
    </div>
  )
}
