import { SCHOOL_WORDS } from './data/places.ts'
import type { DemoDistrict, DemoSchool, DemoTownship, SchoolHabits, Stage } from './model.ts'
import type { DemoOptions } from './options.ts'
import { type Random, randomFor, weighted } from './random.ts'

/** Schools of compulsory education in the city, 2020 (the seeds' figure). */
const COMPULSORY_SCHOOLS = 3759
const AT_LEAST = 3

interface Kind {
  readonly schoolType: string
  /** First digit of the school id. */
  readonly level: string
  readonly stages: readonly Stage[]
  readonly ending: string
  readonly share: number
  readonly size: number
}

/** In this order the first schools of a district are founded, so that three are enough for all nine grades. */
const COMPULSORY: readonly Kind[] = [
  { schoolType: '211', level: '2', stages: ['primary'], ending: '小学校', share: 0.58, size: 1 },
  { schoolType: '312', level: '3', stages: ['primary', 'junior'], ending: '学校', share: 0.13, size: 1 },
  { schoolType: '341', level: '3', stages: ['junior', 'senior'], ending: '中学校', share: 0.07, size: 2.2 },
  { schoolType: '311', level: '3', stages: ['junior'], ending: '初级中学校', share: 0.14, size: 1.3 },
  { schoolType: '218', level: '2', stages: ['primary'], ending: '教学点', share: 0.07, size: 0.08 },
]
const anyCompulsory = weighted(COMPULSORY.map((kind) => [kind, kind.share] as const))
const SPECIAL: Kind = { schoolType: '514', level: '5', stages: ['special'], ending: '特殊教育学校', share: 0, size: 1 }
const KINDERGARTEN: Kind = {
  schoolType: '111',
  level: '1',
  stages: ['kindergarten'],
  ending: '幼儿园',
  share: 0,
  size: 1,
}
const VOCATIONAL: Kind = {
  schoolType: '365',
  level: '3',
  stages: ['vocational'],
  ending: '职业教育中心',
  share: 0,
  size: 1,
}

/** [DEMO-4] Invented schools: 3,759 of compulsory education at scale 1, at least three a district, a special school in each larger district. */
export function schoolsOf(options: DemoOptions, districts: readonly DemoDistrict[]): readonly DemoSchool[] {
  const counts = apportion(options, districts)
  return districts
    .flatMap((district) => schoolsIn(options, district, counts[district.index]!))
    .map((school, index) => ({ ...school, index }))
}

