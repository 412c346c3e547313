import './charts.css'
import { showCount } from '../format.ts'
import { type AgePart, placeAges } from './age-layout.ts'

interface AgeBarProps {
  readonly label: string
  readonly parts: readonly AgePart[]
}

/** How old what is known about some people is, as one bar. Small enough for a cell of a table. */
export function AgeBar({ label, parts }: AgeBarProps) {
  const shown = placeAges(parts)
  const facts = shown.map((part) => `${part.label} ${showCount(part.count)}`)
  return (
    <span className="age-bar" role="img" aria-label={[label, ...facts].join(' ')} title={facts.join('\n')}>
      {shown.map(({ shade, width }) => (
        <span key={shade} className={`age-${shade}`} style={{ width: `${width}%` }} />
      ))}
    </span>
  )
}

interface AgeLegendProps {
  readonly entries: readonly Omit<AgePart, 'count'>[]
}

export function AgeLegend({ entries }: AgeLegendProps) {
  return (
    <ul className="chart-legend">
      {entries.map(({ shade, label }) => (
        <li key={shade}>
          <span className={`chart-swatch age-${shade}`} />
          {label}
        </li>
      ))}
    </ul>
  )
}
