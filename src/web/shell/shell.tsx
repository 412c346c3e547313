import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { showDay } from '../format.ts'
import { Icon } from '../kit/icon.tsx'
import { Link } from '../kit/link.tsx'
import type { NavEntry } from '../slice.ts'
import { useViewer } from '../viewer.tsx'
import { words } from '../words.ts'
import { ViewerMenu } from './viewer-menu.tsx'

interface ShellProps {
  readonly nav: readonly NavEntry[]
  readonly home: string
  /** Between the unit and the day. */
  readonly top: ReactNode
  readonly children: ReactNode
}

/** [WEB-1] 48 px on top, 72 px of rail with words, the rest is work; on a phone the rail is a bar at the bottom. */
export function Shell({ nav, home, top, children }: ShellProps) {
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {words.skipToContent}
      </a>
      <TopBar home={home} top={top} />
      <Rail nav={nav} />
      <main id="content" className="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function TopBar({ home, top }: { readonly home: string; readonly top: ReactNode }) {
  const viewer = useViewer()
  return (
    <header className="top-bar">
      <Link to={home} className="logo">
        {words.product}
      </Link>
      <div className="top-unit">
        <b>{viewer.unit}</b>
        {viewer.parentUnit === null ? null : <span className="second">{viewer.parentUnit}</span>}
      </div>
      <div className="top-pieces">{top}</div>
      <div className="top-day second" title={words.businessDay}>
        {showDay(viewer.today)}
      </div>
      <ViewerMenu />
    </header>
  )
}

function Rail({ nav }: { readonly nav: readonly NavEntry[] }) {
  const viewer = useViewer()
  const { pathname } = useLocation()
  const shown = nav.filter((entry) => viewer.permissions.includes(entry.permission))
  return (
    <nav className="rail" aria-label={words.mainNavigation}>
      <div className="rail-entries">
        {shown.map((entry) => {
          const isCurrent = pathname === entry.to || pathname.startsWith(`${entry.to}/`)
          return (
            <Link
              key={entry.to}
              to={entry.to}
              isCurrent={isCurrent}
              className={isCurrent ? 'rail-entry on' : 'rail-entry'}
            >
              <Icon name={entry.icon} size={20} />
              <span>{entry.word}</span>
            </Link>
          )
        })}
      </div>
      {viewer.isDemo ? (
        <p className="rail-demo">
          {words.demoLines.split(' ').map((line) => (
            <span key={line}>{line}</span>
          ))}
        </p>
      ) : null}
    </nav>
  )
}
