import type { PlainDate } from '../../kernel/plain-date.ts'
import { type Clock, dayInChina } from '../clock.ts'

/** A clock that moves only when told. */
export function fixedClock(start: string): Clock & { advance(milliseconds: number): void } {
  let at = new Date(start)
  return {
    now: () => at,
    today: (): PlainDate => dayInChina(at),
    advance: (milliseconds) => {
      at = new Date(at.getTime() + milliseconds)
    },
  }
}
