import {
  birthOf17,
  checkCharacter,
  cleanIdCell,
  dayText,
  first17,
  idState,
  idStateOf,
  sexOf17,
} from '../../engines/linkage/citizen-id-sql.ts'
import { cleanCode, textList } from '../../engines/linkage/dialect.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { isListKind } from '../persons/index.ts'
import { isState, type SheetToCheck } from './check-read.server.ts'
import { ETHNIC_WORDS } from './ethnic-groups.ts'
import { FIELDS_OF } from './fields.ts'
import { codeNumber, type FindingCode } from './findings.ts'
import { shapeOf } from './kinds.ts'

/** One kind of finding as a query: which rows, at which field, and what its sentence has to say. */
interface Check {
  readonly code: FindingCode
  /** An expression; NULL is the row as a whole. */
  readonly field: string
  readonly said?: string
  readonly from?: string
  readonly where: string
}

/** Fills `finding (row, field, code, said)` from `t` and the dictionaries; `field` is the place of the field in FIELDS_OF. */
export async function findFaults(session: Session, sheet: SheetToCheck): Promise<void> {
  await session.run('CREATE TABLE finding (row INTEGER, field VARCHAR, code UTINYINT, said VARCHAR)')
  await findRepeats(session, sheet)
  // The cells as they were read, for checks that need nothing else of the row.
  const wide = `${parquet(sheet.parquet)} t`
  const checks = [
    ...rowChecks().filter(({ code }) => code !== 'id-missing' || !isListKind(sheet.kind)),
    ...cellChecks(sheet, wide),
    ...checksByShape(sheet, wide),
  ]
  for (const { code, field, said = 'NULL', from = 't', where } of checks) {
    const words = said === 'r.other' ? `(r.other + ${sheet.headerRow})::VARCHAR` : said
    await session.run(
      `INSERT INTO finding SELECT t.row, ${field}, ${codeNumber(code)}, ${words} FROM ${from} WHERE t.fault IS NULL AND (${where})`,
    )
  }
  await session.run(
    `INSERT INTO finding SELECT row, NULL, ${codeNumber('unreadable-row')}, fault FROM t WHERE fault IS NOT NULL`,
  )
  for (const [dictionary, key] of [
    ['place_finding', 'place'],
    ['spot_finding', 'spot'],
  ] as const) {
    await session.run(
      `INSERT INTO finding SELECT t.row, f.field, f.code, f.said FROM t JOIN ${dictionary} f ON f.entry = t.${key} WHERE t.fault IS NULL`,
    )
  }
}

function checksByShape(sheet: SheetToCheck, wide: string): readonly Check[] {
  const shape = shapeOf(sheet.kind)
  if (shape === 'loose') return []
  return shape === 'school' ? rollChecks(sheet, wide) : placeChecks(sheet, wide)
}

const sound = isState('sound')
const hasBirth = 'cell_birth IS NOT NULL'
const isOther = 't.row IN (SELECT row FROM other_id)'
/** [IMP-5] Something must say who it is: a number, a birthday beside the name, a student number. */
const hasIdentity = `(${isState('sound', 'check')} OR ${isOther} OR ${hasBirth} OR has_student)`

function rowChecks(): readonly Check[] {
  const at = (field: string) => `'${field}'`
  return [
    { code: 'name-missing', field: at('name'), where: 'name_id IS NULL' },
    {
      code: 'identity-missing',
      field: at('citizenId'),
      where: `${isState('empty', 'masked', 'other')} AND NOT ${hasIdentity}`,
    },
    { code: 'id-precision', field: at('citizenId'), where: isState('precision') },
    { code: 'id-birth', field: at('citizenId'), said: 'substr(code, 7, 8)', where: isState('birth') },
    { code: 'id-future', field: at('citizenId'), said: dayText('id_birth'), where: isState('future') },
    { code: 'birth-unreadable', field: at('birthDay'), where: `has_birth AND cell_birth IS NULL AND NOT ${sound}` },
    {
      code: 'birth-off',
      field: at('birthDay'),
      said: dayText('id_birth'),
      where: `has_birth AND cell_birth IS NULL AND ${sound}`,
    },
    {
      code: 'birth-clash',
      field: at('birthDay'),
      said: dayText('id_birth'),
      where: `${sound} AND cell_birth <> id_birth`,
    },
    {
      code: 'sex-clash',
      field: at('sex'),
      said: `(${sexOf17('n')})::VARCHAR`,
      where: `${sound} AND cell_sex <> ${sexOf17('n')}`,
    },
    { code: 'sex-unread', field: at('sex'), where: 'has_sex AND cell_sex IS NULL' },
    {
      code: 'id-check',
      field: at('citizenId'),
      said: `${checkCharacter('n')} || right(code, 1)`,
      where: isState('check'),
    },
    { code: 'id-missing', field: at('citizenId'), where: `${isState('empty')} AND ${hasIdentity}` },
    { code: 'id-masked', field: at('citizenId'), where: `${isState('masked')} AND ${hasIdentity}` },
    { code: 'id-shape', field: at('citizenId'), where: `${isState('other')} AND NOT ${isOther} AND ${hasIdentity}` },
    { code: 'id-old', field: at('citizenId'), where: `${sound} AND strlen(code) = 15` },
    { code: 'name-unreadable', field: at('name'), said: 'bad::VARCHAR', where: 'bad IS NOT NULL' },
    {
      code: 'id-shared',
      field: at('citizenId'),
      said: 'r.other',
      from: 't JOIN id_shared r ON r.row = t.row',
      where: 'true',
    },
    {
      code: 'repeated-row',
      field: 'NULL',
      said: 'r.other',
      from: 't JOIN repeated r ON r.row = t.row',
      where: 'NOT r.is_elsewhere',
    },
    {
      code: 'two-places',
      field: at('className'),
      said: 'r.other',
      from: 't JOIN repeated r ON r.row = t.row',
      where: 'r.is_elsewhere',
    },
  ]
}

