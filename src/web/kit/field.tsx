import { type ReactNode, useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly hint?: ReactNode
  /** Said in place of the hint when the value cannot be taken. */
  readonly fault?: string | undefined
  readonly children: (names: {
    readonly id: string
    readonly 'aria-describedby': string
    readonly 'aria-invalid'?: true
  }) => ReactNode
}

/** A labelled input; hint and fault are read out with it. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': noteId, ...(fault === undefined ? {} : { 'aria-invalid': true as const }) })}
      <div id={noteId} className={fault === undefined ? 'note' : 'note field-fault'}>
        {fault ?? hint}
      </div>
    </div>
  )
}
