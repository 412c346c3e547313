import type { Fate } from './fate.ts'
import type { DemoDistrict, DemoTownship, Person, Stage, Whereabouts } from './model.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** A child whose whereabouts are drawn and whose entries on the rolls are not yet. */
export interface PupilPlan {
  readonly fate: Fate
  readonly nominalGrade: number
  readonly disability: number | null
  /** Where the family lives. */
  readonly district: DemoDistrict
  readonly township: DemoTownship
  readonly staysNear: boolean
}

const ON_ROLL: ReadonlySet<Whereabouts> = new Set(['here', 'paused', 'ghost', 'senior', 'preschool'])

/** [DEMO-11] The entry that holds and the ended one, as the fate has them. */
export function schoolingOf(
  world: World,
  random: Random,
  plan: PupilPlan,
): Pick<Person, 'schooling' | 'formerSchooling'> {
  const { fate, nominalGrade } = plan
  const common = { home: plan.district, township: plan.township, isLeftBehind: plan.staysNear }
  const isHomeTaught = random.chance(0.18) && plan.disability !== null
  const stage = stageOf(random, plan)
  const grade =
    stage === 'kindergarten'
      ? Math.min(3, Math.max(1, nominalGrade + 3))
      : Math.max(1, Math.min(12, nominalGrade + fate.gradeShift))
  const isBack = random.chance(0.004)
  const now = world.placement.place(random, {
    ...common,
    grade,
    stage,
    isHomeTaught,
    status: fate.whereabouts === 'paused' ? '休学' : isBack ? '复学' : '在读',
    yearsSince: 0,
  })
  const ended = endedEntry(fate, nominalGrade, grade)
  const before = world.placement.place(random, {
    ...common,
    ...ended,
    isHomeTaught: false,
    status: fate.formerStatus ?? '',
  })
  const staysInKindergarten = random.chance(0.4) && fate.whereabouts === 'late-kindergarten'
  const isOnRoll = ON_ROLL.has(fate.whereabouts) || staysInKindergarten
  const keepsEntry = fate.formerStatus !== null && !(isOnRoll && before.school === now.school)
  return { schooling: isOnRoll ? now : null, formerSchooling: keepsEntry ? before : null }
}

function stageOf(random: Random, { fate, nominalGrade, disability }: PupilPlan): Stage {
  const isSpecial = random.chance(0.35)
  const isVocational = random.chance(0.34)
  const grade = nominalGrade + fate.gradeShift
  if (fate.whereabouts === 'senior') return isVocational ? 'vocational' : 'senior'
  if (fate.whereabouts === 'preschool' || fate.whereabouts === 'late-kindergarten' || grade < 1) return 'kindergarten'
  if (disability !== null && isSpecial) return 'special'
  return grade <= 6 ? 'primary' : 'junior'
}

/** Where an ended entry stood: the last grade of junior or senior school for who finished it, else the grade of today. */
function endedEntry(
  fate: Fate,
  nominalGrade: number,
  grade: number,
): { stage: Stage; grade: number; yearsSince: number } {
  if (fate.formerStatus !== '毕业' && fate.formerStatus !== '结业') {
    return { stage: grade <= 6 ? 'primary' : 'junior', grade: Math.min(9, grade), yearsSince: 0 }
  }
  const last = nominalGrade >= 13 ? 12 : 9
  return { stage: last === 12 ? 'senior' : 'junior', grade: last, yearsSince: nominalGrade - last }
}
