import { Steps } from '../../web/kit/steps.tsx'
import { sheetWords as words } from './account-sheet-page-words.web.ts'

/** 0 the empty sheet, 1 the upload, 2 the check, 3 the accounts, 4 the passwords. */
export function AccountSheetSteps({ current }: { readonly current: number }) {
  const { template, upload, check, commit, passwords } = words.stepNames
  return (
    <Steps
      label={words.steps}
      steps={[template, upload, check, commit, passwords]}
      current={current}
      canGo={() => false}
      onGo={() => undefined}
    />
  )
}
