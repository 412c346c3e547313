import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Drawer, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Choice, type Option } from '../../web/kit/choice.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useViewer } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { createUnit, UNIT_KINDS, type UnitDetail, type UnitKind } from './contract.ts'
import { words } from './page-words.web.ts'
import { mayStandUnder, SCHOOL_CODE } from './rules.ts'
import { registryWords } from './words.ts'

interface UnitCreateProps {
  readonly parent: UnitDetail
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function UnitCreate({ parent, isOpen, onClose }: UnitCreateProps) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { today } = useViewer()
  const kinds = UNIT_KINDS.filter((below) => mayStandUnder(below, parent.kind))
  const [kind, setKind] = useState<UnitKind>(kinds[0] ?? 'school')
  const [name, setName] = useState('')
  const [code, setCode] = useState('')
  const [from, setFrom] = useState(today)
  const [schoolType, setSchoolType] = useState('211')
  const [settlementClass, setSettlementClass] = useState('')
  const [founder, setFounder] = useState('')
  const [isBoarding, setIsBoarding] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const create = useAction(createUnit)
  const nameFault = isTried && name.trim().length < 2 ? words.units.tooShort : undefined
  const codeFault = isTried ? faultOfCode(code.trim(), kind) : undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (name.trim().length < 2 || faultOfCode(code.trim(), kind) !== undefined) return
    const school = {
      schoolCode: SCHOOL_CODE.test(code.trim()) ? code.trim() : null,
      schoolType,
      settlementClass: settlementClass || null,
      founder: founder.trim() || null,
      isBoarding,
    }
    create.mutate(
      { body: { parentId: parent.unitId, kind, code, name, from, ...(kind === 'school' ? { school } : {}) } },
      {
        onSuccess: (unit) => {
          void message.success(words.units.created(unit.name))
          void queryClient.invalidateQueries({ queryKey: ['unit.list'] })
          void queryClient.invalidateQueries({ queryKey: ['unit.read'] })
          setName('')
          setCode('')
          setIsTried(false)
          onClose()
        },
      },
    )
  }

  return (
    <Drawer open={isOpen} onClose={onClose} title={words.units.createUnder(parent.name)} size={440}>
      <form onSubmit={submit} className="drawer-form">
        <Field label={words.units.kind}>
          {(names) => (
            <Choice
              {...names}
              className="choice-wide"
              value={kind}
              options={kinds.map((value) => ({ value, label: registryWords.kind[value] }))}
              onChange={(value) => setKind(kinds.find((known) => known === value) ?? kind)}
            />
          )}
        </Field>
        <Field label={words.units.name} fault={nameFault}>
          {(names) => (
            <Input {...names} maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={words.units.code} hint={kind === 'school' ? words.units.codeHint : undefined} fault={codeFault}>
          {(names) => (
            <Input {...names} maxLength={32} value={code} onChange={(event) => setCode(event.target.value)} />
          )}
        </Field>
        <Field label={words.units.from}>{(names) => <DayInput {...names} value={from} onChange={setFrom} />}</Field>
        {kind === 'school' ? (
          <>
            <Field label={words.units.schoolType}>
              {(names) => (
                <Choice
                  {...names}
                  className="choice-wide"
                  value={schoolType}
                  options={tableOptions(registryWords.schoolType)}
                  onChange={setSchoolType}
                />
              )}
            </Field>
            <Field label={words.units.settlement}>
              {(names) => (
                <Choice
                  {...names}
                  className="choice-wide"
                  none={words.units.unknown}
                  value={settlementClass}
                  options={tableOptions(registryWords.settlementClass)}
                  onChange={setSettlementClass}
                />
              )}
            </Field>
            <Field label={words.units.founder}>
              {(names) => (
                <Input {...names} maxLength={60} value={founder} onChange={(event) => setFounder(event.target.value)} />
              )}
            </Field>
            <Checkbox checked={isBoarding} onChange={(event) => setIsBoarding(event.target.checked)}>
              {words.units.boardingLabel}
            </Checkbox>
          </>
        ) : null}
        <ProblemNote fault={create.error} />
        <div className="drawer-foot">
          <Button onClick={onClose}>{kit.dialog.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {words.units.save}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}

/** A school's code is its 标识码, or one of the district's own, which nobody can take for a mistyped 标识码. */
function faultOfCode(code: string, kind: UnitKind): string | undefined {
  if (code === '') return words.units.codeMissing
  return kind === 'school' && !SCHOOL_CODE.test(code) && !/[A-Za-z]/.test(code) ? words.units.codeShape : undefined
}

/** A national code table as it is printed: code, then its word. */
function tableOptions(table: Readonly<Record<string, string>>): Option[] {
  return Object.entries(table).map(([value, label]) => ({ value, label: `${value} ${label}` }))
}
