import { showRest } from '../format.ts'
import { words } from '../words.ts'

interface ProgressLineProps {
  readonly percent: number
  readonly label?: string
}

/** A plain bar; the words about rate and rest stand beside it. */
export function ProgressLine({ percent, label = words.progress.label }: ProgressLineProps) {
  const whole = Math.max(0, Math.min(100, Math.round(percent)))
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={whole}
    >
      <span style={{ width: `${whole}%` }} />
    </div>
  )
}

export function restOf(seconds: number | null | undefined): string | undefined {
  return seconds === null || seconds === undefined ? undefined : words.progress.rest(showRest(seconds))
}
