import type { ReactNode } from 'react'
import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import './charts.css'
import { showSpan } from '../format.ts'
import { type PlacedSpan, placeSpans, type Span, type SpanTone, type Stretch, shareOf, zoomOf } from './span-layout.ts'

interface Mark {
  readonly day: PlainDate
  readonly label: string
}

interface Zoom extends Stretch {
  readonly label: string
  /** What is still to come, in the dashed rest. */
  readonly ahead: readonly Mark[]
  /** Said where the dashed rest is drawn shorter than its days. */
  readonly notToScale: string
}

interface SpanBarProps extends Stretch {
  readonly label: string
  readonly spans: readonly Span[]
  /** Starts of the years. */
  readonly ticks: readonly Mark[]
  readonly today: PlainDate
  readonly zoom?: Zoom
  readonly legend: readonly { readonly tone: SpanTone; readonly label: string }[]
}

/** One life as one line: what was true from when until when, the current year larger below it, what is to come dashed. */
export function SpanBar({ label, spans, ticks, today, zoom, legend, ...stretch }: SpanBarProps) {
  return (
    <div className="span-bar">
      <div className="span-ruler" aria-hidden="true">
        {ticks.map((tick, index) => (
          <span key={tick.day} style={between(shareOf(tick.day, stretch), endOf(ticks, index, stretch))}>
            {tick.label}
          </span>
        ))}
      </div>
      <Lane spans={placeSpans(spans, stretch, today)}>
        <i className="span-now" style={{ left: `${shareOf(today, stretch)}%` }} />
      </Lane>
      {zoom === undefined ? null : <ZoomLane spans={spans} today={today} zoom={zoom} />}
      <ul className="chart-legend" aria-hidden="true">
        {legend.map((entry) => (
          <li key={entry.tone}>
            <span className={`chart-swatch span-${entry.tone}`} />
            {entry.label}
          </li>
        ))}
      </ul>
      <ol className="span-facts" aria-label={label}>
        {spans.map((span) => (
          <li key={keyOf(span)}>
            <span className={`chart-swatch span-${span.tone}`} />
            <span>{span.label}</span> <span className="note">{daysOf(span)}</span>
          </li>
        ))}
        {zoom?.ahead.map((mark) => (
          <li key={mark.day}>
            <span className="chart-swatch span-ahead" />
            {mark.label}
          </li>
        ))}
      </ol>
    </div>
  )
}

function Lane({ spans, children }: { spans: readonly PlacedSpan[]; children?: ReactNode }) {
  return (
    <div className="span-lane" aria-hidden="true">
      {spans.map((span) => (
        <span
          key={keyOf(span)}
          className={`span-part span-${span.tone}`}
          style={between(span.left, span.left + span.width)}
          title={`${span.label}\n${daysOf(span)}`}
        >
          <span className="span-word">{span.label}</span>
        </span>
      ))}
      {children}
    </div>
  )
}

function ZoomLane({ spans, today, zoom }: { spans: readonly Span[]; today: PlainDate; zoom: Zoom }) {
  const { past, share, isToScale } = zoomOf(zoom, today)
  return (
    <div className="span-zoom" aria-hidden="true">
      <span className="note">{zoom.label}</span>
      <div className="span-zoom-past" style={{ flexBasis: `${share}%` }}>
        <Lane spans={placeSpans(spans, past, today)} />
      </div>
      <div className="span-ahead span-zoom-ahead">
        {zoom.ahead.map((mark) => (
          <span key={mark.day}>{mark.label}</span>
        ))}
        {isToScale ? null : <span className="span-scale">{zoom.notToScale}</span>}
      </div>
    </div>
  )
}

function endOf(ticks: readonly Mark[], index: number, stretch: Stretch): number {
  return shareOf(ticks[index + 1]?.day ?? stretch.until, stretch)
}

/** The last day is shown, not the first one after it. */
function daysOf({ from, until }: Span): string {
  return showSpan(from, until === null ? null : addDays(until, -1))
}

function between(left: number, right: number): { left: string; width: string } {
  return { left: `${left}%`, width: `${right - left}%` }
}

function keyOf({ from, tone, label }: Span): string {
  return `${from} ${tone} ${label}`
}
