import { POPULATION_HEADINGS, ROLL_HEADINGS } from './headings.ts'
import { randomFor } from './random.ts'

/**
 * [DEMO-16] What changes between the first weeks of term and November, so that the books of the demo have a history: rows
 * that the earlier sheet lacks (moved in, admitted late), and in the later one pupils who left the roll without a word,
 * moved, dropped out or were suspended, and registrations that were cancelled. Rates a thousand are judgements.
 */
const LATE_REGISTERED = 0.002
const LATE_ADMITTED = 0.003
const GONE = 0.003
const MOVED_AWAY = 0.0015
const STATUSES: readonly (readonly [share: number, status: string])[] = [
  [0.002, '转出'],
  [0.001, '休学'],
  [0.0015, '流失'],
]

const STATUS = ROLL_HEADINGS.indexOf('学生当前状态')
const MARK = POPULATION_HEADINGS.indexOf('注销标识')
const REASON = POPULATION_HEADINGS.indexOf('注销原因')

/** Whether a row of one sheet stood in it in September; asked once a row, in its order. */
export function wasThereEarlier(seed: number, sheet: 'population' | 'roll'): () => boolean {
  const random = randomFor(seed, 'drift-earlier', sheet)
  const share = sheet === 'population' ? LATE_REGISTERED : LATE_ADMITTED
  return () => !random.chance(share)
}

export function laterPopulation(lines: readonly string[], seed: number): string[] {
  const random = randomFor(seed, 'drift-later', 'population')
  return lines.map((line) => {
    const isMoved = random.chance(MOVED_AWAY)
    const cells = line.split(',')
    if (!isMoved || cells[MARK] !== '0') return line
    return cells.with(MARK, '1').with(REASON, '迁出').join(',')
  })
}

export function laterRoll(lines: readonly string[], seed: number): string[] {
  const random = randomFor(seed, 'drift-later', 'roll')
  return lines.flatMap((line) => {
    const isGone = random.chance(GONE)
    const changed = STATUSES.filter(([share]) => random.chance(share)).at(0)
    const cells = line.split(',')
    const isHere = cells[STATUS] === '在读' || cells[STATUS] === ''
    if (!isHere) return line
    if (isGone) return []
    return changed === undefined ? line : cells.with(STATUS, changed[1]).join(',')
  })
}
