import { useEffect } from 'react'
import type { Me } from './contract.ts'
import { words } from './page-words.web.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Whoever opens the product on the machine it runs on has its terminal at hand. */
const isOwnMachine = ['localhost', '127.0.0.1', '[::1]'].includes(window.location.hostname)

export function SignInPage({ onSignedIn }: { readonly onSignedIn: (me: Me) => void }) {
  useEffect(() => {
    document.title = `${words.signIn.title} · ${words.signIn.product}`
  }, [])
  return (
    <main className="sign-in-page">
      <div className="sign-in-sheet">
        <h1>{words.signIn.product}</h1>
        <p className="second">{words.signIn.promise}</p>
        <SignInForm onSignedIn={onSignedIn} />
        <p className="note">{isOwnMachine ? words.signIn.hereHint : words.signIn.help}</p>
      </div>
    </main>
  )
}
