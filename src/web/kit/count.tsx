import { showCount } from '../format.ts'
import type { Search } from '../router/search.ts'
import { Link } from './link.tsx'

/** `child`: someone not accounted for, the only vermilion. `checked`: a zero that was verified. */
export type Tone = 'child' | 'checked' | 'quiet'

interface CountProps {
  readonly count: number
  readonly unit?: string
  readonly tone?: Tone
  /** The rows behind the figure. */
  readonly to?: string
  readonly search?: Search
  /** Read out with the figure, where the line beside it is not enough. */
  readonly label?: string
}

/** A figure one can trust: digits align, its unit beside it, a link to what was counted. Nothing behind a nil. */
export function Count({ count, unit, tone, to, search, label }: CountProps) {
  const figure = (
    <>
      <span className={figureClass(count, tone)}>{showCount(count)}</span>
      {unit === undefined ? null : <span className="unit">{unit}</span>}
    </>
  )
  if (to === undefined || count === 0) return <span className="count">{figure}</span>
  const name = label === undefined ? {} : { label: `${label} ${showCount(count)}${unit ?? ''}` }
  return (
    <Link to={to} className="count count-link" {...(search === undefined ? {} : { search })} {...name}>
      {figure}
    </Link>
  )
}

/** A nil steps back, so that the eye finds what is there. */
function figureClass(count: number, tone: Tone | undefined): string {
  if (count === 0 && tone !== 'checked') return 'figure nil'
  return tone === undefined ? 'figure' : `figure ${tone}`
}
