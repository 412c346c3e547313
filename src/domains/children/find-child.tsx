import { useCallback, useEffect, useRef, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { Account } from './child-table.tsx'
import { type ChildLine, findChildLines } from './contract.ts'
import { words } from './page-words.web.ts'
import { childPath } from './paths.web.ts'
import './children.css'

const LEAST = 2

/** One place to find a child from anywhere: full name, ID or student number. */
export default function FindChild() {
  const go = useGo()
  const find = useAction(findChildLines)
  const [text, setText] = useState('')
  const place = useRef<HTMLDivElement>(null)
  const { mutate, reset } = find
  const search = useCallback(
    (typed: string) => {
      setText(typed)
      if (typed.length < LEAST) reset()
      else mutate({ body: { text: typed } })
    },
    [mutate, reset],
  )
  useEffect(() => {
    const leave = (event: MouseEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) reset()
    }
    document.addEventListener('mousedown', leave)
    return () => document.removeEventListener('mousedown', leave)
  }, [reset])
  const open = ({ childId }: ChildLine) => {
    reset()
    setText('')
    go(childPath(childId))
  }
  return (
    <div className="find-child" ref={place}>
      <SearchBox
        label={words.find.label}
        value={text}
        onSearch={search}
        onEnter={() => {
          const [only, ...others] = find.data?.rows ?? []
          if (only !== undefined && others.length === 0) open(only)
        }}
      />
      {find.isIdle ? null : (
        <div className="find-results box" role="listbox" aria-label={words.find.title}>
          <ProblemNote fault={find.error} />
          {find.isPending ? <p className="note">{words.find.searching}</p> : null}
          {find.data?.rows.length === 0 ? <p className="note">{words.find.none}</p> : null}
          {find.data?.rows.map((child) => (
            <button
              key={child.childId}
              type="button"
              role="option"
              aria-selected={false}
              className="find-result"
              onClick={() => open(child)}
            >
              <b>{child.name}</b>
              <span className="second">{child.birthDay}</span>
              <span className="second">{child.place ?? child.school}</span>
              <Account child={child} />
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
