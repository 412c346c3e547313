import { cleanIdCell, first17 } from './citizen-id-sql.ts'
import type { SideColumns } from './definition.ts'
import { cleanCode, filled, name as quoted } from './dialect.ts'

/** A household value that more rows than this share names nobody: 13800000000, 无, the number of the school. */
export const COMMON_VALUE = 40

const MEMBERS = [1, 2, 3] as const
const PHONES = [1, 2] as const

/**
 * Text of the rows that are still open. `base` is a table with row, n (sound ID as
 * an integer), birth (yyyymmdd), sex, clash and rank; `rows` selects rows of it.
 */
export function rawSql(input: { base: string; source: string; columns: SideColumns; rows: string }): string {
  const { columns } = input
  const at = (list: readonly string[], index: number) => {
    const column = list[index - 1]
    return column === undefined ? 'NULL::VARCHAR' : `s.${quoted(column)}`
  }
  const members = MEMBERS.map(
    (i) =>
      `trim(${at(columns.memberNames, i)}) AS member_name_${i}, ${idKey(at(columns.memberIds, i))} AS member_id_${i}`,
  )
  const phones = PHONES.map((i) => `${phoneKey(at(columns.phones, i))} AS phone_${i}`)
  return `SELECT b.row, b.n, b.birth, b.sex, b.clash, b.rank, ${cleanIdCell('s."citizenId"')} AS code, b.name,
      trim(s.${quoted(columns.former)}) AS former, ${members.join(', ')}, ${phones.join(', ')},
      ${filled(cleanCode(`s.${quoted(columns.address)}`))} AS address_text, ${filled(`trim(s.${quoted(columns.locality)})`)} AS locality
    FROM ${input.source} s JOIN (SELECT * FROM ${input.base} WHERE row IN (${input.rows})) b ON b.row = s.row`
}

/** All spellings of names in a raw table, each once. */
export function spellingsSql(raw: readonly string[]): string {
  const columns = ['name', 'former', ...MEMBERS.map((i) => `member_name_${i}`)]
  const parts = raw.flatMap((table) => columns.map((column) => `SELECT ${column} AS spelling FROM ${table}`))
  return `SELECT DISTINCT spelling FROM (${parts.join(' UNION ALL ')}) WHERE spelling IS NOT NULL AND spelling <> ''`
}

/**
 * Rows as numbers. `form` maps a spelling to its folded form, sound and order as
 * hashes and its first four characters as integers.
 */
export function featuresSql(raw: string): string {
  const common = (columns: readonly string[]) =>
    `(SELECT value FROM (${columns.map((column) => `SELECT ${column} AS value FROM ${raw}`).join(' UNION ALL ')})
      WHERE value IS NOT NULL GROUP BY value HAVING count(*) > ${COMMON_VALUE})`
  const telling = (column: string, table: string) =>
    `CASE WHEN x.${column} NOT IN (FROM ${table}) THEN x.${column} END AS ${column}`
  return `WITH common_id AS ${common(MEMBERS.map((i) => `member_id_${i}`))}, common_phone AS ${common(PHONES.map((i) => `phone_${i}`))}
    SELECT x.row, x.n, x.birth, x.sex, x.clash, x.rank, x.code, f.fold, f.sound, f.ord, f.given_sound, f.len, f.c1, f.c2, f.c3, f.c4,
      former.fold AS former, ${MEMBERS.map((i) => `m${i}.fold AS member_name_${i}, ${telling(`member_id_${i}`, 'common_id')}`).join(', ')},
      ${PHONES.map((i) => telling(`phone_${i}`, 'common_phone')).join(', ')}, CASE WHEN x.address_text IS NOT NULL THEN hash(x.address_text) END AS address, x.address_text, x.locality
    FROM ${raw} x LEFT JOIN form f ON f.spelling = x.name LEFT JOIN form former ON former.spelling = x.former
      ${MEMBERS.map((i) => `LEFT JOIN form m${i} ON m${i}.spelling = x.member_name_${i}`).join(' ')}`
}

function idKey(cell: string): string {
  const code = cleanIdCell(cell)
  return `CASE WHEN strlen(${cell}) >= 8 THEN coalesce((${first17(`(${code})`)})::UBIGINT, hash(${code})) END`
}

function phoneKey(cell: string): string {
  return `CASE WHEN strlen(${cell}) >= 7 THEN TRY_CAST(right(regexp_replace(${cleanCode(cell)}, '[^0-9]', '', 'g'), 11) AS BIGINT) END`
}
