import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { useAction } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useMay } from '../../web/viewer.tsx'
import { answerLine, askOther, denyLine, endLine, type OutsideDetail, proveLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { ANSWERS, type Answer, ENDINGS, type Ending } from './rules.ts'
import { SchoolPicker } from './school-picker.tsx'
import { outsideWords } from './words.ts'

/** What the own side may do now; nothing where it may do nothing. */
export function LineMoves({ line }: { readonly line: OutsideDetail }) {
  const isOver = line.state === 'ended'
  const mayProve = line.mayWrite && !isOver
  return (
    <div className="stack">
      {line.mayWrite && (line.state === 'asked' || line.state === 'silent') ? (
        <Notice tone="passing">{words.line.responsible}</Notice>
      ) : null}
      {line.mayConfirm && line.hostIsOurs && !isOver ? <AnswerBox line={line} /> : null}
      {mayProve && line.hostIsOurs && line.state !== 'asked' && line.isHome && !line.isHost ? (
        <AskBox line={line} />
      ) : null}
      {mayProve && !line.isHost ? <ProveBox line={line} /> : null}
      {mayProve ? <EndBox line={line} /> : null}
    </div>
  )
}

function useDone() {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  return {
    onSuccess: () => {
      void message.success(words.line.done)
      for (const key of ['outside.read', 'outside.list']) void queryClient.invalidateQueries({ queryKey: [key] })
    },
  }
}

function AnswerBox({ line }: { readonly line: OutsideDetail }) {
  const answer = useAction(answerLine)
  const done = useDone()
  const mayFind = useMay('book.post')
  const [seenDay, setSeenDay] = useState(line.today)
  const [schoolId, setSchoolId] = useState<number>()
  const [why, setWhy] = useState<Answer>()
  const params = { lineId: line.lineId }
  return (
    <Box title={words.line.mine}>
      <div className="box-body drawer-form">
        <Field label={words.line.seenDay}>
          {(names) => <DayInput {...names} value={seenDay} onChange={setSeenDay} />}
        </Field>
        {mayFind ? (
          <Field label={words.line.schoolHere} hint={line.school}>
            {(names) => (
              <SchoolPicker id={names.id} value={schoolId} onPick={(school) => setSchoolId(school?.unitId)} />
            )}
          </Field>
        ) : null}
        <Button
          type="primary"
          loading={answer.isPending}
          onClick={() =>
            answer.mutate(
              {
                params,
                body: { is: 'here', seenDay: seenDay as PlainDate, ...(schoolId === undefined ? {} : { schoolId }) },
              },
              done,
            )
          }
        >
          {words.line.confirm}
        </Button>
        <Field label={words.line.denyWhy}>{(names) => <AnswerChoice {...names} value={why} onChange={setWhy} />}</Field>
        <Button
          disabled={why === undefined}
          onClick={() => {
            if (why !== undefined) answer.mutate({ params, body: { is: 'not-here', answer: why } }, done)
          }}
        >
          {words.line.denyDo}
        </Button>
        <ProblemNote fault={answer.error} />
      </div>
    </Box>
  )
}

interface AnswerChoiceProps {
  readonly id: string
  readonly 'aria-describedby': string
  readonly value: Answer | undefined
  readonly onChange: (answer: Answer | undefined) => void
}

function AnswerChoice({ value, onChange, ...names }: AnswerChoiceProps) {
  return (
    <Choice
      {...names}
      none={words.add.choose}
      value={value ?? ''}
      options={ANSWERS.map((code) => ({ value: code, label: outsideWords.answers[code] }))}
      onChange={(code) => onChange(ANSWERS.find((known) => known === code))}
    />
  )
}

function AskBox({ line }: { readonly line: OutsideDetail }) {
  const ask = useAction(askOther)
  const done = useDone()
  return (
    <Box title={words.line.next}>
      <div className="box-body drawer-form">
        <Button
          type="primary"
          loading={ask.isPending}
          onClick={() => ask.mutate({ params: { lineId: line.lineId } }, done)}
        >
          {line.askedDay === null ? words.line.ask : words.line.askAgain}
        </Button>
        <ProblemNote fault={ask.error} />
      </div>
    </Box>
  )
}

const PAPERS = ['registry-reply', 'certificate'] as const

function ProveBox({ line }: { readonly line: OutsideDetail }) {
  const prove = useAction(proveLine)
  const deny = useAction(denyLine)
  const done = useDone()
  const [proof, setProof] = useState<(typeof PAPERS)[number]>('registry-reply')
  const [checkedDay, setCheckedDay] = useState(line.today)
  const [lastDay, setLastDay] = useState('')
  const [why, setWhy] = useState<Answer>()
  const params = { lineId: line.lineId }
  return (
    <Box title={words.line.prove}>
      <div className="box-body drawer-form">
        <Field label={words.line.proof}>
          {(names) => (
            <Choice
              {...names}
              value={proof}
              options={PAPERS.map((code) => ({ value: code, label: outsideWords.proofs[code] }))}
              onChange={(code) => setProof(PAPERS.find((known) => known === code) ?? 'registry-reply')}
            />
          )}
        </Field>
        <Field label={words.line.checkedDay}>
          {(names) => <DayInput {...names} value={checkedDay} onChange={setCheckedDay} />}
        </Field>
        <Field label={words.line.lastDay} hint={words.line.lastDayHint}>
          {(names) => <DayInput {...names} value={lastDay} onChange={setLastDay} />}
        </Field>
        <Button
          type="primary"
          disabled={checkedDay === ''}
          loading={prove.isPending}
          onClick={() =>
            prove.mutate(
              {
                params,
                body: {
                  proof,
                  checkedDay: checkedDay as PlainDate,
                  ...(lastDay === '' ? {} : { lastDay: lastDay as PlainDate }),
                },
              },
              done,
            )
          }
        >
          {words.line.proveDo}
        </Button>
        <ProblemNote fault={prove.error ?? deny.error} />
        {line.hostIsOurs || line.state === 'denied' ? null : (
          <>
            <Field label={words.line.otherDeny}>
              {(names) => <AnswerChoice {...names} value={why} onChange={setWhy} />}
            </Field>
            <Button
              disabled={why === undefined}
              onClick={() => {
                if (why !== undefined) deny.mutate({ params, body: { answer: why } }, done)
              }}
            >
              {words.line.otherDeny}
            </Button>
          </>
        )}
      </div>
    </Box>
  )
}

function EndBox({ line }: { readonly line: OutsideDetail }) {
  const end = useAction(endLine)
  const done = useDone()
  const [ending, setEnding] = useState<Ending>()
  const [day, setDay] = useState(line.today)
  const [schoolId, setSchoolId] = useState<number>()
  return (
    <Box title={words.line.end}>
      <div className="box-body drawer-form">
        <Field label={words.line.endWhy}>
          {(names) => (
            <Choice
              {...names}
              none={words.add.choose}
              value={ending ?? ''}
              options={ENDINGS.map((code) => ({ value: code, label: outsideWords.endings[code] }))}
              onChange={(code) => setEnding(ENDINGS.find((known) => known === code))}
            />
          )}
        </Field>
        {ending === undefined ? null : (
          <Field label={words.line.endDay}>{(names) => <DayInput {...names} value={day} onChange={setDay} />}</Field>
        )}
        {ending === 'returned' ? (
          <Field label={words.line.endSchool} hint={words.line.endSchoolHint}>
            {(names) => (
              <SchoolPicker id={names.id} value={schoolId} onPick={(school) => setSchoolId(school?.unitId)} />
            )}
          </Field>
        ) : null}
        <Button
          disabled={ending === undefined || day === ''}
          loading={end.isPending}
          onClick={() => {
            if (ending === undefined) return
            const school = ending === 'returned' && schoolId !== undefined ? { schoolId } : {}
            end.mutate({ params: { lineId: line.lineId }, body: { ending, day: day as PlainDate, ...school } }, done)
          }}
        >
          {words.line.endDo}
        </Button>
        <ProblemNote fault={end.error} />
      </div>
    </Box>
  )
}
