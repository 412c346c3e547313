import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { Permission } from '../../kernel/scope.ts'
import { isCode, sentenceOf } from '../api/api-problem.ts'
import { Link } from '../kit/link.tsx'
import { useMay } from '../viewer.tsx'
import { words } from '../words.ts'

interface PageMessageProps {
  readonly title: string
  readonly sentence: string
  readonly action?: ReactNode
}

/** A page that has nothing but a sentence and the way on. */
export function PageMessage({ title, sentence, action }: PageMessageProps) {
  return (
    <section className="page-message">
      <h1>{title}</h1>
      <p>{sentence}</p>
      <p>{action ?? <Link to="/">{words.state.home}</Link>}</p>
    </section>
  )
}

export function NotFoundPage() {
  return <PageMessage title={words.state.notFoundTitle} sentence={words.state.notFound} />
}

/** Any failed reading of a whole page; not found looks the same whether it is absent or out of scope. */
export function PageProblem({ fault, onRetry }: { readonly fault: unknown; readonly onRetry: () => void }) {
  if (isCode(fault, 'REQUEST.NOT_FOUND', 'REQUEST.MALFORMED')) return <NotFoundPage />
  return (
    <PageMessage
      title={words.state.faultTitle}
      sentence={sentenceOf(fault)}
      action={<Button onClick={onRetry}>{words.state.retry}</Button>}
    />
  )
}

export function PageFault({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <PageProblem fault={error} onRetry={reset} />
}

export function Permitted({ permission, children }: { readonly permission: Permission; readonly children: ReactNode }) {
  if (useMay(permission)) return children
  return <PageMessage title={words.state.notAllowedTitle} sentence={words.state.notAllowed} />
}
