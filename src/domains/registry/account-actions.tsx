import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../../web/api/api-problem.ts'
import { useAction } from '../../web/api/query.ts'
import { OnceSecret } from '../../web/kit/once-secret.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { words as kit } from '../../web/words.ts'
import { AccountPosts } from './account-posts.tsx'
import { type AccountLine, resetPassword, setAccountState } from './contract.ts'
import { words } from './page-words.web.ts'

type StateAction = 'disable' | 'enable' | 'unlock'

/** What can be undone happens at once and offers to be taken back; a new password cannot, and asks. */
export function AccountActions({ account }: { readonly account: AccountLine }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const [isResetting, setIsResetting] = useState(false)
  const [isPosting, setIsPosting] = useState(false)
  const setState = useAction(setAccountState)

  const move = (action: StateAction) => {
    setState.mutate(
      { params: { accountId: account.accountId }, body: { action } },
      {
        onSuccess: () => {
          void queryClient.invalidateQueries({ queryKey: ['account.list'] })
          tellDone(action)
        },
        onError: (fault) => void message.error(sentenceOf(fault)),
      },
    )
  }
  const tellDone = (action: StateAction) => {
    const sentence = {
      disable: words.accounts.disabled,
      enable: words.accounts.enabled,
      unlock: words.accounts.unlocked,
    }[action](account.person)
    const key = `account-${account.accountId}`
    const back = action === 'disable' ? 'enable' : undefined
    void message.open({
      key,
      type: 'success',
      duration: 8,
      content:
        back === undefined ? (
          sentence
        ) : (
          <>
            {sentence}{' '}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key)
                move(back)
              }}
            >
              {words.accounts.undo}
            </Button>
          </>
        ),
    })
  }
  const name = (word: string) => `${word}：${account.person}`
  return (
    <span className="account-acts">
      {account.may.manage && account.state === 'locked' ? (
        <Button type="link" size="small" aria-label={name(words.accounts.unlock)} onClick={() => move('unlock')}>
          {words.accounts.unlock}
        </Button>
      ) : null}
      {account.may.manage && account.state === 'disabled' ? (
        <Button type="link" size="small" aria-label={name(words.accounts.enable)} onClick={() => move('enable')}>
          {words.accounts.enable}
        </Button>
      ) : null}
      {account.may.manage && account.state !== 'disabled' ? (
        <Button type="link" size="small" aria-label={name(words.accounts.disable)} onClick={() => move('disable')}>
          {words.accounts.disable}
        </Button>
      ) : null}
      {account.may.manage ? (
        <Button type="link" size="small" aria-label={name(words.accounts.reset)} onClick={() => setIsResetting(true)}>
          {words.accounts.reset}
        </Button>
      ) : null}
      {account.may.givePost || account.posts.some(({ mayEnd }) => mayEnd) ? (
        <Button type="link" size="small" aria-label={name(words.posts.open)} onClick={() => setIsPosting(true)}>
          {words.posts.open}
        </Button>
      ) : null}
      {isPosting ? <AccountPosts account={account} onClose={() => setIsPosting(false)} /> : null}
      {isResetting ? <ResetDialog account={account} onClose={() => setIsResetting(false)} /> : null}
    </span>
  )
}

function ResetDialog({ account, onClose }: { readonly account: AccountLine; readonly onClose: () => void }) {
  const reset = useAction(resetPassword)
  const isDone = reset.data !== undefined
  return (
    <Modal
      title={words.accounts.resetTitle(account.person)}
      open
      onCancel={onClose}
      onOk={isDone ? onClose : () => reset.mutate({ params: { accountId: account.accountId } })}
      okText={isDone ? kit.dialog.done : words.accounts.reset}
      cancelText={kit.dialog.cancel}
      cancelButtonProps={{ style: isDone ? { display: 'none' } : {} }}
      confirmLoading={reset.isPending}
      mask={{ closable: false }}
    >
      {reset.data === undefined ? (
        <p>{words.accounts.resetWhy}</p>
      ) : (
        <>
          <OnceSecret label={words.accounts.firstPassword} secret={reset.data.firstPassword} />
          <p className="note">{words.accounts.firstPasswordHow}</p>
        </>
      )}
      <ProblemNote fault={reset.error} />
    </Modal>
  )
}
