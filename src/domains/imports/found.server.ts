import { literal, openDuck, quoted } from '../../platform/sheets/index.ts'
import { ITEM, PART } from './check-write.server.ts'
import { type ColumnMap, letterOf } from './column-map.ts'
import type { Finding, FindingsPage, FoundRow } from './contract.ts'
import { FIELDS_OF } from './fields.ts'
import { codeNumber, FINDING_CODES, FINDINGS, type FindingCode, severityNumber } from './findings.ts'
import { type ImportKind, SEVERITIES, type Severity } from './kinds.ts'
import { maskCell } from './masked.ts'
import { importWords as words } from './words.ts'

export interface SheetFound {
  readonly kind: ImportKind
  readonly columns: ColumnMap
  readonly headings: readonly string[]
  readonly headerRow: number
}

/** Findings of one row as they were written down, in sentences. */
export function findingsOf(items: string, { kind, columns }: Pick<SheetFound, 'kind' | 'columns'>): Finding[] {
  return items.split(ITEM).flatMap((item) => {
    const [number = '', field = '', said = ''] = item.split(PART)
    const code = FINDING_CODES[Number(number)]
    if (code === undefined) return []
    const column = field === '' ? null : (columns[field] ?? null)
    return [
      {
        column,
        letter: column === null ? null : letterOf(column),
        field: field === '' ? null : field,
        label: FIELDS_OF[kind].find(({ id }) => id === field)?.label ?? null,
        code,
        severity: FINDINGS[code],
        reason: words.finding[code].reason(said),
      },
    ]
  })
}

export interface FoundQuery {
  readonly severity?: Severity | 'all' | undefined
  readonly code?: string | undefined
  readonly page: number
  readonly size: number
}

interface FoundFiles {
  readonly found: string
  /** Needed for rows without a finding. */
  readonly rows: string | undefined
  readonly workDir: string
}

/** [IMP-6] One page of rows with their findings; every cell masked by its field. */
export async function readFoundPage(files: FoundFiles, sheet: SheetFound, query: FoundQuery): Promise<FindingsPage> {
  const mapped = mappedColumns(sheet)
  const cells = mapped.map(({ field }) => `w.${quoted(field)}`).join(', ')
  const from =
    files.rows === undefined
      ? `(SELECT * FROM read_parquet(${literal(files.found)})) w`
      : `(SELECT r.*, f.severity, f.codes, f.items FROM read_parquet(${literal(files.rows)}) r
          LEFT JOIN (SELECT row, severity, codes, items FROM read_parquet(${literal(files.found)})) f ON f.row = r.row) w`
  const where = conditionsOf(query)
  const duck = await openDuck({ workDir: files.workDir, threads: 1, memoryLimitMb: 300 })
  try {
    const [counted] = await duck.rows(`SELECT count(*) FROM ${from} WHERE ${where}`)
    const rows =
      await duck.rows(`SELECT w.row, w.severity, w.items${cells === '' ? '' : `, ${cells}`} FROM ${from} WHERE ${where}
      ORDER BY w.row LIMIT ${query.size} OFFSET ${(query.page - 1) * query.size}`)
    return {
      total: Number(counted?.[0] ?? 0),
      page: query.page,
      size: query.size,
      columns: mapped,
      rows: rows.map(
        ([row, severity, items, ...texts]): FoundRow => ({
          sheetRow: sheet.headerRow + Number(row),
          severity: severity === null ? null : (SEVERITIES[Number(severity)] ?? null),
          cells: texts.map((text, index) => (typeof text === 'string' ? shown(mapped[index]!.field, text) : null)),
          findings: items === null ? [] : findingsOf(String(items), sheet),
        }),
      ),
    }
  } finally {
    duck.close()
  }
}

function conditionsOf({ severity, code }: FoundQuery): string {
  const conditions = ['true']
  if (severity !== undefined && severity !== 'all') conditions.push(`w.severity = ${severityNumber(severity)}`)
  if (code !== undefined)
    conditions.push(isCode(code) ? `list_contains(w.codes, ${codeNumber(code)}::UTINYINT)` : 'false')
  return conditions.join(' AND ')
}

function isCode(text: string): text is FindingCode {
  return Object.hasOwn(FINDINGS, text)
}

function mappedColumns({ kind, columns, headings }: SheetFound): FindingsPage['columns'] {
  return FIELDS_OF[kind]
    .flatMap(({ id, label }) => {
      const column = columns[id]
      return column === undefined
        ? []
        : [{ column, letter: letterOf(column), heading: headings[column] ?? '', field: id, label }]
    })
    .sort((a, b) => a.column - b.column)
}

/** [IMP-6] Names and birthdays in full, because a row is looked for by them; numbers, telephones and addresses masked. */
function shown(field: string, text: string): string {
  return field === 'name' || field === 'birthDay' ? text : maskCell(field, text)
}
