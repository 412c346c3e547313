import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useViewer } from '../../web/viewer.tsx'
import { type AccountLine, endPost, givePost, listRoles } from './contract.ts'
import { words } from './page-words.web.ts'
import { showTerm } from './term.web.ts'
import { type PickedUnit, UnitPicker, useOwnUnit } from './unit-picker.tsx'

interface AccountPostsProps {
  readonly account: AccountLine
  readonly onClose: () => void
}

/** The posts of one account: which end, and which begin. */
export function AccountPosts({ account, onClose }: AccountPostsProps) {
  return (
    <Drawer open onClose={onClose} title={words.posts.title(account.person)} size={440}>
      <ul className="lines posts">
        {account.posts.map((post) => (
          <li key={post.postId}>
            <span>
              <b>{post.role}</b> {post.unit}
              <span className="note posts-term">{showTerm(post.from, post.until)}</span>
            </span>
            {post.mayEnd ? <EndPost post={post} /> : null}
          </li>
        ))}
      </ul>
      {account.may.givePost ? <GivePost account={account} /> : null}
    </Drawer>
  )
}

function EndPost({ post }: { readonly post: AccountLine['posts'][number] }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { today } = useViewer()
  const [isAsking, setIsAsking] = useState(false)
  const [until, setUntil] = useState(today)
  const end = useAction(endPost)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    end.mutate(
      { params: { postId: post.postId }, body: { until } },
      {
        onSuccess: () => {
          setIsAsking(false)
          void message.success(words.posts.ended(post.role))
          void queryClient.invalidateQueries({ queryKey: ['account.list'] })
        },
      },
    )
  }
  if (!isAsking) {
    return (
      <Button size="small" aria-label={`${words.posts.end}：${post.role}`} onClick={() => setIsAsking(true)}>
        {words.posts.end}
      </Button>
    )
  }
  return (
    <form onSubmit={submit} className="posts-end">
      <Field label={words.posts.until} hint={words.posts.untilHint}>
        {(names) => <DayInput {...names} value={until} onChange={setUntil} />}
      </Field>
      <ProblemNote fault={end.error} />
      <Button htmlType="submit" disabled={until === ''} loading={end.isPending}>
        {words.posts.end}
      </Button>
    </form>
  )
}

function GivePost({ account }: { readonly account: AccountLine }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { today } = useViewer()
  const [unit, setUnit] = useState<PickedUnit>(useOwnUnit())
  const [roleId, setRoleId] = useState('')
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState('')
  const roles = useAnswer(listRoles, {})
  const give = useAction(givePost)
  const fitting = (roles.data?.rows ?? []).filter(
    ({ unitKinds, mayGive }) => mayGive && unitKinds.some((kind) => kind === unit.kind),
  )
  const isReady = fitting.some((role) => role.roleId === roleId) && from !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    give.mutate(
      {
        params: { accountId: account.accountId },
        body: { unitId: unit.unitId, roleId, from, ...(until === '' ? {} : { until }) },
      },
      {
        onSuccess: () => {
          setRoleId('')
          void message.success(words.posts.given)
          void queryClient.invalidateQueries({ queryKey: ['account.list'] })
        },
      },
    )
  }
  return (
    <form onSubmit={submit} className="drawer-form drawer-second">
      <h3>{words.posts.give}</h3>
      <Field label={words.accounts.unit}>{(names) => <UnitPicker id={names.id} unit={unit} onPick={setUnit} />}</Field>
      <Field label={words.accounts.role} hint={fitting.find((role) => role.roleId === roleId)?.note}>
        {(names) => (
          <Choice
            {...names}
            className="choice-wide"
            none={words.accounts.roleMissing}
            value={roleId}
            options={fitting.map((role) => ({ value: role.roleId, label: role.label }))}
            onChange={setRoleId}
          />
        )}
      </Field>
      <Field label={words.accounts.from}>{(names) => <DayInput {...names} value={from} onChange={setFrom} />}</Field>
      <Field label={words.accounts.until} hint={words.accounts.untilHint}>
        {(names) => <DayInput {...names} value={until} onChange={setUntil} />}
      </Field>
      <ProblemNote fault={give.error ?? roles.error} />
      <div className="drawer-foot">
        <Button type="primary" htmlType="submit" disabled={!isReady} loading={give.isPending}>
          {words.posts.give}
        </Button>
      </div>
    </form>
  )
}
