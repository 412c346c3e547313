import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { plainDate } from '../../kernel/plain-date.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { useAction } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Field } from '../../web/kit/field.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { useViewer } from '../../web/viewer.tsx'
import { createRun, SHEET_ROLES } from './contract.ts'
import { clearDraft, type Draft } from './draft.web.ts'
import { words } from './page-words.web.ts'
import { runPath } from './paths.web.ts'

interface WizardStartProps {
  readonly draft: Draft
  readonly onStep: (step: number) => void
}

export function WizardStart({ draft, onStep }: WizardStartProps) {
  const { today } = useViewer()
  const go = useGo()
  const queryClient = useQueryClient()
  const thisYear = schoolYearOf(plainDate(today))
  const [year, setYear] = useState<number>(thisYear)
  const create = useAction(createRun)
  const { population, roll } = draft
  if (population.state !== 'ready' || roll.state !== 'ready') return null

  const start = () => {
    create.mutate(
      {
        body: {
          populationSheetId: population.inspection.sheetId,
          rollSheetId: roll.inspection.sheetId,
          schoolYear: year,
          populationColumns: { ...population.columns },
          rollColumns: { ...roll.columns },
        },
      },
      {
        onSuccess: ({ runId }) => {
          clearDraft()
          void queryClient.invalidateQueries({ queryKey: ['run.list'] })
          go(runPath(runId))
        },
      },
    )
  }

  return (
    <>
      <div className="two-sheets">
        <Box title={words.wizard.summary}>
          <div className="box-body">
            <dl className="facts">
              {SHEET_ROLES.map((role) => {
                const intake = role === 'population' ? population : roll
                return (
                  <div key={role} className="facts-pair">
                    <dt>{words.sheets[role]}</dt>
                    <dd>
                      <b>{intake.inspection.fileName}</b>{' '}
                      <span className="nowrap">
                        {showCount(intake.inspection.rows)} <span className="second">{words.rows}</span>
                      </span>
                    </dd>
                  </div>
                )
              })}
            </dl>
            <div className="start-year">
              <Field label={words.wizard.schoolYear} hint={words.wizard.schoolYearHint}>
                {(names) => (
                  <Choice
                    {...names}
                    value={String(year)}
                    options={[1, 0, -1, -2, -3].map((step) => ({
                      value: String(thisYear + step),
                      label: words.schoolYear(thisYear + step),
                    }))}
                    onChange={(value) => setYear(Number(value))}
                  />
                )}
              </Field>
            </div>
          </div>
        </Box>
        <Box title={words.wizard.what}>
          <div className="box-body">
            <ol className="how">
              {words.wizard.whatSteps.split('\n').map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ol>
            <p className="note proof">{words.proof}</p>
          </div>
        </Box>
      </div>
      <ProblemNote fault={create.error}>
        {isCode(create.error, 'SHEET.UNKNOWN_LAYOUT', 'SHEET.COLUMN_TWICE') ? (
          <Button onClick={() => onStep(1)}>{words.wizard.toColumns}</Button>
        ) : null}
        {isCode(create.error, 'RUN.SAME_SHEET', 'REQUEST.NOT_FOUND') ? (
          <Button onClick={() => onStep(0)}>{words.wizard.toFiles}</Button>
        ) : null}
      </ProblemNote>
      <div className="next-action wizard-foot">
        <Button onClick={() => onStep(1)}>{words.wizard.back}</Button>
        <Button type="primary" onClick={start} loading={create.isPending}>
          {words.wizard.start}
        </Button>
      </div>
    </>
  )
}
