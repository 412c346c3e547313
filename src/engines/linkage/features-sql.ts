import { idText } from './citizen-id-sql.ts'
import type { LinkageDefinition } from './definition.ts'
import { allKeys } from './field.ts'

/** Values that too many rows bear, one table a crowd: `crowd_0` (value). */
export function crowdSql(keys: readonly string[], most: number, tables: readonly string[]): string {
  const values = tables.flatMap((table) => keys.map((key) => `SELECT ${key} AS value FROM ${table}`))
  return `SELECT value FROM (${values.join(' UNION ALL ')}) WHERE value IS NOT NULL GROUP BY value HAVING count(*) > ${most} ORDER BY value`
}

export function crowdTable(index: number): string {
  return `crowd_${index}`
}

/** Prepared rows as they are compared: a sound ID number has its text too, and what names nobody is left out. */
export function featuresSql({ fields, crowds }: LinkageDefinition, rows: string): string {
  const codes = new Map<string, string>(
    Object.entries(fields).flatMap(([id, { kind }]) =>
      kind === 'citizen-id' ? [[`${id}_code`, `${id}_n`] as const] : [],
    ),
  )
  const crowdOf = new Map(crowds.keys.flatMap((keys, index) => keys.map((key) => [key, index] as const)))
  const columns = allKeys(fields).map(({ id }) => {
    const number = codes.get(id)
    if (number !== undefined) return `coalesce(${id}, ${idText(number)}) AS ${id}`
    const crowd = crowdOf.get(id)
    return crowd === undefined ? id : `CASE WHEN ${id} NOT IN (FROM ${crowdTable(crowd)}) THEN ${id} END AS ${id}`
  })
  return `SELECT row, rank, ${columns.join(', ')} FROM ${rows}`
}
