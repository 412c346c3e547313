import { useState } from 'react'
import { Box } from '../../web/kit/box.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Steps } from '../../web/kit/steps.tsx'
import { doubledColumns } from '../imports/index.ts'
import { BooksStart } from './books-start.tsx'
import { type Draft, type Intake, missingOf, useDraft } from './draft.web.ts'
import { words } from './page-words.web.ts'
import { WizardColumns } from './wizard-columns.tsx'
import { WizardFiles } from './wizard-files.tsx'
import { WizardStart } from './wizard-start.tsx'
import './reconcile.css'

/** The run that posts, over what was imported; below it three steps to a trial of two sheets: the sheets, which column is what, the year. */
export default function WizardPage() {
  const draft = useDraft()
  const [wanted, setStep] = useState(0)
  const reach = farthestStep(draft)
  const step = Math.min(wanted, reach)
  const { stepNames } = words.wizard
  return (
    <div className="stack">
      <PageHead title={words.wizard.title} note={words.run.subject} />
      {step === 0 ? <BooksStart /> : null}
      <Box title={words.books.trial} note={words.books.trialNote}>
        <Steps
          label={words.wizard.steps}
          steps={[stepNames.files, stepNames.columns, stepNames.start]}
          current={step}
          canGo={(target) => target <= reach}
          onGo={setStep}
        />
      </Box>
      {step === 0 ? (
        <WizardFiles
          draft={draft}
          isComplete={reach > 0}
          onNext={() => setStep(missingAny(draft) ? 1 : 2)}
          onColumns={() => setStep(1)}
        />
      ) : null}
      {step === 1 ? (
        <WizardColumns draft={draft} isComplete={reach > 1} onBack={() => setStep(0)} onNext={() => setStep(2)} />
      ) : null}
      {step === 2 ? <WizardStart draft={draft} onStep={setStep} /> : null}
    </div>
  )
}

function farthestStep(draft: Draft): number {
  const intakes = [draft.population, draft.roll]
  if (intakes.some((intake) => intake.state !== 'ready')) return 0
  return intakes.every(isMapped) ? 2 : 1
}

function isMapped(intake: Intake): boolean {
  return intake.state === 'ready' && missingOf(intake).length === 0 && doubledColumns(intake.columns).size === 0
}

function missingAny(draft: Draft): boolean {
  return !isMapped(draft.population) || !isMapped(draft.roll)
}
