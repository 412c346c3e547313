import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { isReason, LEAST_REASON } from '../../kernel/reason.ts'
import { useAction } from '../../web/api/query.ts'
import { Field } from '../../web/kit/field.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { words as kit } from '../../web/words.ts'
import { type ListName, revealRow } from './contract.ts'
import { words } from './page-words.web.ts'

interface RevealProps {
  readonly runId: string
  readonly list: ListName
  readonly seq: number
}

/** One field and a button, in the row's own panel. What is revealed is forgotten with the panel. */
export function Reveal({ runId, list, seq }: RevealProps) {
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const reveal = useAction(revealRow)
  const isEnough = isReason(reason)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isEnough) reveal.mutate({ params: { runId, list, seq }, body: { reason: reason.trim() } })
  }
  if (reveal.data !== undefined) return <Revealed answer={reveal.data} onHide={() => reveal.reset()} />
  if (!isAsking) {
    return (
      <Button icon={<Icon name="eye" size={15} />} onClick={() => setIsAsking(true)}>
        {words.detail.reveal}
      </Button>
    )
  }
  return (
    <form onSubmit={submit}>
      <Field label={words.detail.revealReason} hint={kit.reason.hint(LEAST_REASON)}>
        {(names) => (
          <Input
            {...names}
            autoFocus
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote fault={reveal.error} />
      <div className="reveal-actions">
        <Button onClick={() => setIsAsking(false)}>{kit.dialog.cancel}</Button>
        <Button type="primary" htmlType="submit" disabled={!isEnough} loading={reveal.isPending}>
          {words.detail.revealSubmit}
        </Button>
      </div>
    </form>
  )
}

interface RevealedProps {
  readonly answer: {
    readonly citizenId: string | null
    readonly rollCitizenId: string | null
    readonly guardian: string | null
    readonly guardianPhone: string | null
    readonly address: string | null
  }
  readonly onHide: () => void
}

function Revealed({ answer, onHide }: RevealedProps) {
  const lines = [
    [words.detail.populationCitizenId, answer.citizenId],
    [words.detail.rollCitizenId, answer.rollCitizenId],
    [words.columns.guardian, answer.guardian],
    [words.detail.phone, answer.guardianPhone],
    [words.detail.address, answer.address],
  ] as const
  return (
    <div className="revealed">
      <dl className="facts">
        {lines.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="facts-pair">
              <dt>{label}</dt>
              <dd>{label === words.detail.phone ? <a href={`tel:${value}`}>{value}</a> : value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="note">{words.detail.revealed}</p>
      <Button onClick={onHide}>{words.detail.hide}</Button>
    </div>
  )
}
