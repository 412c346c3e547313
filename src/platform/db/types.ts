import pg from 'pg'

const INT8 = 20
const INT8_ARRAY = 1016
const DATE = 1082
const DATE_ARRAY = 1182

const TEXT_ARRAY = 1009

/** The driver's own types know the scalar ids only. */
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => (text: string) => unknown
const parseTextArray = parserOf(TEXT_ARRAY) as (text: string) => (string | null)[]

/**
 * [DB-4] How values come out of the database.
 * `date` stays the text `YYYY-MM-DD`: the driver's own parser makes it local midnight, which is the evening before in UTC.
 * `bigint` (ids, `count(*)`) becomes a number; past 2^53, which no identity here reaches, it is refused instead of rounded.
 * `numeric` stays text.
 */
const parsers = new Map<number, (text: string) => unknown>([
  [DATE, (text) => text],
  [DATE_ARRAY, parseTextArray],
  [INT8, safeNumber],
  [INT8_ARRAY, (text) => parseTextArray(text).map((item) => (item === null ? null : safeNumber(item)))],
])

/** For this product's pools only; the driver's global table belongs to nobody (the job queue uses it too). */
export const productTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || parserOf(oid, format)) as typeof pg.types.getTypeParser,
}

function safeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint from the database is beyond 2^53')
  return value
}
