import { join } from 'node:path'
import { text } from '../../engines/linkage/dialect.ts'
import { openSession, parquet, type Session } from '../../engines/linkage/server/session.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { schoolYear } from '../../kernel/school-year.ts'
import { gradeOf } from '../imports/index.ts'
import type { ListName } from './contract.ts'
import { schoolingRuleOn } from './policy.ts'
import { cancellationOf, isForeignDocument, ORIGINS, REGISTRATIONS, type Registration } from './posting-rules.ts'
import { obligationBand, type RollOnlyClass } from './rules.ts'

/** Which sheet a line of facts is of. */
export const SIDES = ['registered', 'living', 'roll'] as const
/** What became of a row: no person, a second row of one, or what its extract says (`none` for a roll row that stands alone). */
export const ROW_CLASSES = ['error', 'duplicate', ...REGISTRATIONS] as const
export type RowClass = (typeof ROW_CLASSES)[number]
/** The other row of a line: the same person, or perhaps. */
export const MATES = ['same', 'perhaps'] as const

/** Columns of the file of facts, all whole numbers. */
export const FACT_COLUMNS = ['side', 'batch_id', 'row', 'class', 'mate_batch', 'mate_row', 'mate', 'origin'] as const

export interface FactsInput {
  /** Rows of all batches of a side under one numbering, with `batch_id` and `batch_row`. */
  readonly populationParquet: string
  readonly rollParquet: string
  readonly registeredRows: number
  readonly lists: Readonly<Record<ListName, { readonly parquet: string }>>
  readonly schoolYear: number
  /** What codes of divisions and of ID numbers of this city begin with: 50. */
  readonly cityPrefix: string
  readonly workDir: string
  readonly signal?: AbortSignal
}

/**
 * One line a population row, and one a roll row that does not stand with its population row: numbers only, so that the
 * database can join millions of them. The lists are what was decided; nothing is decided here again.
 */
export async function writeFacts(input: FactsInput): Promise<string> {
  const session = await openSession({
    workDir: input.workDir,
    memoryLimitMb: 600,
    threads: 2,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  })
  try {
    await createReasons(session, input)
    await createOrigins(session, input)
    const out = join(input.workDir, 'facts.csv')
    const side = `CASE WHEN row <= ${input.registeredRows} THEN 0 ELSE 1 END`
    await session.run(
      `CREATE TABLE pop_at AS SELECT row::INTEGER AS row, batch_id::BIGINT AS batch_id, batch_row::INTEGER AS batch_row FROM ${parquet(input.populationParquet)}`,
    )
    await session.run(
      `CREATE TABLE roll_at AS SELECT row::INTEGER AS row, batch_id::BIGINT AS batch_id, batch_row::INTEGER AS batch_row FROM ${parquet(input.rollParquet)}`,
    )
    await session.run(`COPY (
      SELECT ${side} AS side, a.batch_id, a.batch_row, f.class, coalesce(m.batch_id, d.batch_id), coalesce(m.batch_row, d.batch_row),
        CASE WHEN f.roll_row IS NOT NULL THEN f.mate WHEN f.same_as_row IS NOT NULL THEN ${mate('same')} END, NULL
      FROM (${populationLines(input)}) f JOIN pop_at a USING (row)
        LEFT JOIN roll_at m ON m.row = f.roll_row LEFT JOIN pop_at d ON d.row = CASE WHEN f.roll_row IS NULL THEN f.same_as_row END
      UNION ALL
      SELECT ${SIDES.indexOf('roll')}, a.batch_id, a.batch_row, f.class, coalesce(d.batch_id, p.batch_id), coalesce(d.batch_row, p.batch_row),
        CASE WHEN f.same_as_row IS NOT NULL OR f.population_row IS NOT NULL THEN ${mate('same')} END, o.origin
      FROM (${rollLines(input)}) f JOIN roll_at a USING (row) LEFT JOIN roll_at d ON d.row = f.same_as_row
        LEFT JOIN pop_at p ON p.row = CASE WHEN f.same_as_row IS NULL THEN f.population_row END LEFT JOIN origin_of o ON o.row = f.row
    ) TO ${text(out)} (FORMAT csv, HEADER false)`)
    return out
  } finally {
    session.close()
  }
}

/** A list's word for what the registration says; `linked` with any status is open: what the roll says is asked of the rolls. */
const REGISTRATION_OF: Readonly<Partial<Record<ListName, Readonly<Record<string, Registration>>>>> = {
  linked: { 'in-school': 'open', paused: 'open', 'not-begun': 'not-begun', closed: 'open' },
  review: { possible: 'review' },
  'not-found': { absent: 'open', left: 'open' },
  outside: { cancelled: 'cancelled', 'not-begun': 'not-begun', finished: 'open', 'over-age': 'over-age' },
}

