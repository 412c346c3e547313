export interface Option {
  readonly value: string
  readonly label: string
  readonly isDisabled?: boolean
}

interface ChoiceProps {
  readonly value: string
  readonly options: readonly Option[]
  readonly onChange: (value: string) => void
  /** Named by a visible label (`id`) or by this. */
  readonly label?: string
  readonly id?: string
  /** The line for no choice; left out where one must be made. */
  readonly none?: string | undefined
  readonly className?: string
  readonly 'aria-describedby'?: string
}

/** The browser's own list: fast with many on a page, and a wheel under the thumb on a phone. */
export function Choice({ value, options, onChange, label, none, className, ...names }: ChoiceProps) {
  return (
    <select
      {...names}
      aria-label={label}
      className={className === undefined ? 'choice' : `choice ${className}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {none === undefined ? null : <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.isDisabled === true}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
