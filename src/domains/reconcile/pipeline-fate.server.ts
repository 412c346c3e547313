import { idState } from '../../engines/linkage/citizen-id-sql.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { SchoolingRule, SchoolYear } from '../../kernel/school-year.ts'
import { STATUS_GROUPS } from '../imports/index.ts'
import { LIST_NAMES, type ListName } from './contract.ts'
import {
  decidePopulationClass,
  OBLIGATIONS,
  obligationBand,
  POPULATION_CLASSES,
  type PopulationClass,
  ROLL_ONLY_CLASSES,
} from './rules.ts'

/**
 * Every row gets its fate: the list it stands in and its class. Needs the tables
 * `p`, `r`, `link` (l, r, pattern, score, is_review), `dup_p` and `dup_r`
 * (row, same_as, pattern). Makes `fate_p`, `fate_r`, integers only.
 */
export async function decideFates(session: Session, year: SchoolYear, rule: SchoolingRule): Promise<void> {
  await createClassTable(session)
  await decidePopulation(session, year, rule)
  await decideRoll(session)
}

interface Standing {
  readonly list: ListName
  /** The word in the column `class`; for `linked` the group of the roll status decides when null. */
  readonly class: string | null
  readonly obligation: 'open' | 'not-begun' | 'closed' | null
  /** The roll entry of the pair stands with this row and nowhere else. */
  readonly takesRollRow: boolean
}

/** [RECON-2] Where each class stands. */
export const STANDINGS: Readonly<Record<PopulationClass, Standing>> = {
  error: { list: 'errors', class: 'population', obligation: null, takesRollRow: false },
  duplicate: { list: 'duplicates', class: 'population', obligation: null, takesRollRow: false },
  cancelled: { list: 'outside', class: 'cancelled', obligation: null, takesRollRow: false },
  linked: { list: 'linked', class: null, obligation: 'open', takesRollRow: true },
  'linked-not-begun': { list: 'linked', class: 'not-begun', obligation: 'not-begun', takesRollRow: true },
  'linked-closed': { list: 'linked', class: 'closed', obligation: 'closed', takesRollRow: true },
  review: { list: 'review', class: 'possible', obligation: 'open', takesRollRow: true },
  absent: { list: 'not-found', class: 'absent', obligation: 'open', takesRollRow: false },
  left: { list: 'not-found', class: 'left', obligation: 'open', takesRollRow: true },
  'not-begun': { list: 'outside', class: 'not-begun', obligation: 'not-begun', takesRollRow: true },
  finished: { list: 'outside', class: 'finished', obligation: 'closed', takesRollRow: true },
  'over-age': { list: 'outside', class: 'over-age', obligation: 'closed', takesRollRow: true },
}

/** What the rule asks of a grade: not told, within the nine, beyond them. */
const GRADES = [null, 9, 10] as const

const LINK_KINDS = STATUS_GROUPS.length + 1

/**
 * The pure rule, tabulated: every combination of facts is asked once and joined
 * as a number, so the millions of rows follow the very function that is tested.
 */
async function createClassTable(session: Session): Promise<void> {
  await session.run('CREATE TABLE class_of (facts USMALLINT, class UTINYINT)')
  const flags = [false, true]
  const lines: [number, number][] = []
  for (const isError of flags)
    for (const isDuplicate of flags)
      for (const isCancelled of flags)
        for (const [g, grade] of GRADES.entries())
          for (const hasReview of flags)
            for (const [o, obligation] of OBLIGATIONS.entries())
              for (let kind = 0; kind < LINK_KINDS; kind++) {
                const group = STATUS_GROUPS[kind - 1]
                const linked = group === undefined ? null : { group, grade }
                const decided = decidePopulationClass({
                  isError,
                  isDuplicate,
                  isCancelled,
                  obligation,
                  linked,
                  hasReview,
                })
                const bits =
                  Number(isError) +
                  2 * Number(isDuplicate) +
                  4 * Number(isCancelled) +
                  8 * g +
                  8 * GRADES.length * Number(hasReview)
                lines.push([
                  bits + 16 * GRADES.length * (o + OBLIGATIONS.length * kind),
                  POPULATION_CLASSES.indexOf(decided),
                ])
              }
  await session.append('class_of', lines)
  await session.run('CREATE TABLE standing (class UTINYINT, list UTINYINT)')
  await session.append(
    'standing',
    POPULATION_CLASSES.map((name, index) => [index, LIST_NAMES.indexOf(STANDINGS[name].list)]),
  )
}

