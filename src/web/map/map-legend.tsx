import { useId } from 'react'
import './map.css'
import { FillPatterns } from './fill-patterns.tsx'
import { fillClass, type MapFill } from './values.ts'

interface MapLegendProps {
  readonly title: string
  readonly entries: readonly { readonly fill: MapFill; readonly label: string }[]
}

export function MapLegend({ title, entries }: MapLegendProps) {
  const prefix = useId()
  return (
    <section className="map-legend" aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {entries.map(({ fill, label }) => (
          <li key={fill}>
            <svg viewBox="0 0 22 14" width="22" height="14" className="map-swatch" aria-hidden="true">
              <FillPatterns prefix={`${prefix}-${fill}`} unit={1} />
              <rect
                x="0.5"
                y="0.5"
                width="21"
                height="13"
                rx="2"
                className={fillClass(fill)}
                {...(typeof fill === 'number' ? {} : { fill: `url(#${prefix}-${fill}-${fill})` })}
              />
            </svg>
            {label}
          </li>
        ))}
      </ul>
    </section>
  )
}
