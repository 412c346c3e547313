import { type ReactNode, useId } from 'react'

interface BoxProps {
  readonly title?: ReactNode
  /** Right of the title: base, day, unit. */
  readonly note?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A sheet of paper on the ground; a titled one is a region that readers can jump to. */
export function Box({ title, note, className, children }: BoxProps) {
  const titleId = useId()
  const classes = className === undefined ? 'box' : `box ${className}`
  if (title === undefined) return <div className={classes}>{children}</div>
  return (
    <section className={classes} aria-labelledby={titleId}>
      <div className="box-head">
        <h2 id={titleId}>{title}</h2>
        {note === undefined ? null : <span className="note">{note}</span>}
      </div>
      {children}
    </section>
  )
}