async function decidePopulation(session: Session, year: SchoolYear, rule: SchoolingRule): Promise<void> {
  const band = obligationBand(year, rule)
  const from = Number(band.from.replaceAll('-', ''))
  const until = Number(band.until.replaceAll('-', ''))
  const obligation = `CASE WHEN p.birth > ${until} THEN 1 WHEN p.birth < ${from} THEN 2 ELSE 0 END`
  const linkKind = 'CASE WHEN link.l IS NULL OR link.is_review THEN 0 ELSE r.rank + 1 END'
  const grade = 'CASE WHEN place.grade_number > 9 THEN 2 WHEN place.grade_number > 0 THEN 1 ELSE 0 END'
  const facts = `p.is_error::INTEGER + 2 * (dup_p.row IS NOT NULL)::INTEGER + 4 * p.rank + 8 * (${grade})
    + ${8 * GRADES.length} * coalesce(link.is_review, false)::INTEGER
    + ${16 * GRADES.length} * (${obligation} + ${OBLIGATIONS.length} * (${linkKind}))`
  const takes = POPULATION_CLASSES.map((name, index) => (STANDINGS[name].takesRollRow ? index : -1)).filter(
    (index) => index >= 0,
  )
  await session.run(`CREATE TABLE fate_p AS
    WITH facts AS (SELECT p.row, p.id_state, p.birth, p.sex, p.faults, link.r AS pair, link.pattern AS pair_pattern, link.score AS pair_score,
        link.is_review AS pair_is_review, r.place AS pair_place, r.rank AS pair_group, r.faults AS pair_faults, dup_p.same_as, dup_p.pattern AS dup_pattern, (${facts})::USMALLINT AS facts
      FROM p LEFT JOIN link ON link.l = p.row LEFT JOIN r ON r.row = link.r LEFT JOIN place ON place.place = r.place
        LEFT JOIN dup_p ON dup_p.row = p.row)
    SELECT f.row, c.class, (row_number() OVER (PARTITION BY s.list ORDER BY f.row) - 1)::INTEGER AS seq, f.id_state, f.birth, f.sex, f.faults, f.same_as, f.dup_pattern, f.pair,
      CASE WHEN c.class IN (${takes.join(', ')}) THEN f.pair END AS taken,
      f.pair_pattern AS pattern, f.pair_score AS score, f.pair_place AS place, f.pair_group, f.pair_faults, f.pair_is_review
    FROM facts f JOIN class_of c ON c.facts = f.facts JOIN standing s ON s.class = c.class`)
}

/** Fates of roll rows: 0 error, 1 duplicate, 2 stands with its population row, 3 and up the roll-only classes. */
export const ROLL_FATES = ['error', 'duplicate', 'paired', ...ROLL_ONLY_CLASSES] as const

async function decideRoll(session: Session): Promise<void> {
  const fate = (name: (typeof ROLL_FATES)[number]) => ROLL_FATES.indexOf(name)
  const cancelled = POPULATION_CLASSES.indexOf('cancelled')
  await session.run(`CREATE TABLE fate_r AS
    WITH pair AS (SELECT pair, row, class, taken FROM fate_p WHERE pair IS NOT NULL AND (taken IS NOT NULL OR NOT pair_is_review))
    SELECT r.row, r.id_state, r.birth, r.sex, r.faults, r.place, dup_r.same_as, dup_r.pattern AS dup_pattern,
      (CASE WHEN r.is_error THEN ${fate('error')} WHEN dup_r.row IS NOT NULL THEN ${fate('duplicate')}
        WHEN pair.taken IS NOT NULL THEN ${fate('paired')}
        WHEN pair.class = ${cancelled} THEN ${fate('cancelled-registration')}
        WHEN r.id_state <> ${idState('sound')} THEN ${fate('id-broken')}
        ELSE ${fate('unknown')} END)::UTINYINT AS fate,
      CASE WHEN pair.class = ${cancelled} THEN pair.row END AS population_row, r.n // 100000000000 AS area
    FROM r LEFT JOIN pair ON pair.pair = r.row LEFT JOIN dup_r ON dup_r.row = r.row`)
}

/** Share of the population's IDs from which on an area is one of those compared; single IDs come from anywhere. */
const HOME_AREA_SHARE = 0.002

/**
 * [RECON-9] A sound roll row without registration here is registered elsewhere
 * when its division of registration, or failing that the first six digits of its
 * ID, is no area the population sheet speaks of.
 */
export async function classifyRollOnly(
  session: Session,
  { rollParquet, registeredRows }: { readonly rollParquet: string; readonly registeredRows?: number },
): Promise<void> {
  const unknown = ROLL_FATES.indexOf('unknown')
  await session.run(`CREATE TABLE home_area AS SELECT area FROM (
    SELECT n // 100000000000 AS area, count(*) AS persons, sum(count(*)) OVER () AS whole FROM p WHERE n IS NOT NULL${registeredRows === undefined ? '' : ` AND row <= ${registeredRows}`} GROUP BY ALL)
    WHERE persons >= ${HOME_AREA_SHARE} * whole`)
  await session.run(`UPDATE fate_r SET fate = ${ROLL_FATES.indexOf('registered-elsewhere')}
    FROM (SELECT row::INTEGER AS row, TRY_CAST(left(trim(registeredDivision), 6) AS BIGINT) AS division FROM ${parquet(rollParquet)}) d
    WHERE d.row = fate_r.row AND fate_r.fate = ${unknown} AND coalesce(CASE WHEN division >= 100000 THEN division END, area) NOT IN (FROM home_area)`)
}
