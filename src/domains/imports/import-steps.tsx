import { Steps } from '../../web/kit/steps.tsx'
import { words } from './page-words.web.ts'

interface ImportStepsProps {
  /** 0 the file, 1 its columns, 2 the check, 3 stored. */
  readonly current: number
  readonly canGo: (step: number) => boolean
  readonly onGo: (step: number) => void
}

export function ImportSteps({ current, canGo, onGo }: ImportStepsProps) {
  const { file, columns, check, commit } = words.sheet.stepNames
  return (
    <Steps
      label={words.sheet.steps}
      steps={[file, columns, check, commit]}
      current={current}
      canGo={canGo}
      onGo={onGo}
    />
  )
}