function populationLines({ lists }: FactsInput): string {
  const parts = Object.entries(REGISTRATION_OF).map(([list, classes]) => {
    const code = Object.entries(classes).map(
      ([word, registration]) => `WHEN ${text(word)} THEN ${rowClass(registration)}`,
    )
    // Read by population row, so the reason of a cancellation replaces the bare mark.
    const known =
      list === 'outside'
        ? `coalesce(CASE WHEN l.class = 'cancelled' THEN c.class END, CASE l.class ${code.join(' ')} END)`
        : `CASE l.class ${code.join(' ')} END`
    return `SELECT l.population_row AS row, ${known} AS class, l.roll_row, NULL::INTEGER AS same_as_row, ${list === 'review' ? mate('perhaps') : mate('same')} AS mate
      FROM ${parquet(lists[list as ListName].parquet)} l LEFT JOIN cancelled_row c ON c.row = l.population_row`
  })
  const outcasts = (['errors', 'duplicates'] as const).map(
    (
      list,
    ) => `SELECT population_row AS row, ${rowClass(list === 'errors' ? 'error' : 'duplicate')} AS class, NULL::INTEGER AS roll_row, same_as_row, NULL::INTEGER AS mate
      FROM ${parquet(lists[list].parquet)} WHERE side = 'population'`,
  )
  return [...parts, ...outcasts].join(' UNION ALL ')
}

function rollLines({ lists }: FactsInput): string {
  const outcasts = (['errors', 'duplicates'] as const).map(
    (
      list,
    ) => `SELECT roll_row AS row, ${rowClass(list === 'errors' ? 'error' : 'duplicate')} AS class, same_as_row, NULL::INTEGER AS population_row
      FROM ${parquet(lists[list].parquet)} WHERE side = 'roll'`,
  )
  return [
    ...outcasts,
    `SELECT roll_row AS row, ${rowClass('none')} AS class, NULL::INTEGER AS same_as_row, population_row FROM ${parquet(lists['roll-only'].parquet)}`,
  ].join(' UNION ALL ')
}

/** Why a registration was cancelled, by row; the words are few. */
async function createReasons(session: Session, { populationParquet }: FactsInput): Promise<void> {
  const reasons = await session.rows(
    `SELECT DISTINCT cancelReason AS word FROM ${parquet(populationParquet)} WHERE cancelReason IS NOT NULL`,
  )
  await session.run('CREATE TABLE reason_class (word VARCHAR, class INTEGER)')
  await session.append(
    'reason_class',
    reasons.map(({ word }) => [String(word), rowClass(cancellationOf(String(word)))]),
  )
  await session.run(
    `CREATE TABLE cancelled_row AS SELECT s.row::INTEGER AS row, r.class FROM ${parquet(populationParquet)} s JOIN reason_class r ON r.word = s.cancelReason`,
  )
}

/** [POST-6] Why a child on a roll may be in no extract: its document, its ID, its age, and where its ID or registration is from. */
async function createOrigins(session: Session, input: FactsInput): Promise<void> {
  const rule = schoolingRuleOn(plainDate(`${input.schoolYear}-08-31`))
  const band = obligationBand(schoolYear(input.schoolYear), rule)
  const words = async (column: string) =>
    (
      await session.rows(
        `SELECT DISTINCT ${column} AS word FROM ${parquet(input.rollParquet)} WHERE ${column} IS NOT NULL`,
      )
    ).map(({ word }) => String(word))
  await session.run('CREATE TABLE foreign_document (word VARCHAR)')
  await session.append(
    'foreign_document',
    (await words('idType')).filter(isForeignDocument).map((word) => [word]),
  )
  await session.run('CREATE TABLE compulsory_grade (word VARCHAR)')
  await session.append(
    'compulsory_grade',
    (await words('grade')).filter((word) => isCompulsory(gradeOf(word))).map((word) => [word]),
  )
  const isElsewhere = text('registered-elsewhere' satisfies RollOnlyClass)
  const isInCity = `coalesce(nullif(regexp_extract(trim(s.registeredDivision), '^[0-9]{6}'), ''), left(trim(s.citizenId), 6)) LIKE ${text(`${input.cityPrefix}%`)}`
  const origin = (name: (typeof ORIGINS)[number]) => ORIGINS.indexOf(name)
  await session.run(`CREATE TABLE origin_of AS SELECT l.roll_row AS row, CASE
      WHEN f.word IS NOT NULL THEN ${origin('foreign')}
      WHEN l.class = ${text('id-broken' satisfies RollOnlyClass)} THEN ${origin('id-to-repair')}
      WHEN l.roll_birth_day > ${text(band.until)} THEN ${origin('outside-ages')}
      WHEN l.roll_birth_day < ${text(band.from)} AND g.word IS NULL THEN ${origin('outside-ages')}
      WHEN l.class = ${isElsewhere} AND ${isInCity} THEN ${origin('other-district')}
      WHEN l.class = ${isElsewhere} THEN ${origin('other-province')}
      ELSE ${origin('no-registration')} END AS origin
    FROM ${parquet(input.lists['roll-only'].parquet)} l JOIN ${parquet(input.rollParquet)} s ON s.row = l.roll_row
      LEFT JOIN foreign_document f ON f.word = s.idType LEFT JOIN compulsory_grade g ON g.word = s.grade`)
}

function isCompulsory(grade: number | null): boolean {
  return grade !== null && grade >= 1 && grade <= 9
}

function rowClass(name: RowClass): number {
  return ROW_CLASSES.indexOf(name)
}

function mate(name: (typeof MATES)[number]): number {
  return MATES.indexOf(name)
}
