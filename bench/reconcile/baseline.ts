import { bandOf, schoolYear } from '../../src/kernel/school-year.ts'
import { answerParent, taskOfChild } from '../child.ts'
import { openBenchDuck, sheet, text } from './duck.ts'

/** Joins that somebody with a database would write in an afternoon; they set the scale for cost and for quality. */
export interface BaselineTask {
  readonly population: string
  readonly roll: string
  readonly schoolYear: number
  /** `id`: the same ID. `id-or-name-birth`: the same ID, or the same name and birthday. */
  readonly rule: 'id' | 'id-or-name-birth'
  /** Parquet with the column `population_row` of those not found. */
  readonly out: string
}

const task = taskOfChild<BaselineTask>()
const band = bandOf(schoolYear(task.schoolYear))
const duck = await openBenchDuck()

/** The baselines know the formats of days that occur, so that they lose only to what is really different. */
const digits = (column: string) => `CASE
  WHEN regexp_full_match(${column}, '\\d{8}') THEN ${column}
  WHEN regexp_full_match(${column}, '\\d{5}') THEN strftime(DATE '1899-12-30' + CAST(${column} AS INTEGER), '%Y%m%d')
  ELSE strftime(try_strptime(${column}, ['%Y-%m-%d', '%Y.%m.%d', '%Y/%m/%d']), '%Y%m%d') END`
/** And that an ended entry is no proof of schooling. */
const entries = `(SELECT * FROM ${sheet(task.roll)} WHERE coalesce(学生当前状态, '') IN ('', '在读', '复学', '休学'))`
const sameId = `id <> '' AND id IN (SELECT upper(trim(身份证件号)) FROM ${entries} WHERE 身份证件号 IS NOT NULL)`
const sameNameAndBirth = `(name, birth) IN (SELECT (trim(姓名), ${digits('出生日期')}) FROM ${entries} WHERE 出生日期 IS NOT NULL)`
const found = task.rule === 'id' ? sameId : `(${sameId}) OR (${sameNameAndBirth})`
await duck.run(`COPY (
  SELECT row AS population_row FROM (
    SELECT row, coalesce(upper(trim(公民身份号码)), '') AS id, trim(姓名) AS name, 出生日期 AS birth, 注销标识 AS cancelled
    FROM ${sheet(task.population)})
  WHERE cancelled = '0' AND birth BETWEEN ${text(band.from.replaceAll('-', ''))} AND ${text(band.until.replaceAll('-', ''))}
    AND NOT coalesce(${found}, false)
) TO ${text(task.out)} (FORMAT parquet)`)
answerParent({ out: task.out })
