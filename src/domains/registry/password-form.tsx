import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { changePassword } from './contract.ts'
import { words } from './page-words.web.ts'
import { enterSession } from './session-state.web.ts'

interface PasswordFormProps {
  readonly login: string
}

export function PasswordForm({ login }: PasswordFormProps) {
  const queryClient = useQueryClient()
  const { message } = App.useApp()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [repeat, setRepeat] = useState('')
  const change = useAction(changePassword)
  const isDifferent = repeat !== '' && repeat !== next
  const isReady = current !== '' && next !== '' && repeat === next
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    change.mutate(
      { body: { current, next } },
      {
        onSuccess: (me) => {
          setCurrent('')
          setNext('')
          setRepeat('')
          void message.success(words.password.done)
          enterSession(queryClient, me)
        },
      },
    )
  }
  return (
    <form className="sign-in-form" onSubmit={submit}>
      {/* Password managers file the new password under this name. */}
      <input
        className="off-screen"
        name="username"
        autoComplete="username"
        defaultValue={login}
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field label={words.password.current}>
        {(names) => (
          <Input
            {...names}
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
      </Field>
      <Field label={words.password.next} hint={words.password.nextHint}>
        {(names) => (
          <Input
            {...names}
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <Field label={words.password.repeat} fault={isDifferent ? words.password.differs : undefined}>
        {(names) => (
          <Input
            {...names}
            type="password"
            autoComplete="new-password"
            value={repeat}
            onChange={(event) => setRepeat(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote fault={change.error} />
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={change.isPending}>
        {words.password.submit}
      </Button>
    </form>
  )
}