function apportion(options: DemoOptions, districts: readonly DemoDistrict[]): readonly number[] {
  const total = Math.max(districts.length * AT_LEAST, Math.round(COMPULSORY_SCHOOLS * options.scale))
  const spare = total - districts.length * AT_LEAST
  const wanted = districts.map((district) => spare * district.pupilShare)
  const counts = wanted.map((value) => AT_LEAST + Math.floor(value))
  const byRemainder = wanted
    .map((value, index) => ({ index, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  let missing = total - counts.reduce((sum, count) => sum + count, 0)
  for (const { index } of byRemainder) {
    if (missing === 0) break
    counts[index] = counts[index]! + 1
    missing -= 1
  }
  return counts
}

function schoolsIn(options: DemoOptions, district: DemoDistrict, count: number): DemoSchool[] {
  const random = randomFor(options.seed, 'schools', district.name)
  const names = new Set<string>()
  const kinds = compulsoryKinds(count, random)
  // The small city has two special schools beside its three schools a district: where the demo's officer works, and in the centre.
  if (count < 12 && (district.name === '南川区' || district.name === '渝中区')) kinds.push(SPECIAL)
  for (let rank = 0; rank < Math.max(1, Math.round(count * 0.8)); rank += 1) kinds.push(KINDERGARTEN)
  for (let rank = 0; rank < Math.max(1, Math.round(count * 0.05)); rank += 1) kinds.push(VOCATIONAL)
  return kinds.map((kind, rank) => schoolOf(district, kind, rank, random, names))
}

function compulsoryKinds(count: number, random: Random): Kind[] {
  const kinds: Kind[] = COMPULSORY.slice(0, AT_LEAST)
  if (count >= 12) kinds.push(SPECIAL)
  while (kinds.length < count) {
    kinds.push(anyCompulsory.draw(random))
  }
  return kinds
}

function schoolOf(district: DemoDistrict, kind: Kind, rank: number, random: Random, names: Set<string>): DemoSchool {
  const towns = district.townships
  const urban = towns.filter((township) => township.isUrban)
  const isInTown = rank < AT_LEAST || kind === SPECIAL || kind === VOCATIONAL
  const township = random.pick(isInTown && urban.length > 0 ? urban : towns)
  const carelessness = random.chance(0.1) ? 4 : 2 / 3
  return {
    index: rank,
    code: `${kind.level}150${String(district.index * 2000 + rank).padStart(6, '0')}`,
    name: nameOf(district, township, kind, random, names),
    schoolType: kind.schoolType,
    settlementClass: settlementOf(district, township, random),
    founder: random.chance(kind === KINDERGARTEN ? 0.5 : 0.05) ? '民办' : '教育部门',
    isBoarding: kind.stages.includes('junior') || kind === SPECIAL || random.chance(0.15),
    stages: kind.stages,
    district,
    township,
    divisionCode: township.addressCode,
    size: kind.size * (township.isUrban ? 1.6 : 0.7) * (0.5 + random.next()),
    habits: habitsOf(random, carelessness),
  }
}

function nameOf(
  district: DemoDistrict,
  township: DemoTownship,
  kind: Kind,
  random: Random,
  names: Set<string>,
): string {
  const town = township.name.replace(/(街道|镇|乡)$/u, '')
  if (kind === SPECIAL || kind === VOCATIONAL) return unique(`重庆市${district.name}${kind.ending}`, names)
  if (!township.isUrban && random.chance(0.4)) {
    return unique(`${district.name}${town}${kind.schoolType === '211' ? '镇中心小学校' : kind.ending}`, names)
  }
  const prefix = random.chance(0.4) ? '重庆市' : ''
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const name = `${prefix}${district.name}${random.chance(0.5) ? town : ''}${random.pick(SCHOOL_WORDS)}${kind.ending}`
    if (!names.has(name)) return unique(name, names)
  }
  return unique(`${district.name}${town}${kind.ending}`, names)
}

function unique(name: string, names: Set<string>): string {
  let free = name
  for (let number = 2; names.has(free); number += 1) free = `${name}（第${number}校区）`
  names.add(free)
  return free
}

function settlementOf(district: DemoDistrict, township: DemoTownship, random: Random): string {
  if (district.isCentral && township.isUrban) return random.chance(0.8) ? '111' : '112'
  if (township.isUrban) return random.chance(0.7) ? '121' : '122'
  return random.chance(0.35) ? '121' : random.chance(0.4) ? '210' : '220'
}

const DOTS = ['·', '·', '•', '.', '・', '‧', '．', '']

function habitsOf(random: Random, carelessness: number): SchoolHabits {
  const dates = ['compact', 'compact', 'compact', 'dashes', 'dashes', 'dots', 'slashes', 'serial'] as const
  return {
    dateFormat: random.pick(dates),
    gradeFormat: random.pick(['plain', 'plain', 'stage', 'number'] as const),
    dot: random.pick(DOTS),
    lowerCaseX: random.chance(0.25),
    padsShortNames: random.chance(0.05) ? random.pick([' ', '\u3000'] as const) : '',
    namesGuardianFirst: random.chance(0.6) ? 'father' : 'mother',
    fillsGuardianId: random.chance(0.6),
    leavesStatusEmpty: random.chance(0.06),
    fillsEthnicity: random.chance(0.95),
    carelessness,
  }
}
