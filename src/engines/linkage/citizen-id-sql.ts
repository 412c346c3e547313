import { cleanCode, digits, text, textList } from './dialect.ts'

/**
 * [LINK-10] Reading ID numbers and days in SQL, over millions of rows. The kernel's
 * `parseCitizenId` is the rule; a test runs both over the same damaged numbers.
 * A sound ID is kept as its first seventeen digits in a BIGINT: the check
 * character follows from them, and integers join several times faster than text.
 */

/** What a cell of an ID column is. The number is stored, so the order is fixed. */
export const ID_STATES = ['empty', 'sound', 'check', 'birth', 'future', 'precision', 'masked', 'other'] as const
export type IdState = (typeof ID_STATES)[number]

export function idState(state: IdState): number {
  return ID_STATES.indexOf(state)
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const PROVINCES =
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'

/** The cell as a code, NULL when nothing is left of it. Seventeen digits and one byte need no cleaning: nearly every cell, at a fifth of the cost. */
export function cleanIdCell(cell: string): string {
  return `CASE WHEN strlen(${cell}) = 18 AND TRY_CAST(left(${cell}, 17) AS BIGINT) >= 10000000000000000 THEN upper(${cell})
    ELSE nullif(${cleanCode(cell)}, '') END`
}

const CHECKS = textList([...'0123456789X'])

/** First seventeen digits as a number, the upgraded ones for a 15-digit ID; NULL for anything that is not shaped so. */
export function first17(code: string): string {
  return `CASE strlen(${code})
    WHEN 18 THEN CASE WHEN TRY_CAST(left(${code}, 17) AS BIGINT) >= 10000000000000000 AND right(${code}, 1) IN (${CHECKS}) THEN TRY_CAST(left(${code}, 17) AS BIGINT) END
    WHEN 15 THEN CASE WHEN TRY_CAST(${code} AS BIGINT) >= 100000000000000
      THEN (TRY_CAST(${code} AS BIGINT) // 1000000000) * 100000000000 + 19000000000 + TRY_CAST(${code} AS BIGINT) % 1000000000 END
  END`
}

/** ISO 7064 MOD 11-2 over the seventeen digits. */
export function checkCharacter(n: string): string {
  const sum = WEIGHTS.map((weight, index) => `${weight} * ${digits(n, 16 - index, 1)}`).join(' + ')
  return `substr('10X98765432', ((${sum}) % 11)::INTEGER + 1, 1)`
}

/** `yyyymmdd` in the ID. */
export function birthOf17(n: string): string {
  return `(${digits(n, 3, 8)})::INTEGER`
}

/** Odd last digit of the sequence: male. 1 male, 2 female as in GB/T 2261.1. */
export function sexOf17(n: string): string {
  return `CASE WHEN ${n} % 2 = 1 THEN 1 ELSE 2 END`
}

/** Whether the integer `yyyymmdd` is a day of the years 1800 to 2099. */
export function isDay(ymd: string): string {
  const year = `(${ymd} // 10000)`
  const month = `(${ymd} // 100 % 100)`
  const leap = `(${year} % 4 = 0 AND (${year} % 100 <> 0 OR ${year} % 400 = 0))`
  const last = `CASE WHEN ${month} = 2 THEN CASE WHEN ${leap} THEN 29 ELSE 28 END WHEN ${month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END`
  return `(${year} BETWEEN 1800 AND 2099 AND ${month} BETWEEN 1 AND 12 AND ${ymd} % 100 BETWEEN 1 AND ${last})`
}

export interface IdCell {
  /** The cleaned code, its first seventeen digits and `yyyymmdd` in them, as columns. */
  readonly code: string
  readonly n: string
  readonly birth: string
}

/** The state of a cell; `today` as `yyyymmdd`. `isRounded` is a column that tells whether the sheet lost its last digits. */
export function idStateOf(cell: IdCell, today: number, isRounded: string): string {
  const { code, n, birth } = cell
  const zeros = `(strlen(${code}) = 18 AND right(${code}, 3) = '000')`
  const province = `(${n} // 1000000000000000) IN (${PROVINCES.replaceAll(' ', ', ')})`
  const sound = `(strlen(${code}) = 15 OR right(${code}, 1) = ${checkCharacter(n)})`
  return `CASE
    WHEN ${code} IS NULL THEN ${idState('empty')}
    WHEN ${n} IS NULL THEN CASE
      WHEN regexp_full_match(${code}, '\\d(\\.\\d+)?E\\+?\\d+|\\d{15,18}\\.0*') THEN ${idState('precision')}
      WHEN regexp_matches(${code}, '[*×]') THEN ${idState('masked')}
      ELSE ${idState('other')} END
    WHEN ${zeros} AND (${isRounded}) THEN ${idState('precision')}
    WHEN NOT ${province} THEN ${idState('other')}
    WHEN NOT ${isDay(birth)} THEN CASE WHEN ${zeros} AND NOT ${sound} THEN ${idState('precision')} ELSE ${idState('birth')} END
    WHEN NOT ${sound} THEN CASE WHEN ${zeros} THEN ${idState('precision')} ELSE ${idState('check')} END
    WHEN ${birth} > ${today} THEN ${idState('future')}
    ELSE ${idState('sound')}
  END`
}

/** The whole ID from its seventeen digits. */
export function idText(n: string): string {
  return `(${n})::VARCHAR || ${checkCharacter(n)}`
}

/** `yyyymmdd`, a day that exists, as `YYYY-MM-DD`. */
export function dayText(ymd: string): string {
  return `make_date(${ymd} // 10000, ${ymd} // 100 % 100, ${ymd} % 100)::VARCHAR`
}

/** First day and last of the serial days of Excel that can be a birthday here: 1982-01-01 to 2064. */
const SERIALS = { from: 29_952, until: 60_000 }

/**
 * A day as people write it to `yyyymmdd`: 2017-09-01, 20170901, 2017.9.1,
 * 2017/9/1, 2017年9月1日, with or without a time after it, or the serial day of Excel.
 */
export function dayOfCell(cell: string): string {
  const without = (mark: string) => `TRY_CAST(replace(${cell}, '${mark}', '') AS INTEGER)`
  const parted = (mark: string) =>
    `strlen(${cell}) = 10 AND substr(${cell}, 5, 1) = '${mark}' AND substr(${cell}, 8, 1) = '${mark}'`
  const clean = cleanCode(`split_part(replace(trim(${cell}), 'T', ' '), ' ', 1)`)
  const parts = `string_split(rtrim(translate(${clean}, '年月./日号', '----'), '-'), '-')`
  const split = `TRY_CAST(${parts}[1] AS INTEGER) * 10000 + TRY_CAST(${parts}[2] AS INTEGER) * 100 + TRY_CAST(${parts}[3] AS INTEGER)`
  const serial = `TRY_CAST(split_part(${clean}, '.', 1) AS INTEGER)`
  const read = `CASE
    WHEN ${parted('-')} THEN ${without('-')}
    WHEN strlen(${cell}) = 8 AND TRY_CAST(${cell} AS INTEGER) > 18000000 THEN TRY_CAST(${cell} AS INTEGER)
    WHEN ${parted('.')} THEN ${without('.')}
    WHEN ${parted('/')} THEN ${without('/')}
    WHEN regexp_full_match(${clean}, '\\d{8}') THEN TRY_CAST(${clean} AS INTEGER)
    WHEN len(${parts}) = 3 THEN ${split}
    WHEN ${serial} BETWEEN ${SERIALS.from} AND ${SERIALS.until}
      THEN strftime(DATE '1899-12-30' + ${serial}, '%Y%m%d')::INTEGER
  END`
  return `CASE WHEN ${cell} IS NOT NULL THEN ${read} END`
}

/** 1 male, 2 female, NULL unknown. */
export function sexOfCell(cell: string): string {
  return `CASE WHEN ${cell} IN (${['男', '1', '男性', '01'].map(text).join(', ')}) THEN 1
    WHEN ${cell} IN (${['女', '2', '女性', '02'].map(text).join(', ')}) THEN 2 END`
}
