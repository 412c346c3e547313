import { useEffect, useState } from 'react'
import { words } from '../words.ts'

/** A skeleton that earns its place: what comes within 300 ms comes without one. */
export function Pending({ lines = 6 }: { readonly lines?: number }) {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <div className="pending" role="status" aria-label={words.state.loading}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
        <span key={line} />
      ))}
    </div>
  )
}