function cellChecks({ kind, today }: SheetToCheck, wide: string): readonly Check[] {
  const todayNumber = Number(today.replaceAll('-', ''))
  const has = (field: string) => FIELDS_OF[kind].some(({ id }) => id === field)
  const phones = ['phone', 'guardian1Phone'].filter(has)
  const guardians = ['guardian1CitizenId', 'guardian2CitizenId'].filter(has)
  return [
    { code: 'birth-future', field: `'birthDay'`, where: `cell_birth > ${todayNumber} AND NOT ${sound}` },
    {
      code: 'ethnicity-unread',
      field: `'ethnicity'`,
      from: wide,
      where: `nullif(${cleanCode('trim(t.ethnicity)')}, '') NOT IN (${textList(ETHNIC_WORDS)})`,
    },
    ...phones.map((field): Check => {
      const digits = `replace(replace(${cleanCode(`t.${field}`)}, '-', ''), '—', '')`
      return {
        code: 'phone-shape',
        field: `'${field}'`,
        from: wide,
        where: `t.${field} IS NOT NULL AND NOT (strlen(t.${field}) = 11 AND TRY_CAST(t.${field} AS BIGINT) BETWEEN 13000000000 AND 19999999999)
          AND nullif(${digits}, '') IS NOT NULL AND NOT regexp_full_match(${digits}, '1[3-9]\\d{9}|(\\+?86)1[3-9]\\d{9}|(0\\d{2,3})?[2-9]\\d{6,7}')`,
      }
    }),
    ...guardians.map(
      (field): Check => ({
        code: 'guardian-id',
        field: `'${field}'`,
        from: `(SELECT *, ${birthOf17('n')} AS born FROM (SELECT t.row, t.fault, ${cleanIdCell(`t.${field}`)} AS code, ${first17(cleanIdCell(`t.${field}`))} AS n
        FROM ${wide} WHERE t.${field} IS NOT NULL)) t`,
        where: `${idStateOf({ code: 'code', n: 'n', birth: 'born' }, todayNumber, 'false')} NOT IN (${idState('sound')}, ${idState('empty')})`,
      }),
    ),
  ]
}

function placeChecks({ kind, asOf }: SheetToCheck, wide: string): readonly Check[] {
  const address = kind === 'floating' ? 'livingAddress' : 'address'
  return [
    { code: 'address-group', field: `'${address}'`, from: wide, where: `right(trim(t.${address}), 1) = '村'` },
    ...(kind === 'floating'
      ? [
          {
            code: 'permit-expired',
            field: `'permitUntil'`,
            said: 't.permitUntil',
            from: wide,
            where: `TRY_CAST(t.permitUntil AS DATE) < DATE '${asOf}'`,
          } satisfies Check,
        ]
      : []),
  ]
}

/** Years between the grade a child is in and the one its age tells; a repeater or late starter is one or two behind. */
const FAR_FROM_GRADE = 4

function rollChecks({ asOf, today }: SheetToCheck, wide: string): readonly Check[] {
  const onSpot = 't JOIN spot s ON s.spot = t.spot'
  const expected = `(${schoolYearOf(asOf)} - (birth // 10000 + 6 + CASE WHEN birth % 10000 > 831 THEN 1 ELSE 0 END) + 1)`
  return [
    { code: 'student-no-shape', field: `'studentNo'`, where: 'student IS NOT NULL AND NOT has_student' },
    {
      code: 'student-no-id',
      field: `'studentNo'`,
      where: `has_student AND ${sound} AND student[1] = 'G' AND substr(student, 2) <> code AND strlen(code) = 18`,
    },
    {
      code: 'student-no-shared',
      field: `'studentNo'`,
      said: 'r.other',
      from: 't JOIN student_shared r ON r.row = t.row',
      where: 'true',
    },
    {
      code: 'class-not-here',
      field: `'className'`,
      said: 'r.classes::VARCHAR',
      from: 't JOIN odd_class r ON r.row = t.row',
      where: 'true',
    },
    {
      code: 'age-grade',
      field: `'grade'`,
      said: `greatest(1, least(12, ${expected}))::VARCHAR`,
      from: onSpot,
      where: `s.grade BETWEEN 1 AND 9 AND birth <= ${Number(today.replaceAll('-', ''))} AND abs(s.grade - ${expected}) >= ${FAR_FROM_GRADE}`,
    },
    {
      code: 'phone-shared',
      field: 'r.field',
      said: 'r.other',
      from: 't JOIN phone_shared r ON r.row = t.row',
      where: 'true',
    },
    { code: 'address-group', field: `'address'`, from: wide, where: `right(trim(t.address), 1) = '村'` },
  ]
}

