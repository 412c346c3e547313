import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useViewer } from '../../web/viewer.tsx'
import { type CheckDetail, giveReport } from './contract.ts'
import { words } from './page-words.web.ts'
import { PROVINCES } from './provinces.ts'
import { METHODS, type Method, RESULTS, type ResultCode, resultOf } from './results.ts'
import { SchoolPicker } from './school-picker.tsx'
import { checksWords } from './words.ts'

/** What somebody found out; fields follow the result. */
export function ReportForm({ task }: { readonly task: CheckDetail }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const viewer = useViewer()
  const [result, setResult] = useState<ResultCode>()
  const [method, setMethod] = useState<Method>('visit')
  const [checkedDay, setCheckedDay] = useState(task.today)
  const [schoolId, setSchoolId] = useState<number>()
  const [province, setProvince] = useState('')
  const [pauseUntil, setPauseUntil] = useState('')
  const [texts, setTexts] = useState({ checker: viewer.person, papers: '', place: '', remark: '' })
  const give = useAction(giveReport)
  const needs = result === undefined ? {} : resultOf(result).needs
  const submit = (event: FormEvent) => {
    event.preventDefault()
    give.mutate(
      {
        params: { caseId: task.caseId },
        body: {
          ...texts,
          method,
          checkedDay,
          ...(result === undefined ? {} : { result }),
          ...(needs.school === true && schoolId !== undefined ? { schoolId } : {}),
          ...(needs.province === true && province !== '' ? { province } : {}),
          ...(needs.pauseUntil === true && pauseUntil !== '' ? { pauseUntil } : {}),
        },
      },
      {
        onSuccess: ({ isOpen }) => {
          void message.success(isOpen ? words.report.done : words.report.closedItself)
          setTexts({ ...texts, papers: '', place: '', remark: '' })
          setResult(undefined)
          void queryClient.invalidateQueries()
        },
      },
    )
  }
  const text = (id: keyof typeof texts, label: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(names) => (
        <Input
          {...names}
          maxLength={200}
          value={texts[id]}
          onChange={(event) => setTexts({ ...texts, [id]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <Box title={words.report.title} note={words.report.note}>
      <form onSubmit={submit} className="box-body check-form">
        <Field label={words.report.result} hint={result === undefined ? undefined : hintOf(result)}>
          {(names) => <ResultChoice {...names} task={task} value={result} onChange={setResult} />}
        </Field>
        <div className="check-pair">
          <Field label={words.report.method}>
            {(names) => (
              <Choice
                {...names}
                value={method}
                options={METHODS.map((value) => ({ value, label: checksWords.methods[value] }))}
                onChange={(value) => setMethod(METHODS.find((known) => known === value) ?? 'visit')}
              />
            )}
          </Field>
          <Field label={words.report.checkedDay}>
            {(names) => <DayInput {...names} value={checkedDay} onChange={setCheckedDay} />}
          </Field>
        </div>
        {needs.school === true ? (
          <Field
            label={words.report.school}
            hint={task.school === null ? undefined : words.report.schoolKeep(task.school.name)}
          >
            {(names) => <SchoolPicker id={names.id} value={schoolId} onPick={setSchoolId} />}
          </Field>
        ) : null}
        {needs.province === true ? (
          <Field label={words.report.province}>
            {(names) => (
              <Choice
                {...names}
                none={words.report.choose}
                value={province}
                options={PROVINCES.map(({ code, name }) => ({ value: code, label: name }))}
                onChange={setProvince}
              />
            )}
          </Field>
        ) : null}
        {needs.place === true ? text('place', words.report.place) : null}
        {needs.pauseUntil === true ? (
          <Field label={words.report.pauseUntil}>
            {(names) => <DayInput {...names} value={pauseUntil} onChange={setPauseUntil} />}
          </Field>
        ) : null}
        {result === undefined ? null : text('papers', words.report.papers, words.report.papersHint)}
        <div className="check-pair">
          {text('checker', words.report.checker)}
          {text('remark', words.report.remark, words.report.remarkHint)}
        </div>
        <ProblemNote fault={give.error} />
        <div className="check-foot">
          <Button type="primary" htmlType="submit" disabled={checkedDay === ''} loading={give.isPending}>
            {result === undefined ? words.report.submitTried : words.report.submit}
          </Button>
        </div>
      </form>
    </Box>
  )
}

function hintOf(result: ResultCode): string {
  const { goesTo } = resultOf(result)
  return `${words.report.asked(checksWords.asked[result])}　${words.report.goesTo(checksWords.goesTo[goesTo])}`
}

interface ResultChoiceProps {
  readonly id: string
  readonly 'aria-describedby': string
  readonly task: CheckDetail
  readonly value: ResultCode | undefined
  readonly onChange: (result: ResultCode | undefined) => void
}

/** By letter; E is for a child without registration here. */
function ResultChoice({ task, value, onChange, ...names }: ResultChoiceProps) {
  const groups = Object.entries(words.report.groups)
    .map(([letter, label]) => ({ label, results: RESULTS.filter(({ code }) => code.startsWith(letter)) }))
    .filter(({ results }) => task.registered === null || !results[0]?.code.startsWith('E'))
  return (
    <select
      {...names}
      className="choice"
      value={value ?? ''}
      onChange={(event) => onChange(RESULTS.find(({ code }) => code === event.target.value)?.code)}
    >
      <option value="">{words.report.noResult}</option>
      {groups.map(({ label, results }) => (
        <optgroup key={label} label={label}>
          {results.map(({ code }) => (
            <option key={code} value={code}>{`${code} ${checksWords.results[code]}`}</option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
