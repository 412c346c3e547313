import { join } from 'node:path'
import { cleanIdCell, dayText } from '../../engines/linkage/citizen-id-sql.ts'
import { filled, firstOf, text } from '../../engines/linkage/dialect.ts'
import { CERTAIN } from '../../engines/linkage/pattern.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { SchoolingRule, SchoolYear } from '../../kernel/school-year.ts'
import { STATUS_GROUPS } from '../imports/index.ts'
import { LIST_NAMES, type ListName } from './contract.ts'
import { ROLL_FATES, STANDINGS } from './pipeline-fate.server.ts'
import { FAULTS } from './pipeline-read.server.ts'
import { reasonWords as words } from './reason-words.ts'
import { POPULATION_CLASSES, type PopulationClass, ROLL_ONLY_CLASSES } from './rules.ts'

/** Columns of every list, in this order. */
export const LIST_COLUMNS = [
  'seq',
  'population_row',
  'roll_row',
  'class',
  'reason',
  'name',
  'roll_name',
  'sex',
  'birth_day',
  'roll_birth_day',
  'citizen_id',
  'roll_citizen_id',
  'guardian',
  'guardian_phone',
  'address',
  'township',
  'village',
  'school',
  'school_code',
  'grade',
  'status',
  'nominal_grade',
  'obligation',
  'score',
  'same_as_row',
  'side',
] as const
type ListColumn = (typeof LIST_COLUMNS)[number]

const TYPES: Readonly<Partial<Record<ListColumn, string>>> = {
  seq: 'INTEGER',
  population_row: 'INTEGER',
  roll_row: 'INTEGER',
  nominal_grade: 'INTEGER',
  score: 'DOUBLE',
  same_as_row: 'INTEGER',
}

export interface ListsInput {
  readonly populationParquet: string
  readonly rollParquet: string
  readonly year: SchoolYear
  readonly rule: SchoolingRule
  readonly workDir: string
}

export type Lists = Readonly<Record<ListName, { readonly parquet: string; readonly count: number }>>

/**
 * [RECON-10] Writes the seven lists as Parquet, each in the order of its rows. `linked`
 * streams the population file once against integers; the rest is small and is
 * taken out first.
 */
export async function writeLists(session: Session, input: ListsInput): Promise<Lists> {
  await createFaultWords(session)
  const linked = POPULATION_CLASSES.flatMap((name, index) => (STANDINGS[name].list === 'linked' ? [index] : []))
  await session.run(`CREATE TABLE wide_r AS SELECT ${rollDisplay()} FROM ${parquet(input.rollParquet)} s JOIN fate_r f ON f.row = s.row WHERE f.row IN (
    SELECT row FROM fate_r WHERE fate <> ${ROLL_FATES.indexOf('paired')}
    UNION ALL SELECT taken FROM fate_p WHERE taken IS NOT NULL AND (pattern <> ${CERTAIN} OR class NOT IN (${linked.join(', ')})))`)
  const lists: Partial<Record<ListName, { parquet: string; count: number }>> = {}
  for (const list of LIST_NAMES) {
    const path = join(input.workDir, `${list}.parquet`)
    const parts = [populationPart(list, input), rollPart(list, input)].filter((part) => part !== null)
    const rows = parts.join('\nUNION ALL\n')
    const inOrder =
      list === 'linked'
        ? rows
        : `SELECT * REPLACE ((row_number() OVER (ORDER BY side NULLS FIRST, population_row, roll_row) - 1)::INTEGER AS seq) FROM (${rows}) ORDER BY seq`
    await session.run(`COPY (${inOrder}) TO ${text(path)} (FORMAT parquet, COMPRESSION snappy)`)
    lists[list] = { parquet: path, count: await session.count(`FROM ${parquet(path)}`) }
  }
  return lists as Lists
}

function rollDisplay(): string {
  return `f.row, f.birth, nullif(trim(name), '') AS name, ${cleanIdCell('citizenId')} AS code, birthDay,
    coalesce(${filled('trim(guardian1Name)')}, ${filled('trim(guardian2Name)')}) AS guardian,
    coalesce(${filled('trim(guardian1Phone)')}, ${filled('trim(phone)')}) AS phone, ${filled('trim(address)')} AS address,
    registeredDivision AS division, fault`
}

