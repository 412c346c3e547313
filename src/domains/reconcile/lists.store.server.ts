import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { maskCitizenId, maskName } from '../../kernel/mask.ts'
import type { ResultRow } from './contract.ts'
import { sliceWords as words } from './slice-words.ts'

/** A list of a result: a Parquet file as the pipeline writes it, opened into a work folder for the time of one request. */
export interface ListQuery {
  /** 1-based. */
  readonly page: number
  readonly size: number
  readonly class: string | undefined
  readonly township: string | undefined
  /** Part of a name, school or village. */
  readonly text: string | undefined
}

export interface ListPage {
  readonly total: number
  readonly page: number
  readonly size: number
  readonly rows: ResultRow[]
}

export interface RevealedRow {
  readonly citizenId: string | null
  readonly rollCitizenId: string | null
  readonly guardian: string | null
  readonly guardianPhone: string | null
  readonly address: string | null
}

const MEMORY = '256MB'
const SEARCHED = ['name', 'roll_name', 'school', 'village']

/** One page, masked: names stand in full, because an officer looks for children by name; numbers and guardians do not. */
export async function readListPage(parquet: string, query: ListQuery): Promise<ListPage> {
  const conditions: string[] = ['true']
  const values: Record<string, DuckDBValue> = { file: parquet }
  const hold = (name: string, condition: string, value: string | undefined): void => {
    if (value === undefined || value === '') return
    conditions.push(condition)
    values[name] = value
  }
  hold('class', 'class = $class', query.class)
  hold('township', 'township = $township', query.township)
  hold('text', `(${SEARCHED.map((column) => `contains(coalesce(${column}, ''), $text)`).join(' or ')})`, query.text)
  const where = conditions.join(' and ')
  return withDuckDb(async (connection) => {
    const counted = await connection.runAndReadAll(
      `select count(*)::integer as total from read_parquet($file) where ${where}`,
      values,
    )
    const found = await connection.runAndReadAll(
      `select * from read_parquet($file) where ${where} order by seq limit ${query.size} offset ${(query.page - 1) * query.size}`,
      values,
    )
    return {
      total: Number(counted.getRowObjects()[0]?.['total'] ?? 0),
      page: query.page,
      size: query.size,
      rows: found.getRowObjects().map(masked),
    }
  })
}

/** Undefined when the list has no such row. */
export async function findListRow(parquet: string, seq: number): Promise<RevealedRow | undefined> {
  return withDuckDb(async (connection) => {
    const found = await connection.runAndReadAll('select * from read_parquet($file) where seq = $seq', {
      file: parquet,
      seq,
    })
    const row = found.getRowObjects()[0]
    if (row === undefined) return undefined
    return {
      citizenId: textOf(row['citizen_id']),
      rollCitizenId: textOf(row['roll_citizen_id']),
      guardian: textOf(row['guardian']),
      guardianPhone: textOf(row['guardian_phone']),
      address: textOf(row['address']),
    }
  })
}

/** The database lives in memory and holds nothing: every query reads its file. */
let shared: Promise<DuckDBInstance> | undefined

async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  shared ??= DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await (await shared).connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
  }
}

function masked(row: Readonly<Record<string, DuckDBValue>>): ResultRow {
  const label = textOf(row['class'])
  return {
    seq: Number(row['seq']),
    populationRow: numberOf(row['population_row']),
    rollRow: numberOf(row['roll_row']),
    class: label,
    classLabel: label === null ? null : (words.classes[label as keyof typeof words.classes] ?? label),
    reason: shown(row['reason']),
    name: shown(row['name']),
    rollName: shown(row['roll_name']),
    sex: textOf(row['sex']),
    birthDay: shown(row['birth_day']),
    rollBirthDay: shown(row['roll_birth_day']),
    citizenId: through(maskCitizenId, row['citizen_id']),
    rollCitizenId: through(maskCitizenId, row['roll_citizen_id']),
    guardian: through(maskName, row['guardian']),
    township: shown(row['township']),
    village: shown(row['village']),
    school: shown(row['school']),
    grade: shown(row['grade']),
    status: shown(row['status']),
    nominalGrade: numberOf(row['nominal_grade']),
    score: numberOf(row['score']),
  }
}

/** [RUN-6] A number of a person that stands in the wrong column is hidden there too: 15 to 18 digits, or a mobile phone. */
const PERSONAL_NUMBER = /\d{14,17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)/g

function shown(value: DuckDBValue | undefined): string | null {
  return textOf(value)?.replace(PERSONAL_NUMBER, maskCitizenId) ?? null
}

function textOf(value: DuckDBValue | undefined): string | null {
  return value === undefined || value === null || value === '' ? null : String(value)
}

function numberOf(value: DuckDBValue | undefined): number | null {
  return value === undefined || value === null ? null : Number(value)
}

function through(mask: (text: string) => string, value: DuckDBValue | undefined): string | null {
  const text = textOf(value)
  return text === null ? null : mask(text)
}
