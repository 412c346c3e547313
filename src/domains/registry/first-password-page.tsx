import { Button } from 'antd'
import type { Me } from './contract.ts'
import { words } from './page-words.web.ts'
import { PasswordForm } from './password-form.tsx'
import { useLeave } from './use-leave.web.ts'

/** Stands before every page until the password that passed through other hands is gone. */
export function FirstPasswordPage({ me }: { readonly me: Me }) {
  const leave = useLeave()
  return (
    <main className="sign-in-page">
      <div className="sign-in-sheet">
        <h1 className="sign-in-heading">{words.password.firstTitle}</h1>
        <p className="second">{words.password.firstWhy}</p>
        <PasswordForm login={me.login} />
        <Button type="link" className="sign-in-leave" onClick={leave}>
          {words.signIn.otherPerson}
        </Button>
      </div>
    </main>
  )
}
