import type { RepairLine } from './contract.ts'

/** A value with what the other side does not say marked; also told without colour, by the line under it. */
export function Marked({ pieces }: { readonly pieces: NonNullable<RepairLine['roll']> }) {
  return (
    <span className="repair-value">
      {pieces.map(({ text, isDifferent }, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
        isDifferent ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
      )}
    </span>
  )
}
