import { useEffect, useId, useRef, useState } from 'react'
import { findPlainDate } from '../../kernel/plain-date.ts'
import { words } from '../words.ts'
import { Icon } from './icon.tsx'

interface DayInputProps {
  readonly value: string
  readonly onChange: (day: string) => void
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

/**
 * A calendar day, typed as `2026-09-01` or `20260901`, or picked. Not the browser's own field: that one shows the day
 * in the language of the browser, and a day has to read the same on every screen of the house.
 */
export function DayInput({ value, onChange, ...names }: DayInputProps) {
  const [text, setText] = useState(value)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => setText(value), [value])
  const take = (typed: string) => {
    setText(typed)
    const day = typed.trim() === '' ? '' : findDay(typed)
    if (day !== undefined && day !== value) onChange(day)
  }
  return (
    <span className="day-input">
      <input
        {...names}
        className="choice"
        inputMode="numeric"
        autoComplete="off"
        maxLength={10}
        placeholder={words.day.shape}
        value={text}
        onChange={(event) => take(event.target.value)}
        onBlur={() => setText(value)}
      />
      <button type="button" aria-label={words.day.pick} onClick={() => picker.current?.showPicker()}>
        <Icon name="calendar" size={15} />
      </button>
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-label={words.day.pick}
        value={value}
        onChange={(event) => take(event.target.value)}
      />
    </span>
  )
}

function findDay(typed: string): string | undefined {
  const digits = typed.replaceAll(/\D/g, '')
  return digits.length === 8
    ? findPlainDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`)
    : undefined
}

interface NamedDayProps {
  readonly label: string
  readonly value: string
  readonly onChange: (day: string) => void
}

/** A day in a line of filters, its name beside it. */
export function NamedDay({ label, value, onChange }: NamedDayProps) {
  const id = useId()
  return (
    <span className="named-day">
      <label htmlFor={id}>{label}</label>
      <DayInput id={id} value={value} onChange={onChange} />
    </span>
  )
}
