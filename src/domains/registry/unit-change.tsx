import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { useViewer } from '../../web/viewer.tsx'
import { changeUnit, moveUnit, type UnitDetail } from './contract.ts'
import { words } from './page-words.web.ts'
import { unitPath } from './paths.web.ts'
import { type PickedUnit, UnitPicker } from './unit-picker.tsx'

interface UnitChangeProps {
  readonly unit: UnitDetail
  readonly onClose: () => void
}

/** Three separate matters: the name, another parent, the end. */
export function UnitChange({ unit, onClose }: UnitChangeProps) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { today } = useViewer()
  const [name, setName] = useState(unit.name)
  const [until, setUntil] = useState(today)
  const change = useAction(changeUnit)
  const send = (body: { name?: string; until?: string }) => {
    change.mutate(
      { params: { unitId: unit.unitId }, body },
      {
        onSuccess: () => {
          void message.success(words.units.changed)
          void queryClient.invalidateQueries({ queryKey: ['unit.read'] })
          void queryClient.invalidateQueries({ queryKey: ['unit.list'] })
          onClose()
        },
      },
    )
  }
  const rename = (event: FormEvent) => {
    event.preventDefault()
    send({ name: name.trim() })
  }
  const close = (event: FormEvent) => {
    event.preventDefault()
    send({ until })
  }
  return (
    <Drawer open onClose={onClose} title={words.units.change} size={440}>
      <form onSubmit={rename} className="drawer-form">
        <Field label={words.units.name}>
          {(names) => (
            <Input {...names} maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <div className="drawer-foot">
          <Button
            type="primary"
            htmlType="submit"
            disabled={name.trim().length < 2 || name.trim() === unit.name}
            loading={change.isPending}
          >
            {words.units.save}
          </Button>
        </div>
      </form>
      <Move unit={unit} onClose={onClose} />
      <form onSubmit={close} className="drawer-form drawer-second">
        <h3>{words.units.closeTitle(unit.name)}</h3>
        <Field label={words.units.closeDay} hint={words.units.closeHint}>
          {(names) => <DayInput {...names} value={until} onChange={setUntil} />}
        </Field>
        <div className="drawer-foot">
          <Button danger htmlType="submit" disabled={until === ''} loading={change.isPending}>
            {words.units.close}
          </Button>
        </div>
      </form>
      <ProblemNote fault={change.error} />
    </Drawer>
  )
}

/** The unit starts anew under its new parent; the page goes to where it now is. */
function Move({ unit, onClose }: UnitChangeProps) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const go = useGo()
  const { today } = useViewer()
  const [parent, setParent] = useState<PickedUnit>()
  const [from, setFrom] = useState(today)
  const move = useAction(moveUnit)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (parent === undefined) return
    move.mutate(
      { params: { unitId: unit.unitId }, body: { parentId: parent.unitId, from } },
      {
        onSuccess: (moved) => {
          void message.success(words.units.moved(moved.name))
          void queryClient.invalidateQueries({ queryKey: ['unit.read'] })
          void queryClient.invalidateQueries({ queryKey: ['unit.list'] })
          onClose()
          go(unitPath(moved.unitId))
        },
      },
    )
  }
  return (
    <form onSubmit={submit} className="drawer-form drawer-second">
      <h3>{words.units.moveTitle}</h3>
      <Field label={words.units.newParent}>
        {(names) => <UnitPicker id={names.id} unit={parent} onPick={setParent} />}
      </Field>
      <Field label={words.units.moveDay} hint={words.units.moveHint}>
        {(names) => <DayInput {...names} value={from} onChange={setFrom} />}
      </Field>
      <ProblemNote fault={move.error} />
      <div className="drawer-foot">
        <Button htmlType="submit" disabled={parent === undefined || from === ''} loading={move.isPending}>
          {words.units.move}
        </Button>
      </div>
    </form>
  )
}
