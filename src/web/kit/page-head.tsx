import { type ReactNode, useEffect } from 'react'
import { words } from '../words.ts'

interface PageHeadProps {
  readonly title: string
  /** Stands in the browser's tab when it differs from the heading. */
  readonly documentTitle?: string
  readonly mark?: ReactNode
  readonly note?: ReactNode
  /** The one next action: at the right here, under the thumb on a phone. */
  readonly primary?: ReactNode
  readonly children?: ReactNode
}

function hasContent(node: ReactNode): boolean {
  return node !== undefined && node !== null && node !== false
}

/** One line: what this page is, how old it is, what can be done. */
export function PageHead({ title, documentTitle, mark, note, primary, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${documentTitle ?? title} · ${words.product}`
  }, [documentTitle, title])
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {mark}
      {note === undefined ? null : <span className="page-note second">{note}</span>}
      {children === undefined && !hasContent(primary) ? null : (
        <div className="page-actions">
          {children}
          {hasContent(primary) ? <div className="page-primary">{primary}</div> : null}
        </div>
      )}
    </div>
  )
}
