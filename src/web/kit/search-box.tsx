import { useEffect, useRef, useState } from 'react'
import { words } from '../words.ts'
import { Icon } from './icon.tsx'

interface SearchBoxProps {
  readonly label: string
  readonly value: string
  readonly onSearch: (text: string) => void
  /** Enter, once what was typed has been searched for. */
  readonly onEnter?: () => void
}

/** Searches as one types, 250 ms after the last letter; an input method is left in peace; `/` comes here from anywhere. */
export function SearchBox({ label, value, onSearch, onEnter }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const isComposing = useRef(false)
  const sent = useRef(value)

  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])

  useEffect(() => {
    const timer = setTimeout(() => {
      const wanted = text.trim()
      if (isComposing.current || wanted === sent.current) return
      sent.current = wanted
      onSearch(wanted)
    }, 250)
    return () => clearTimeout(timer)
  }, [text, onSearch])

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    window.addEventListener('keydown', focus)
    return () => window.removeEventListener('keydown', focus)
  }, [])

  return (
    <div className="search-box">
      <Icon name="search" size={15} />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => {
          isComposing.current = true
        }}
        onCompositionEnd={(event) => {
          isComposing.current = false
          setText(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key === 'Enter' && !isComposing.current && text.trim() === sent.current) onEnter?.()
        }}
      />
      <kbd title={words.keys.search}>/</kbd>
    </div>
  )
}

/** Letters typed into a form are not commands. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
  )
}
