import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState, useSyncExternalStore } from 'react'
import { sessionGate } from '../../web/api/session-gate.ts'
import { Notice } from '../../web/kit/problem-note.tsx'
import type { Me } from './contract.ts'
import { words } from './page-words.web.ts'
import { enterSession, returnToPost } from './session-state.web.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Over a page whose session has ended. The page below keeps everything that was typed. */
export function SignInAgain({ me, onLeave }: { readonly me: Me; readonly onLeave: () => void }) {
  const gate = useSyncExternalStore(sessionGate.subscribe, () => sessionGate.state)
  const queryClient = useQueryClient()
  const [isOther, setIsOther] = useState(false)
  const enter = async (again: Me) => {
    if (again.accountId !== me.accountId) {
      setIsOther(true)
      return
    }
    enterSession(queryClient, await returnToPost(again, me.post.postId))
  }
  return (
    <Modal
      title={words.signIn.again}
      open={gate === 'asking'}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      width={400}
      destroyOnHidden
    >
      <p>{words.signIn.againWhy}</p>
      {isOther ? <Notice>{words.signIn.wrongPerson}</Notice> : null}
      <SignInForm fixedLogin={me.login} onSignedIn={enter}>
        <Button type="link" block onClick={onLeave}>
          {words.signIn.otherPerson}
        </Button>
      </SignInForm>
    </Modal>
  )
}
