import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { type RepairLine, revealRepair } from './contract.ts'
import { DISMISS_CAUSES, type DismissCause, SIDES } from './kinds.ts'
import { words } from './page-words.web.ts'
import type { RepairActs } from './use-repair-acts.web.ts'
import { repairWords } from './words.ts'

interface RepairDetailProps {
  readonly row: RepairLine
  readonly acts: RepairActs
}

/** Below the row: what neither side says, the household book, why it need not be mended, and the whole numbers. */
export function RepairDetail({ row, acts }: RepairDetailProps) {
  const isOpen = row.state === 'found' || row.state === 'confirmed'
  const mayDismiss = isOpen || row.state === 'sent' || row.state === 'unchanged'
  return (
    <div className="repair-detail">
      {isOpen ? <Deciding row={row} acts={acts} /> : null}
      <div className="repair-acts">
        <Whole row={row} />
        {mayDismiss ? (
          <Choice
            label={words.details.cause}
            none={words.details.dismiss}
            value=""
            options={DISMISS_CAUSES.map((value) => ({ value, label: repairWords.causes[value] }))}
            onChange={(cause) => acts.dismiss(row.repairId, cause as DismissCause)}
          />
        ) : null}
        {row.state === 'confirmed' || row.state === 'dismissed' ? (
          <Button icon={<Icon name="undo" size={14} />} loading={acts.isBusy} onClick={() => acts.undo(row.repairId)}>
            {row.state === 'confirmed' ? words.undo : words.undoDismissal}
          </Button>
        ) : null}
      </div>
    </div>
  )
}

/** [REP-4] A typed value wins over a chosen side. */
function Deciding({ row, acts }: RepairDetailProps) {
  const [value, setValue] = useState('')
  const [side, setSide] = useState<string>(
    row.rightSide === 'other' || row.isAlone ? '' : (row.rightSide ?? row.suggested ?? ''),
  )
  const [page, setPage] = useState(row.evidence?.page ?? '')
  const [seen, setSeen] = useState(row.evidence?.day ?? '')
  const typed = value.trim()
  const chosen = SIDES.find((one) => one === side)
  const right = typed === '' ? chosen : 'other'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (right === undefined) return
    acts.decide(row.repairId, {
      right,
      ...(typed === '' ? {} : { value: typed }),
      ...(page.trim() === '' ? {} : { page: page.trim() }),
      ...(seen === '' ? {} : { seenDay: seen }),
    })
  }
  return (
    <form className="repair-form" onSubmit={submit}>
      <Field label={words.details.which}>
        {(names) => (
          <Choice
            {...names}
            none={words.details.choose}
            value={side}
            options={SIDES.filter((one) => row[one] !== null && !row.isAlone).map((one) => ({
              value: one,
              label: words.right(one === 'roll' ? words.roll : words.register),
            }))}
            onChange={setSide}
          />
        )}
      </Field>
      <Field label={words.details.value} hint={words.details.valueHint}>
        {(names) => (
          <Input {...names} maxLength={60} value={value} onChange={(event) => setValue(event.target.value)} />
        )}
      </Field>
      <Field label={words.details.page} hint={words.details.pageHint}>
        {(names) => <Input {...names} maxLength={40} value={page} onChange={(event) => setPage(event.target.value)} />}
      </Field>
      <Field label={words.details.seen}>{(names) => <DayInput {...names} value={seen} onChange={setSeen} />}</Field>
      <Button type="primary" htmlType="submit" disabled={right === undefined} loading={acts.isBusy}>
        {words.details.save}
      </Button>
    </form>
  )
}

/** What is shown whole is forgotten with the row. */
function Whole({ row }: { readonly row: RepairLine }) {
  const [isAsking, setIsAsking] = useState(false)
  const reveal = useAction(revealRepair)
  if (reveal.data !== undefined) {
    const lines = [
      [words.register, reveal.data.register],
      [words.roll, reveal.data.roll],
      [words.details.value, reveal.data.right],
      [words.details.citizenId, row.field === 'citizen-id' ? null : reveal.data.citizenId],
      [words.details.studentNo, reveal.data.studentNo],
    ] as const
    return (
      <dl className="facts">
        {lines.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="facts-pair">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    )
  }
  return (
    <>
      <Button icon={<Icon name="eye" size={14} />} onClick={() => setIsAsking(true)}>
        {words.details.whole}
      </Button>
      <ReasonDialog
        title={words.details.whole}
        label={words.details.wholeReason}
        confirm={words.details.whole}
        isOpen={isAsking}
        isBusy={reveal.isPending}
        fault={reveal.error}
        onReason={(reason) =>
          reveal.mutate(
            { params: { repairId: row.repairId }, body: { reason } },
            { onSuccess: () => setIsAsking(false) },
          )
        }
        onClose={() => setIsAsking(false)}
      >
        <p className="second">{words.details.wholeWhat}</p>
      </ReasonDialog>
    </>
  )
}