/** More than a family: a school's own telephone. */
const MOST_SIBLINGS = 5
/** From so many pupils on, a class of a grade surely exists; up to so many, its number may be a slip. */
const SURE_CLASS = 5
const SLIPPED_CLASS = 2

/** Rows that repeat one another, and numbers that several persons share; `other` is the sheet's other row. */
async function findRepeats(session: Session, { kind, parquet: path }: SheetToCheck): Promise<void> {
  const isOfSchools = shapeOf(kind) === 'school'
  const spot = isOfSchools ? 'hash(s.school_id, s.grade, s.class_number)' : '0::UBIGINT'
  await session.run(`CREATE TABLE again AS SELECT t.row, t.n, t.name_key, t.birth, ${spot} AS spot FROM t
    ${isOfSchools ? 'LEFT JOIN spot s ON s.spot = t.spot' : ''}
    WHERE ${sound} AND t.fault IS NULL AND t.n IN (SELECT n FROM t WHERE ${sound} AND fault IS NULL GROUP BY n HAVING count(*) > 1)`)
  await session.run(`CREATE TABLE id_shared AS SELECT a.row, min(b.row) AS other FROM again a JOIN again b
    ON a.n = b.n AND a.name_key IS DISTINCT FROM b.name_key GROUP BY a.row`)
  await session.run(`CREATE TABLE repeated AS SELECT row, other, spot IS DISTINCT FROM first_spot AS is_elsewhere FROM (
      SELECT row, spot, first(row) OVER same AS other, first(spot) OVER same AS first_spot FROM again WHERE name_key IS NOT NULL
      WINDOW same AS (PARTITION BY n, name_key ORDER BY row)) WHERE row <> other
    UNION ALL SELECT row, other, false FROM (SELECT row, min(row) OVER (PARTITION BY content) AS other FROM t
      WHERE NOT ${sound} AND fault IS NULL AND name_id IS NOT NULL) WHERE row <> other`)
  if (!isOfSchools) return
  await session.run(`CREATE TABLE student_shared AS WITH twice AS (SELECT row, student, n, name_key FROM t
      WHERE has_student AND fault IS NULL AND student IN (SELECT student FROM t WHERE has_student AND fault IS NULL GROUP BY student HAVING count(*) > 1))
    SELECT a.row, min(b.row) AS other FROM twice a JOIN twice b ON a.student = b.student AND a.row <> b.row
      AND (a.n IS DISTINCT FROM b.n OR a.name_key IS DISTINCT FROM b.name_key) GROUP BY a.row`)
  await session.run(`CREATE TABLE phone_shared AS WITH said AS (SELECT t.row, t.n, coalesce(w.guardian1Phone, w.phone) AS phone, w.guardian1Name AS guardian,
      CASE WHEN w.guardian1Phone IS NULL THEN 'phone' ELSE 'guardian1Phone' END AS field
      FROM t JOIN ${parquet(path)} w ON w.row = t.row WHERE t.fault IS NULL AND strlen(coalesce(w.guardian1Phone, w.phone)) = 11 AND w.guardian1Name IS NOT NULL)
    SELECT row, field, other FROM (SELECT row, n, field, first(row) OVER family AS other, first(n) OVER family AS first_n,
        count(*) OVER (PARTITION BY phone, guardian) AS members FROM said WINDOW family AS (PARTITION BY phone, guardian ORDER BY row))
      WHERE row <> other AND n IS DISTINCT FROM first_n AND members <= ${MOST_SIBLINGS}`)
  await session.run(`CREATE TABLE odd_class AS WITH sized AS (SELECT s.school_id, s.grade, s.class_number, count(*) AS pupils FROM t
        JOIN spot s ON s.spot = t.spot WHERE s.school_id IS NOT NULL AND s.grade IS NOT NULL AND s.class_number IS NOT NULL GROUP BY ALL),
      sure AS (SELECT school_id, grade, max(class_number) AS classes FROM sized WHERE pupils >= ${SURE_CLASS} GROUP BY ALL)
    SELECT t.row, u.classes FROM t JOIN spot s ON s.spot = t.spot JOIN sized z USING (school_id, grade, class_number)
      JOIN sure u USING (school_id, grade) WHERE z.pupils <= ${SLIPPED_CLASS} AND s.class_number > u.classes`)
}
