import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import { cleanText } from '../../kernel/text.ts'
import {
  chooseColumns,
  ingestToParquet,
  inspectSheet,
  literal,
  openDuck,
  SHEET_LIMITS,
  type SheetField,
  sheetRowOf,
} from '../../platform/sheets/index.ts'
import { SHEET_COLUMNS, type SheetColumn } from './account-sheet-contract.ts'
import type { SheetRow } from './account-sheet-rules.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'

/** Columns are recognised by their headings, in whatever order; a sheet of the bureau's own works too. */
const ALIASES: Readonly<Record<SheetColumn, readonly string[]>> = {
  person: ['姓名', '教师姓名', '干部姓名', '人员姓名'],
  login: ['登录名（可空）', '登录名', '账号', '用户名'],
  role: ['角色', '岗位', '职务'],
  unit: ['机构', '单位', '学校', '学校标识码', '镇街', '村社'],
  from: ['起始日', '任职日期', '任职起', '开始日期'],
}
const NEEDED: ReadonlySet<SheetColumn> = new Set(['person', 'role', 'unit'])
const FIELDS: readonly SheetField[] = SHEET_COLUMNS.map((id) => ({
  id,
  label: words.columns[id],
  isRequired: NEEDED.has(id),
  kind: id === 'from' ? 'day' : 'text',
  aliases: ALIASES[id],
}))

/** All staff of a large district's schools; beyond it a sheet is cut in two. */
export const MOST_ROWS = 5_000
/** Five thousand rows expand to some 2 MB. */
const LIMITS = { ...SHEET_LIMITS, expandedBytes: 128 * 1024 ** 2, sharedTextBytes: 32 * 1024 ** 2 }

export interface ReadTask {
  readonly path: string
  readonly fileName: string
  /** An existing folder of this work alone, mode 0700. */
  readonly workDir: string
}

/** [REG-20] The rows of an uploaded sheet, as they stand in it. */
export async function readSheetRows(
  { path, fileName, workDir }: ReadTask,
  signal: AbortSignal,
): Promise<readonly SheetRow[]> {
  const given = { path, fileName, workDir, signal, fields: FIELDS, limits: LIMITS }
  const layout = await inspectSheet({ ...given, countRows: true })
  if ((layout.rows ?? 0) > MOST_ROWS)
    throw new Problem('REQUEST.TOO_LARGE', { limit: words.limitRows(MOST_ROWS.toLocaleString('en-US')) })
  const out = join(workDir, 'rows.parquet')
  const columns = chooseColumns(layout, FIELDS, fileName)
  await ingestToParquet({ ...given, layout, columns, out, threads: 1, memoryLimitMb: 300 })
  const duck = await openDuck({ workDir, threads: 1, memoryLimitMb: 300, signal })
  try {
    const picked = SHEET_COLUMNS.map((id) => `"${id}"`).join(', ')
    const rows = await duck.rows(`SELECT row, ${picked} FROM read_parquet(${literal(out)}) ORDER BY row`)
    return rows.map(([row, ...cells]) => {
      const [person = '', login = '', role = '', unit = '', from = ''] = cells.map((cell) =>
        cell === null || cell === undefined ? '' : cleanText(String(cell)),
      )
      return { row: sheetRowOf(layout, Number(row)), person, login, role, unit, from }
    })
  } finally {
    duck.close()
  }
}
