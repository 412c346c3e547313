import type { Cohorts } from './cohorts.ts'
import type { Whereabouts } from './model.ts'
import type { DemoOptions } from './options.ts'
import { type Random, weighted } from './random.ts'

/** Where a person really is, and since when things are as they are. */
export interface Fate {
  readonly whereabouts: Whereabouts
  readonly obligation: 'open' | 'not-begun' | 'closed'
  readonly cancelReason: string | null
  /** Status of an ended entry that a roll still shows; null where there is none. */
  readonly formerStatus: string | null
  /** Years behind (negative) or ahead of the nominal grade. */
  readonly gradeShift: number
}

/** How much likelier a child is to be out of school by nominal grade: junior years, and the first, never begun. */
const OUT_BY_GRADE = [0, 1.1, 0.4, 0.3, 0.3, 0.4, 0.5, 1.2, 2.1, 2.8]
const SMALL_SHARES = { deferred: 0.0003, unrolled: 0.0004, abroad: 0.0003, dead: 0.0001, ghost: 0.0002, paused: 0.003 }
/** [DEMO-7] Share of the registered with a cancelled registration, by reason; the row stays in the extract. */
const CANCELLED = [
  ['迁出', 0.006],
  ['其他', 0.0005],
  ['出国境定居', 0.0006],
  ['死亡', 0.0005],
] as const

const leftStatuses = weighted([
  ['流失', 45],
  ['下落不明', 15],
  ['其他', 10],
  ['转学(转出)', 30],
] as const)

/** [DEMO-5] [DEMO-6] Draws what becomes of a registered child of a nominal grade. */
export function createFates(options: DemoOptions, cohorts: Cohorts): (random: Random, grade: number) => Fate {
  const mean = cohorts.meanOver((grade) => OUT_BY_GRADE[grade]!)
  return (random, grade) => {
    // Every draw is made for everybody, so that a share changes only those it moves.
    const place = random.next()
    const detail = random.next()
    const shift = random.next()
    const cancelled = random.next()
    const former = random.next()
    const leftStatus = leftStatuses.draw(random)
    const cancelReason = reasonOf(cancelled, grade)
    if (cancelReason !== null) return cancelledFate(cancelReason, grade, detail)
    if (grade < 1) return youngFate(grade, place, shift)
    if (grade > 9) return olderFate(grade, place, detail, former, leftStatus)
    const out = (options.outOfSchoolShare * OUT_BY_GRADE[grade]!) / mean
    return obligedFate({ options, grade, place, detail, shift, former, leftStatus, out })
  }
}

function reasonOf(draw: number, grade: number): string | null {
  let rest = draw
  for (const [reason, share] of CANCELLED) {
    rest -= share
    if (rest < 0) return reason
  }
  return grade >= 12 && rest < 0.003 ? '参军' : null
}

function cancelledFate(cancelReason: string, grade: number, detail: number): Fate {
  const obligation = grade < 1 ? 'not-begun' : grade > 9 ? 'closed' : 'open'
  // A third of those who moved their registration away are still taught here; one entry in eight outlives its child.
  if (cancelReason === '死亡')
    return { ...plain('dead', obligation), cancelReason, formerStatus: detail < 0.12 ? '在读' : null }
  if (cancelReason === '出国境定居')
    return { ...plain('abroad', obligation), cancelReason, formerStatus: detail < 0.4 ? '其他' : null }
  if (grade < 1) return { ...plain('at-home', obligation), cancelReason }
  if (grade > 9) return { ...plain('finished', obligation), cancelReason }
  return { ...plain(detail < 0.35 ? 'here' : 'elsewhere', obligation), cancelReason }
}

/** Kindergartens keep a roll since 2025-12; not all have filled it. */
function youngFate(grade: number, place: number, shift: number): Fate {
  if (grade === 0 && shift < 0.006) return { ...plain('here', 'not-begun'), gradeShift: 1 }
  const coverage = [0.93, 0.86, 0.7][-grade] ?? 0
  return plain(place < coverage ? 'preschool' : 'at-home', 'not-begun')
}

interface Draws {
  readonly options: DemoOptions
  readonly grade: number
  readonly place: number
  readonly detail: number
  readonly shift: number
  readonly former: number
  readonly leftStatus: string
  readonly out: number
}

function obligedFate({ options, grade, place, detail, shift, former, leftStatus, out }: Draws): Fate {
  let rest = place - out
  if (rest < 0) return outFate(grade, detail, former, leftStatus)
  for (const whereabouts of ['deferred', 'unrolled', 'abroad', 'dead', 'ghost', 'paused'] as const) {
    const share = SMALL_SHARES[whereabouts] * (whereabouts === 'deferred' && grade === 1 ? 6 : 1)
    rest -= share
    if (rest >= 0) continue
    if (whereabouts === 'abroad')
      return { ...plain('abroad', 'open'), formerStatus: former < 0.3 && grade > 1 ? '其他' : null }
    if (whereabouts === 'dead')
      return { ...plain('dead', 'open'), formerStatus: former < 0.3 && grade > 1 ? '死亡' : null }
    return plain(whereabouts, 'open')
  }
  rest -= grade === 1 ? 0.006 : grade === 2 ? 0.0006 : 0
  if (rest < 0) return plain('late-kindergarten', 'open')
  rest -= options.elsewhereShare
  if (rest < 0) return { ...plain('elsewhere', 'open'), formerStatus: former < 0.25 && grade > 1 ? '转学(转出)' : null }
  const gradeShift =
    grade > 1 && shift < 0.035 ? -1 : grade > 4 && shift < 0.038 ? -2 : shift > 0.992 && grade < 9 ? 1 : 0
  // Children who changed school within the city: the old school's entry stays in the export as 转出.
  return { ...plain('here', 'open'), gradeShift, formerStatus: former < 0.009 && grade > 1 ? '转学(转出)' : null }
}

function outFate(grade: number, detail: number, former: number, leftStatus: string): Fate {
  const isNever = grade === 1 ? detail < 0.9 : detail < 0.12
  if (isNever) return plain('never-enrolled', 'open')
  return { ...plain('dropped-out', 'open'), formerStatus: former < 0.45 ? leftStatus : null }
}

/** Ten years and more after the nominal entry: senior schools, work, and those still in grade 9 at fifteen. */
function olderFate(grade: number, place: number, detail: number, former: number, leftStatus: string): Fate {
  const unfinished = grade === 10 ? 0.04 : grade === 11 ? 0.004 : 0
  if (place < unfinished) return { ...plain('here', 'open'), gradeShift: 9 - grade }
  if (place < unfinished + (grade <= 11 ? 0.002 : 0)) {
    return { ...plain('dropped-out', 'open'), formerStatus: former < 0.5 ? leftStatus : null }
  }
  if (grade <= 12 && detail < 0.93) return plain('senior', 'closed')
  if (grade === 13 && detail < 0.06) return { ...plain('senior', 'closed'), gradeShift: -1 }
  return {
    ...plain('finished', 'closed'),
    formerStatus: former < (grade === 13 ? 0.85 : 0.6) ? (former < 0.02 ? '结业' : '毕业') : null,
  }
}

function plain(whereabouts: Whereabouts, obligation: Fate['obligation']): Fate {
  return { whereabouts, obligation, cancelReason: null, formerStatus: null, gradeShift: 0 }
}
