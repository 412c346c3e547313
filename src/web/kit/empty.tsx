import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** An empty place says what will stand here and the one step that brings it. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
      {action === undefined ? null : <p className="empty-action">{action}</p>}
    </div>
  )
}
