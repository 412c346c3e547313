import { Button } from 'antd'
import { ColumnMatch } from './column-match.tsx'
import { SHEET_ROLES } from './contract.ts'
import type { Draft } from './draft.web.ts'
import { words } from './page-words.web.ts'

interface WizardColumnsProps {
  readonly draft: Draft
  readonly isComplete: boolean
  readonly onBack: () => void
  readonly onNext: () => void
}

export function WizardColumns({ draft, isComplete, onBack, onNext }: WizardColumnsProps) {
  return (
    <>
      <div className="two-sheets">
        {SHEET_ROLES.map((role) => {
          const intake = draft[role]
          return intake.state === 'ready' ? <ColumnMatch key={role} role={role} intake={intake} /> : null
        })}
      </div>
      <div className="next-action wizard-foot">
        <Button onClick={onBack}>{words.wizard.back}</Button>
        <Button type="primary" disabled={!isComplete} onClick={onNext}>
          {words.wizard.next}
        </Button>
      </div>
    </>
  )
}
