import { Icon } from './icon.tsx'

interface StepsProps {
  readonly label: string
  readonly steps: readonly string[]
  /** 0-based. */
  readonly current: number
  /** Steps that may be gone back to, or forward to when what they need is there. */
  readonly canGo: (step: number) => boolean
  readonly onGo: (step: number) => void
}

export function Steps({ label, steps, current, canGo, onGo }: StepsProps) {
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, index) => (
        <li key={step} className={index < current ? 'step step-done' : 'step'}>
          <button
            type="button"
            aria-current={index === current ? 'step' : undefined}
            disabled={index !== current && !canGo(index)}
            onClick={() => onGo(index)}
          >
            <span className="step-mark">{index < current ? <Icon name="check" size={14} /> : index + 1}</span>
            {step}
          </button>
        </li>
      ))}
    </ol>
  )
}
