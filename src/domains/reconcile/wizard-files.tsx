import { Button } from 'antd'
import { SHEET_ROLES } from './contract.ts'
import { DemoSheets } from './demo-sheets.tsx'
import type { Draft } from './draft.web.ts'
import { words } from './page-words.web.ts'
import { SheetIntake } from './sheet-intake.tsx'

interface WizardFilesProps {
  readonly draft: Draft
  readonly isComplete: boolean
  readonly onNext: () => void
  readonly onColumns: () => void
}

export function WizardFiles({ draft, isComplete, onNext, onColumns }: WizardFilesProps) {
  const isUntouched = SHEET_ROLES.every((role) => draft[role].state === 'empty')
  return (
    <>
      <div className="two-sheets">
        {SHEET_ROLES.map((role) => (
          <SheetIntake key={role} role={role} intake={draft[role]} />
        ))}
      </div>
      {isUntouched ? <DemoSheets /> : null}
      <div className="next-action wizard-foot">
        {isComplete ? null : <span className="second">{words.wizard.needBoth}</span>}
        {isComplete ? <Button onClick={onColumns}>{words.wizard.toColumns}</Button> : null}
        <Button type="primary" disabled={!isComplete} onClick={onNext}>
          {words.wizard.next}
        </Button>
      </div>
    </>
  )
}
