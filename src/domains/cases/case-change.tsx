import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { type CaseDetail, changeCase } from './contract.ts'
import { words } from './page-words.web.ts'

interface CaseChangeProps {
  readonly file: CaseDetail
  readonly onClose: () => void
}

/** Another day or another holder, and why. */
export function CaseChange({ file, onClose }: CaseChangeProps) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const [dueDay, setDueDay] = useState(file.dueDay ?? '')
  const [owner, setOwner] = useState('')
  const [reason, setReason] = useState('')
  const change = useAction(changeCase)
  const isNewDay = dueDay !== '' && dueDay !== file.dueDay
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [unitId, staffId] = owner.split(':').map(Number)
    change.mutate(
      {
        params: { caseId: file.caseId },
        body: {
          reason,
          ...(isNewDay ? { dueDay } : {}),
          ...(unitId === undefined || staffId === undefined ? {} : { owner: { unitId, staffId } }),
        },
      },
      {
        onSuccess: () => {
          void message.success(words.change.saved)
          void queryClient.invalidateQueries({ queryKey: ['case.read'] })
          void queryClient.invalidateQueries({ queryKey: ['case.list'] })
          onClose()
        },
      },
    )
  }
  return (
    <Drawer open onClose={onClose} title={words.change.title} size={440}>
      <form onSubmit={submit} className="drawer-form">
        <Field label={words.change.due}>{(names) => <DayInput {...names} value={dueDay} onChange={setDueDay} />}</Field>
        <Field label={words.change.owner}>
          {(names) => (
            <Choice
              {...names}
              none={words.change.keep}
              value={owner}
              options={(file.candidates ?? []).map(({ unit, staffId, person }) => ({
                value: `${unit.unitId}:${staffId}`,
                label: words.change.candidate(unit.name, person),
              }))}
              onChange={setOwner}
            />
          )}
        </Field>
        <Field label={words.change.reason} hint={words.change.reasonHint}>
          {(names) => (
            <Input.TextArea
              {...names}
              rows={3}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <ProblemNote fault={change.error} />
        <div className="drawer-foot">
          <Button
            type="primary"
            htmlType="submit"
            disabled={(!isNewDay && owner === '') || reason.trim() === ''}
            loading={change.isPending}
          >
            {words.change.save}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}
