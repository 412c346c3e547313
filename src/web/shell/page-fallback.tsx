import { Button } from 'antd'
import { sentenceOf } from '../api/api-problem.ts'
import { words } from '../words.ts'

/** What stands when even the session cannot be read: no router, no shell. */
export function PageFallback({ fault, onRetry }: { readonly fault: unknown; readonly onRetry: () => void }) {
  return (
    <main className="page-message">
      <h1>{words.state.faultTitle}</h1>
      <p>{sentenceOf(fault)}</p>
      <p>
        <Button onClick={onRetry}>{words.state.retry}</Button>
      </p>
    </main>
  )
}
