import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { OnceSecret } from '../../web/kit/once-secret.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useViewer } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { createAccount, listRoles } from './contract.ts'
import { words } from './page-words.web.ts'
import { type PickedUnit, UnitPicker, useOwnUnit } from './unit-picker.tsx'

const LOGIN = /^[a-z0-9][a-z0-9._-]{2,31}$/

interface AccountCreateProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function AccountCreate({ isOpen, onClose }: AccountCreateProps) {
  const viewer = useViewer()
  const queryClient = useQueryClient()
  const [person, setPerson] = useState('')
  const [login, setLogin] = useState('')
  const [unit, setUnit] = useState<PickedUnit>(useOwnUnit())
  const [roleId, setRoleId] = useState('')
  const [from, setFrom] = useState(viewer.today)
  const [until, setUntil] = useState('')
  const [isTried, setIsTried] = useState(false)
  const roles = useAnswer(listRoles, {}, { isEnabled: isOpen })
  const create = useAction(createAccount)
  const fitting = (roles.data?.rows ?? []).filter(
    ({ unitKinds, mayGive }) => mayGive && unitKinds.some((kind) => kind === unit.kind),
  )
  const isLoginRight = LOGIN.test(login.trim())
  const isReady =
    person.trim().length >= 2 && isLoginRight && fitting.some((role) => role.roleId === roleId) && from !== ''

  const close = () => {
    if (create.data !== undefined) {
      create.reset()
      setPerson('')
      setLogin('')
      setRoleId('')
      setIsTried(false)
    }
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (!isReady) return
    create.mutate(
      {
        body: {
          person: person.trim(),
          login: login.trim(),
          unitId: unit.unitId,
          roleId,
          from,
          ...(until === '' ? {} : { until }),
        },
      },
      { onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['account.list'] }) },
    )
  }

  return (
    <Drawer open={isOpen} onClose={close} title={words.accounts.create} size={440}>
      {create.data === undefined ? (
        <form onSubmit={submit} className="drawer-form">
          <Field
            label={words.accounts.person}
            fault={isTried && person.trim().length < 2 ? words.accounts.personMissing : undefined}
          >
            {(names) => (
              <Input {...names} maxLength={30} value={person} onChange={(event) => setPerson(event.target.value)} />
            )}
          </Field>
          <Field
            label={words.accounts.login}
            hint={words.accounts.loginHint}
            fault={isTried && !isLoginRight ? words.accounts.loginWrong : undefined}
          >
            {(names) => (
              <Input
                {...names}
                maxLength={32}
                autoCapitalize="none"
                spellCheck={false}
                value={login}
                onChange={(event) => setLogin(event.target.value)}
              />
            )}
          </Field>
          <Field label={words.accounts.unit}>
            {(names) => <UnitPicker id={names.id} unit={unit} onPick={setUnit} />}
          </Field>
          <Field
            label={words.accounts.role}
            fault={isTried && roleId === '' ? words.accounts.roleMissing : undefined}
            hint={fitting.find((role) => role.roleId === roleId)?.note}
          >
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
          <Field label={words.accounts.from}>
            {(names) => <DayInput {...names} value={from} onChange={setFrom} />}
          </Field>
          <Field label={words.accounts.until} hint={words.accounts.untilHint}>
            {(names) => <DayInput {...names} value={until} onChange={setUntil} />}
          </Field>
          <ProblemNote fault={create.error ?? roles.error} />
          <div className="drawer-foot">
            <Button onClick={close}>{kit.dialog.cancel}</Button>
            <Button type="primary" htmlType="submit" loading={create.isPending}>
              {words.accounts.create}
            </Button>
          </div>
        </form>
      ) : (
        <div className="stack">
          <Notice>{words.accounts.created(create.data.account.person)}</Notice>
          <dl className="facts">
            <dt>{words.accounts.login}</dt>
            <dd>{create.data.account.login}</dd>
          </dl>
          <OnceSecret label={words.accounts.firstPassword} secret={create.data.firstPassword} />
          <p className="note">{words.accounts.firstPasswordHow}</p>
          <div className="drawer-foot">
            <Button type="primary" onClick={close}>
              {kit.dialog.done}
            </Button>
          </div>
        </div>
      )}
    </Drawer>
  )
}
