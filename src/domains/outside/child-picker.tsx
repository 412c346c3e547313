import { Button, Input } from 'antd'
import { useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { findChildLines } from '../children/index.ts'
import { words } from './page-words.web.ts'

export interface PickedChild {
  readonly childId: number
  readonly name: string
  readonly birthDay: string | null
}

interface ChildPickerProps {
  readonly picked: PickedChild | undefined
  readonly onPick: (child: PickedChild | undefined) => void
}

/** Exactly by name or number, in the own scope; then one of those found. */
export function ChildPicker({ picked, onPick }: ChildPickerProps) {
  const [text, setText] = useState('')
  const find = useAction(findChildLines)
  const search = () => {
    if (text.trim().length >= 2) find.mutate({ body: { text: text.trim() } })
  }
  if (picked !== undefined) {
    return (
      <p className="outside-row">
        <b>{picked.name}</b> <span className="second">{picked.birthDay}</span>
        <Button size="small" onClick={() => onPick(undefined)}>
          {words.add.change}
        </Button>
      </p>
    )
  }
  return (
    <>
      <Field label={words.add.child} hint={words.add.childHint}>
        {(names) => (
          <span className="outside-row">
            <Input
              {...names}
              maxLength={40}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onPressEnter={(event) => {
                event.preventDefault()
                search()
              }}
            />
            <Button loading={find.isPending} onClick={search}>
              {words.add.find}
            </Button>
          </span>
        )}
      </Field>
      <ProblemNote fault={find.error} />
      {find.data === undefined ? null : find.data.rows.length === 0 ? (
        <p className="note">{words.add.notFound}</p>
      ) : (
        <ul className="outside-found" aria-label={words.add.found}>
          {find.data.rows.map(({ childId, name, birthDay, place }) => (
            <li key={childId}>
              <Button type="link" onClick={() => onPick({ childId, name, birthDay })}>
                {name}
              </Button>{' '}
              <span className="second">
                {birthDay} {place}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
