import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo, usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { type AccountCode, accountWords, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { AccountChoice } from './account-choice.tsx'
import { type ChildStanding, OFFICER_EVIDENCE, type OfficerEvidence, postEntry, readStanding } from './contract.ts'
import { words } from './page-words.web.ts'
import { casePath, childPath } from './paths.web.ts'
import { SchoolPicker } from './school-picker.tsx'
import './cases.css'

/** An officer says where a child is, from which day, and on what ground. */
export default function EntryPage() {
  const childId = Number(usePathPart('childId'))
  const standing = useAnswer(readStanding, { params: { childId } })
  if (standing.isPending) return <Pending lines={8} />
  if (standing.data === undefined) {
    return <PageProblem fault={standing.error} onRetry={() => void standing.refetch()} />
  }
  return <EntryForm key={childId} child={standing.data} />
}

/** In school here or elsewhere: which school is part of the answer. */
const AT_SCHOOL: ReadonlySet<string> = new Set(['here', 'elsewhere-in-city'])

function EntryForm({ child }: { readonly child: ChildStanding }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const go = useGo()
  const [account, setAccount] = useState<AccountCode>()
  const [from, setFrom] = useState(child.today)
  const [evidence, setEvidence] = useState<OfficerEvidence>()
  const [unitId, setUnitId] = useState<number>()
  const [pauseUntil, setPauseUntil] = useState('')
  const [note, setNote] = useState('')
  const post = useAction(postEntry)
  const facts = account === undefined ? undefined : BOOK_ACCOUNTS[account]
  const isAtSchool = account !== undefined && AT_SCHOOL.has(account)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (account === undefined || evidence === undefined) return
    post.mutate(
      {
        params: { childId: child.childId },
        body: {
          account,
          from,
          evidence,
          ...(isAtSchool && unitId !== undefined ? { unitId } : {}),
          ...(facts?.isPause === true && pauseUntil !== '' ? { pauseUntil } : {}),
          ...(note.trim() === '' ? {} : { note }),
        },
      },
      {
        onSuccess: ({ caseId }) => {
          void message.success(words.entry.done)
          void queryClient.invalidateQueries()
          go(caseId === null ? childPath(child.childId) : casePath(caseId))
        },
      },
    )
  }
  return (
    <div className="stack">
      <PageHead title={words.entry.title(child.name)} documentTitle={words.entry.documentTitle} />
      <Box>
        <form onSubmit={submit} className="box-body drawer-form entry-form">
          <p className="second">
            {words.entry.now} <b>{accountWords.accounts[child.account]}</b> {words.list.since(child.since)}
          </p>
          <Field label={words.entry.account} hint={hintOf(child, facts?.isUnexplained)}>
            {(names) => (
              <AccountChoice
                {...names}
                isRegistered={child.registered !== null}
                value={account}
                onChange={setAccount}
              />
            )}
          </Field>
          {isAtSchool ? (
            <Field
              label={words.entry.school}
              hint={child.school === null ? undefined : words.entry.schoolKeep(child.school.name)}
            >
              {(names) => <SchoolPicker id={names.id} value={unitId} onPick={setUnitId} />}
            </Field>
          ) : null}
          {facts?.isPause === true ? (
            <Field label={words.entry.pauseUntil} hint={words.entry.pauseHint}>
              {(names) => <DayInput {...names} value={pauseUntil} onChange={setPauseUntil} />}
            </Field>
          ) : null}
          <Field label={words.entry.from} hint={words.entry.fromHint}>
            {(names) => <DayInput {...names} value={from} onChange={setFrom} />}
          </Field>
          <Field label={words.entry.evidence}>
            {(names) => (
              <Choice
                {...names}
                none={words.entry.choose}
                value={evidence ?? ''}
                options={OFFICER_EVIDENCE.map((kind) => ({ value: kind, label: accountWords.evidence[kind] }))}
                onChange={(kind) => setEvidence(OFFICER_EVIDENCE.find((known) => known === kind))}
              />
            )}
          </Field>
          <Field label={words.entry.note} hint={words.entry.noteHint}>
            {(names) => (
              <Input.TextArea
                {...names}
                rows={3}
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            )}
          </Field>
          <ProblemNote fault={post.error} />
          <div className="drawer-foot">
            <Button
              type="primary"
              htmlType="submit"
              disabled={account === undefined || evidence === undefined || from === ''}
              loading={post.isPending}
            >
              {words.entry.submit}
            </Button>
          </div>
        </form>
      </Box>
    </div>
  )
}

function hintOf({ caseId }: ChildStanding, isUnexplained: boolean | undefined): string | undefined {
  if (isUnexplained === undefined) return undefined
  if (isUnexplained) return words.entry.opens
  return caseId === null ? undefined : words.entry.closes
}