function populationPart(list: ListName, input: ListsInput): string | null {
  const classes = POPULATION_CLASSES.filter((name) => STANDINGS[name].list === list)
  if (classes.length === 0) return null
  const ids = classes.map((name) => POPULATION_CLASSES.indexOf(name))
  const takes = 'f.taken IS NOT NULL'
  const exact = `(f.pattern = ${CERTAIN} AND w.row IS NULL)`
  // Nobody has to visit a child that is found: the list of millions carries no guardian, telephone or address.
  const isLinked = list === 'linked'
  const columns: Readonly<Record<ListColumn, string>> = {
    seq: 'f.seq',
    population_row: 'f.row',
    roll_row: `CASE WHEN ${takes} THEN f.taken END`,
    class: `CASE f.class ${classes.map((name) => `WHEN ${POPULATION_CLASSES.indexOf(name)} THEN ${classWord(name)}`).join(' ')} END`,
    reason: reason([
      `CASE f.class ${classes.map((name) => `WHEN ${POPULATION_CLASSES.indexOf(name)} THEN ${classReason(name)}`).join(' ')} END`,
      `CASE WHEN ${takes} THEN why.words WHEN f.same_as IS NOT NULL THEN dup_why.words END`,
      'coalesce(s.fault, fault.words)',
      `CASE WHEN ${takes} THEN pair_fault.roll_words END`,
      `CASE WHEN ${takes} AND NOT place.is_known THEN replace(${text(words.roll.unknownStatus('%'))}, '%', place.status) END`,
    ]),
    name: "nullif(trim(s.name), '')",
    roll_name: `CASE WHEN ${exact} THEN trim(s.name) WHEN ${takes} THEN w.name END`,
    sex: sexWord('f.sex'),
    birth_day: `coalesce(${dayText('f.birth')}, s.birthDay)`,
    roll_birth_day: `CASE WHEN ${exact} THEN ${dayText('f.birth')} WHEN ${takes} THEN coalesce(${dayText('w.birth')}, w.birthDay) END`,
    citizen_id: cleanIdCell('s.citizenId'),
    roll_citizen_id: `CASE WHEN ${exact} THEN ${cleanIdCell('s.citizenId')} WHEN ${takes} THEN w.code END`,
    guardian: isLinked
      ? 'NULL'
      : `coalesce(${filled('trim(s.guardian1Name)')}, ${filled('trim(s.guardian2Name)')}, ${filled('trim(s.headName)')}, w.guardian)`,
    guardian_phone: isLinked ? 'NULL' : `coalesce(${filled('trim(s.phone)')}, w.phone)`,
    address: isLinked ? 'NULL' : `coalesce(${filled('trim(s.address)')}, w.address)`,
    township: filled('trim(s.township)'),
    village: filled('trim(s.village)'),
    school: `CASE WHEN ${takes} THEN place.school END`,
    school_code: `CASE WHEN ${takes} THEN place.school_code END`,
    grade: `CASE WHEN ${takes} THEN place.grade END`,
    status: `CASE WHEN ${takes} THEN place.status END`,
    nominal_grade: nominalGrade('f.birth', input),
    obligation: `CASE f.class ${classes.map((name) => `WHEN ${POPULATION_CLASSES.indexOf(name)} THEN ${textOrNull(STANDINGS[name].obligation)}`).join(' ')} END`,
    score: `CASE WHEN ${takes} THEN f.score END`,
    same_as_row: 'f.same_as',
    side: list === 'errors' || list === 'duplicates' ? text('population') : 'NULL',
  }
  return `SELECT ${select(columns)} FROM ${parquet(input.populationParquet)} s JOIN (FROM fate_p WHERE class IN (${ids.join(', ')})) f ON f.row = s.row
    LEFT JOIN place ON place.place = f.place LEFT JOIN wide_r w ON w.row = f.taken
    LEFT JOIN pattern_words why ON why.pattern = f.pattern LEFT JOIN pattern_words dup_why ON dup_why.pattern = f.dup_pattern
    LEFT JOIN fault_words fault ON fault.faults = f.faults LEFT JOIN fault_words pair_fault ON pair_fault.faults = f.pair_faults`
}

