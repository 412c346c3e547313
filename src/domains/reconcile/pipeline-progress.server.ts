import type { RunProgress } from './contract.ts'
import { reasonWords } from './reason-words.ts'

/** Share of the whole run that is behind when a stage begins, in percent; measured on a city of 3.3 million. */
const BEGINS = {
  read: 0,
  fold: 15,
  certain: 42,
  block: 48,
  score: 55,
  assign: 62,
  repeats: 65,
  lists: 72,
  done: 100,
} as const
export type Stage = keyof typeof BEGINS

export interface Progress {
  enter(stage: Stage): void
}

export function createProgress(rows: number, onProgress: ((progress: RunProgress) => void) | undefined): Progress {
  const startedAt = performance.now()
  return {
    enter(stage) {
      const percent = BEGINS[stage]
      const seconds = (performance.now() - startedAt) / 1000
      const isEarly = percent === 0 || seconds < 0.5
      onProgress?.({
        percent,
        stage: reasonWords.stages[stage],
        rowsPerSecond: isEarly ? null : Math.round((rows * percent) / 100 / seconds),
        remainingSeconds: isEarly ? null : Math.round((seconds * (100 - percent)) / percent),
      })
    },
  }
}
