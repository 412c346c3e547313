import { Steps } from '../../web/kit/steps.tsx'
import { words } from './page-words.web.ts'

/** 0 which ledger, 1 the empty sheet, 2 the check, 3 posted. */
export function LedgerSteps({ current }: { readonly current: number }) {
  return (
    <Steps
      label={words.ledgers.steps}
      steps={words.ledgers.stepNames.split('、')}
      current={current}
      canGo={() => false}
      onGo={() => undefined}
    />
  )
}