function rollPart(list: ListName, input: ListsInput): string | null {
  const fates = { errors: ['error'], duplicates: ['duplicate'], 'roll-only': ROLL_ONLY_CLASSES } as const
  if (!(list === 'errors' || list === 'duplicates' || list === 'roll-only')) return null
  const ids = fates[list].map((fate) => ROLL_FATES.indexOf(fate))
  const isRollOnly = list === 'roll-only'
  const columns: Readonly<Record<ListColumn, string>> = {
    seq: 'NULL',
    population_row: 'f.population_row',
    roll_row: 'f.row',
    class: isRollOnly
      ? `CASE f.fate ${ROLL_ONLY_CLASSES.map((name) => `WHEN ${ROLL_FATES.indexOf(name)} THEN ${text(name)}`).join(' ')} END`
      : text('roll'),
    reason: reason([
      isRollOnly
        ? `CASE f.fate ${ROLL_ONLY_CLASSES.map((name) => `WHEN ${ROLL_FATES.indexOf(name)} THEN ${text(words.roll[name])}`).join(' ')} END`
        : list === 'duplicates'
          ? text(words.population.duplicate)
          : 'NULL',
      'dup_why.words',
      'coalesce(w.fault, fault.words)',
      `CASE WHEN NOT place.is_known THEN replace(${text(words.roll.unknownStatus('%'))}, '%', place.status) END`,
    ]),
    name: 'NULL',
    roll_name: 'w.name',
    sex: sexWord('f.sex'),
    birth_day: 'NULL',
    roll_birth_day: `coalesce(${dayText('f.birth')}, w.birthDay)`,
    citizen_id: 'NULL',
    roll_citizen_id: 'w.code',
    guardian: 'w.guardian',
    guardian_phone: 'w.phone',
    address: 'w.address',
    township: 'NULL',
    village: 'NULL',
    school: 'place.school',
    school_code: 'place.school_code',
    grade: 'place.grade',
    status: 'place.status',
    nominal_grade: nominalGrade('f.birth', input),
    obligation: 'NULL',
    score: 'NULL',
    same_as_row: 'f.same_as',
    side: isRollOnly ? 'NULL' : text('roll'),
  }
  return `SELECT ${select(columns)} FROM wide_r w JOIN (FROM fate_r WHERE fate IN (${ids.join(', ')})) f ON f.row = w.row
    LEFT JOIN place ON place.place = f.place LEFT JOIN pattern_words dup_why ON dup_why.pattern = f.dup_pattern
    LEFT JOIN fault_words fault ON fault.faults = f.faults`
}

function select(columns: Readonly<Record<ListColumn, string>>): string {
  return LIST_COLUMNS.map((column) => `(${columns[column]})::${TYPES[column] ?? 'VARCHAR'} AS ${column}`).join(
    ',\n      ',
  )
}

function classWord(name: PopulationClass): string {
  const fixed = STANDINGS[name].class
  if (fixed !== null) return text(fixed)
  return `CASE f.pair_group ${STATUS_GROUPS.map((group, index) => `WHEN ${index} THEN ${text(group)}`).join(' ')} END`
}

function classReason(name: PopulationClass): string {
  const said = words.population
  const withStatus = (phrase: string) => `replace(${text(phrase)}, '%', coalesce(place.status, ''))`
  const reasons: Partial<Record<PopulationClass, string>> = {
    duplicate: text(said.duplicate),
    cancelled: text(said.cancelled),
    linked: `CASE WHEN f.pair_group = ${STATUS_GROUPS.indexOf('paused')} THEN ${withStatus(said.paused('%'))} END`,
    'linked-closed': text(said.closed),
    absent: text(said.absent),
    left: withStatus(said.left('%')),
    'not-begun': text(said.notBegun),
    finished: withStatus(said.finished('%')),
    'over-age': text(said.overAge),
  }
  return reasons[name] ?? 'NULL'
}

function reason(parts: readonly string[]): string {
  return `concat_ws(${text(words.clause)}, ${parts.join(', ')})`
}

function sexWord(column: string): string {
  return `CASE ${column} WHEN 1 THEN '男' WHEN 2 THEN '女' END`
}

/** Kernel's `nominalGrade` over `yyyymmdd`; the cut-off day still enters this year. */
function nominalGrade(birth: string, { year, rule }: Pick<ListsInput, 'year' | 'rule'>): string {
  const cutOff = Number(rule.cutOff.replace('-', ''))
  return `${year + 1} - (${birth} // 10000 + ${rule.entryAge} + ${firstOf([`${birth} % 10000 <= ${cutOff}`], 1)})`
}

function textOrNull(value: string | null): string {
  return value === null ? 'NULL' : text(value)
}

async function createFaultWords(session: Session): Promise<void> {
  await session.run('CREATE TABLE fault_words (faults USMALLINT, words VARCHAR, roll_words VARCHAR)')
  const rows = await session.rows(
    'SELECT DISTINCT faults FROM (SELECT faults FROM p UNION SELECT faults FROM r) ORDER BY faults',
  )
  await session.append(
    'fault_words',
    rows.map((row) => {
      const bits = Number(row['faults'])
      const said = FAULTS.filter((_, index) => (bits >> index) % 2 === 1).map((fault) => words.faults[fault])
      const joined = said.length === 0 ? null : said.join(words.separator)
      return [bits, joined, joined === null ? null : words.rollFaults(joined)]
    }),
  )
}
