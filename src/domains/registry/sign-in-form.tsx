import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'
import { isCode } from '../../web/api/api-problem.ts'
import { call } from '../../web/api/call.ts'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { type Me, signIn } from './contract.ts'
import { words } from './page-words.web.ts'

interface SignInFormProps {
  /** Given when the same person signs in again over a page. */
  readonly fixedLogin?: string
  readonly onSignedIn: (me: Me) => Promise<void> | void
  readonly children?: ReactNode
}

export function SignInForm({ fixedLogin, onSignedIn, children }: SignInFormProps) {
  const [login, setLogin] = useState(fixedLogin ?? '')
  const [password, setPassword] = useState('')
  const [isTried, setIsTried] = useState(false)
  const attempt = useMutation({
    mutationFn: async () => onSignedIn(await call(signIn, { body: { login, password } })),
    onError: (fault) => {
      if (isCode(fault, 'SESSION.WRONG_PASSWORD')) setPassword('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (login.trim() !== '' && password !== '') attempt.mutate()
  }
  const loginFault = isTried && login.trim() === '' ? words.signIn.loginMissing : undefined
  const passwordFault = isTried && password === '' && !attempt.isError ? words.signIn.passwordMissing : undefined
  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      <Field label={words.signIn.login} fault={loginFault}>
        {(names) => (
          <Input
            {...names}
            size="large"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus={fixedLogin === undefined}
            readOnly={fixedLogin !== undefined}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        )}
      </Field>
      <Field label={words.signIn.password} fault={passwordFault}>
        {(names) => (
          <Input
            {...names}
            size="large"
            type="password"
            name="password"
            autoComplete="current-password"
            autoFocus={fixedLogin !== undefined}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote fault={attempt.isPending ? null : attempt.error} />
      <Button type="primary" htmlType="submit" size="large" block loading={attempt.isPending}>
        {words.signIn.submit}
      </Button>
      {children}
    </form>
  )
}
