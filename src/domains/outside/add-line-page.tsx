import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { ChildPicker, type PickedChild } from './child-picker.tsx'
import { addLine, listPlaces } from './contract.ts'
import { words } from './page-words.web.ts'
import { linePath, OUTSIDE } from './paths.web.ts'
import { AIDS, type Aid, REASONS, type Reason } from './rules.ts'
import { SchoolPicker } from './school-picker.tsx'
import { outsideWords } from './words.ts'
import './outside.css'

/** A child in sight, where it is at school, and what is known of it. The other side is asked at once. */
export default function AddLinePage() {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const go = useGo()
  const [child, setChild] = useState<PickedChild>()
  const [place, setPlace] = useState('')
  const [school, setSchool] = useState('')
  const [schoolId, setSchoolId] = useState<number>()
  const [grade, setGrade] = useState('')
  const [since, setSince] = useState('')
  const [reason, setReason] = useState<Reason>()
  const [aid, setAid] = useState<Aid>()
  const add = useAction(addLine)
  const isInCity = place.startsWith('u')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (child === undefined || place === '' || school.trim().length < 2) return
    const where = isInCity ? { hostUnitId: Number(place.slice(1)) } : { hostPlace: place }
    add.mutate(
      {
        body: {
          childId: child.childId,
          ...where,
          school: school.trim(),
          ...(isInCity && schoolId !== undefined ? { schoolId } : {}),
          ...(grade === '' ? {} : { grade: Number(grade) }),
          ...(since === '' ? {} : { sinceDay: since as PlainDate }),
          ...(reason === undefined ? {} : { reason }),
          ...(aid === undefined ? {} : { aid }),
        },
      },
      {
        onSuccess: ({ lineId }) => {
          void message.success(words.add.done)
          void queryClient.invalidateQueries({ queryKey: ['outside.list'] })
          go(linePath(lineId))
        },
      },
    )
  }
  return (
    <div className="stack">
      <PageHead title={words.add.title}>
        <Link to={OUTSIDE} className="button">
          {words.flows.back}
        </Link>
      </PageHead>
      <Box>
        <form onSubmit={submit} className="box-body drawer-form outside-form">
          <ChildPicker picked={child} onPick={setChild} />
          <PlaceField value={place} onChange={setPlace} />
          {isInCity ? (
            <Field label={words.add.school}>
              {(names) => (
                <SchoolPicker
                  id={names.id}
                  value={schoolId}
                  onPick={(found) => {
                    setSchoolId(found?.unitId)
                    setSchool(found?.name ?? '')
                  }}
                />
              )}
            </Field>
          ) : (
            <Field label={words.add.school} hint={words.add.schoolHint}>
              {(names) => (
                <Input {...names} maxLength={60} value={school} onChange={(event) => setSchool(event.target.value)} />
              )}
            </Field>
          )}
          <Field label={words.add.grade}>
            {(names) => (
              <Choice
                {...names}
                none={words.add.choose}
                value={grade}
                options={[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ value: String(n), label: words.list.gradeOf(n) }))}
                onChange={setGrade}
              />
            )}
          </Field>
          <Field label={words.add.since}>{(names) => <DayInput {...names} value={since} onChange={setSince} />}</Field>
          <Field label={words.add.reason}>
            {(names) => (
              <Choice
                {...names}
                none={words.add.choose}
                value={reason ?? ''}
                options={REASONS.map((code) => ({ value: code, label: outsideWords.reasons[code] }))}
                onChange={(code) => setReason(REASONS.find((known) => known === code))}
              />
            )}
          </Field>
          <Field label={words.add.aid}>
            {(names) => (
              <Choice
                {...names}
                none={words.add.choose}
                value={aid ?? ''}
                options={AIDS.map((code) => ({ value: code, label: outsideWords.aids[code] }))}
                onChange={(code) => setAid(AIDS.find((known) => known === code))}
              />
            )}
          </Field>
          <ProblemNote fault={add.error} />
          <div className="drawer-foot">
            <span className="second">{isInCity ? words.add.noProofCity : words.add.noProofProvince}</span>
            <Button
              type="primary"
              htmlType="submit"
              loading={add.isPending}
              disabled={child === undefined || place === '' || school.trim().length < 2}
            >
              {words.add.submit}
            </Button>
          </div>
        </form>
      </Box>
    </div>
  )
}

function PlaceField({ value, onChange }: { readonly value: string; readonly onChange: (place: string) => void }) {
  const places = useAnswer(listPlaces, {})
  const districts = (places.data?.districts ?? []).map(({ unitId, name }) => ({ value: `u${unitId}`, label: name }))
  const provinces = (places.data?.provinces ?? []).map(({ place, name }) => ({ value: place, label: name }))
  return (
    <Field label={words.add.where}>
      {(names) => (
        <Choice
          {...names}
          none={words.add.choose}
          value={value}
          options={[
            { value: '-city', label: words.add.inCity, isDisabled: true },
            ...districts,
            { value: '-province', label: words.add.inProvince, isDisabled: true },
            ...provinces,
          ]}
          onChange={onChange}
        />
      )}
    </Field>
  )
}
