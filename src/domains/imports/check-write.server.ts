import { rm } from 'node:fs/promises'
import type { DuckDBValue } from '@duckdb/node-api'
import { idText } from '../../engines/linkage/citizen-id-sql.ts'
import { name as quoted, text } from '../../engines/linkage/dialect.ts'
import { prepare } from '../../engines/linkage/server/prepare.ts'
import { type Cell, parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { isState, type SheetToCheck } from './check-read.server.ts'
import { FIELDS_OF } from './fields.ts'
import { FINDING_CODES, FINDINGS, severityNumber } from './findings.ts'
import { keyColumn, LINKAGE_KEYS, linkageFieldsOf, linkageSideOf } from './linkage-fields.ts'
import { eachPage } from './pages.server.ts'
import { importWords as words } from './words.ts'

/** Rows with findings that are listed; the counts are exact whatever their number. */
export const MOST_FOUND_ROWS = 100_000
/** Between the parts of a finding, and between findings, in the list of a row. */
export const PART = '\u001f'
export const ITEM = '\u001e'

/** Severity of every row that has a finding, and what stands beside the rows that are refused. */
export async function judgeRows(session: Session): Promise<void> {
  await session.run('CREATE TABLE code_line (code UTINYINT, severity UTINYINT, label VARCHAR)')
  await session.append(
    'code_line',
    FINDING_CODES.map((code, index) => [index, severityNumber(FINDINGS[code]), words.finding[code].label]),
  )
  await session.run(`CREATE TABLE verdict AS SELECT f.row, min(c.severity) AS severity, bool_or(c.severity = 1) AS is_repair, min(f.code) AS worst
    FROM finding f JOIN code_line c USING (code) GROUP BY f.row`)
}

/** Keyed hashes of the numbers, so that the batch can be looked up without opening what is sealed. */
export async function readNumberKeys(session: Session, keys: ChildKeys): Promise<void> {
  await session.run('CREATE TABLE number_key (row INTEGER, id_key BIGINT, student_key BIGINT)')
  const columns = `row, CASE WHEN ${isState('sound')} AND fault IS NULL THEN ${idText('n')} END, CASE WHEN has_student AND fault IS NULL THEN student END`
  await eachPage(session, { table: 't', place: 'row', columns }, async ([rows, ids, students]) => {
    const keyOf = (kind: string, value: DuckDBValue | undefined) =>
      typeof value === 'string' ? keys.indexKey(kind, value) : null
    await session.append(
      'number_key',
      rows!.map((row, index): Cell[] => [
        Number(row),
        keyOf('person.id', ids![index]),
        keyOf('person.student', students![index]),
      ]),
    )
  })
}

/**
 * [IMP-11] Every row of the sheet with what was derived from it: what a commit stores and a run compares. Both tables
 * stand in the order of the sheet, so they are laid side by side: joining or sorting rows this wide costs minutes.
 */
export async function writeRows(
  session: Session,
  sheet: SheetToCheck & { readonly isRounded: boolean },
  out: string,
): Promise<void> {
  const keys = await writeKeys(session, sheet, `${out}.keys`)
  const cells = FIELDS_OF[sheet.kind].map(({ id }) => `w.${quoted(id)}`).join(', ')
  await session.run(`CREATE TABLE derived AS SELECT t.row AS derived_row, coalesce(t.fault, CASE WHEN v.severity = 0 THEN c.label END) AS fault,
      CASE WHEN ${isState('sound')} THEN t.n END AS id17, t.id_state, CASE WHEN NOT ${isState('sound')} THEN t.code END AS other_code,
      t.birth AS born, t.sex AS sex_code, k.id_key, t.name_key, k.student_key,
      p.unit_id, p.answers_id, s.school_id, s.grade AS grade_number, s.class_number, s.status_group,
      coalesce(v.severity = 0, false) AS refused, coalesce(v.severity <> 0 AND v.is_repair, false) AS needs_repair
    FROM t LEFT JOIN number_key k ON k.row = t.row
    LEFT JOIN verdict v ON v.row = t.row LEFT JOIN code_line c ON c.code = v.worst
    LEFT JOIN place p ON p.place = t.place LEFT JOIN spot s ON s.spot = t.spot ORDER BY t.row`)
  const laid = `${parquet(sheet.parquet)} w POSITIONAL JOIN derived d${keys === undefined ? '' : ` POSITIONAL JOIN ${parquet(keys)} k`}`
  const derived = keys === undefined ? '' : `, ${LINKAGE_KEYS.map((key) => `k.${key} AS ${keyColumn(key)}`).join(', ')}`
  await session.run(
    `COPY (SELECT w.row, ${cells}, d.* EXCLUDE (derived_row)${derived} FROM ${laid}) TO ${text(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  )
  const isShifted = `w.row IS DISTINCT FROM d.derived_row${keys === undefined ? '' : ' OR w.row IS DISTINCT FROM k.row'}`
  const shifted = await session.count(`FROM ${laid} WHERE ${isShifted}`)
  if (keys !== undefined) await rm(keys)
  if (shifted > 0) throw new Error('rows of a sheet are out of order')
}

/** [LINK-12] What a comparison knows the rows by; undefined where no comparison reads such a sheet. */
async function writeKeys(
  session: Session,
  { kind, parquet: source, today, isRounded }: SheetToCheck & { readonly isRounded: boolean },
  out: string,
): Promise<string | undefined> {
  const side = linkageSideOf(kind)
  if (side === undefined) return undefined
  await prepare(session, {
    fields: linkageFieldsOf(kind, side),
    side,
    source: parquet(source),
    today: Number(today.replaceAll('-', '')),
    isRounded,
    isOrdered: true,
    out,
  })
  return out
}

/** The rows with findings, worst first when there are too many to list, in the order of the sheet. */
export async function writeFound(session: Session, sheet: SheetToCheck, out: string): Promise<number> {
  const cells = FIELDS_OF[sheet.kind].map(({ id }) => `w.${quoted(id)}`).join(', ')
  await session.run(
    `CREATE TABLE listed AS SELECT row, severity FROM verdict ORDER BY severity, row LIMIT ${MOST_FOUND_ROWS}`,
  )
  await session.run(`COPY (SELECT l.row, l.severity, f.codes, f.items, ${cells} FROM listed l
    JOIN (SELECT row, list(DISTINCT code) AS codes,
        string_agg(code || '${PART}' || coalesce(field, '') || '${PART}' || coalesce(said, ''), '${ITEM}' ORDER BY code, field) AS items
      FROM finding SEMI JOIN listed USING (row) GROUP BY row) f USING (row)
    JOIN ${parquet(sheet.parquet)} w ON w.row = l.row ORDER BY l.row) TO ${text(out)} (FORMAT parquet, COMPRESSION zstd)`)
  return session.count('FROM listed')
}

/**
 * [IMP-12] Keyed hash of the mapped cells of all rows, whatever their order. The name of the file, its format, columns
 * that were not mapped and blank rows do not count.
 */
export async function contentKeyOf(session: Session, sheet: SheetToCheck, keys: ChildKeys): Promise<string> {
  const fields = FIELDS_OF[sheet.kind].map(({ id }) => id)
  const row = `concat_ws('${PART}', ${fields.map((field) => `coalesce(${quoted(field)}, '${ITEM}')`).join(', ')}, coalesce(fault, ''))`
  const [sum] =
    await session.rows(`SELECT count(*)::VARCHAR AS rows, sum(md5_number_upper(h))::VARCHAR AS upper, sum(md5_number_lower(h))::VARCHAR AS lower
    FROM (SELECT ${row} AS h FROM ${parquet(sheet.parquet)})`)
  return keys
    .contentHash()
    .update(['import', sheet.kind, fields.join(' '), sum?.['rows'], sum?.['upper'], sum?.['lower']].join('\0'))
    .digest('hex')
}
