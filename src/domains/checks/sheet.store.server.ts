import { sql } from 'kysely'
import type { FileId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SheetCounts } from './sheet-contract.ts'
import type { CheckTables } from './tables.server.ts'

function tables(tx: Tx) {
  return tx.withTables<CheckTables>()
}

export interface SheetFound {
  readonly sheetId: string
  readonly createdAt: Date
  readonly rowsFileId: FileId | null
  readonly committedAt: Date | null
  readonly counts: SheetCounts | null
}

const SHEET = [
  'sheet_id as sheetId',
  'created_at as createdAt',
  'rows_file_id as rowsFileId',
  'committed_at as committedAt',
  'counts',
] as const

export async function insertSheet(
  tx: Tx,
  sheet: {
    readonly sheetId: string
    readonly unitId: number
    readonly units: readonly number[]
    readonly createdBy: number
    readonly createdAt: Date
    readonly rowsFileId: FileId
  },
): Promise<void> {
  await tables(tx)
    .insertInto('check_sheet')
    .values({
      sheet_id: sheet.sheetId,
      unit_id: sheet.unitId,
      units: [...sheet.units],
      created_by: sheet.createdBy,
      created_at: sheet.createdAt,
      rows_file_id: sheet.rowsFileId,
    })
    .execute()
}

export async function findSheet(
  tx: Tx,
  sheetId: string,
  lock: 'locked' | 'free' = 'free',
): Promise<SheetFound | undefined> {
  const query = tables(tx).selectFrom('check_sheet').select(SHEET).where('sheet_id', '=', sheetId)
  const row = await (lock === 'locked' ? query.forUpdate() : query).executeTakeFirst()
  return row as SheetFound | undefined
}

export async function listSheets(tx: Tx, most: number): Promise<readonly SheetFound[]> {
  const rows = await tables(tx)
    .selectFrom('check_sheet')
    .select(SHEET)
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute()
  return rows as unknown as readonly SheetFound[]
}

export async function setCommitted(tx: Tx, sheetId: string, counts: SheetCounts, at: Date): Promise<void> {
  await tables(tx)
    .updateTable('check_sheet')
    .set({ committed_at: at, counts: JSON.stringify(counts) as unknown as SheetCounts })
    .where('sheet_id', '=', sheetId)
    .execute()
}

export interface FileSeen {
  readonly caseId: number
  readonly stage: 'task' | 'case'
  readonly isOpen: boolean
}

/** Files in sight, the closed ones too: who had the file may know that it is closed. */
export async function listFiles(tx: Tx, caseIds: readonly number[]): Promise<ReadonlyMap<number, FileSeen>> {
  const { rows } = await sql<FileSeen>`
    select case_id as "caseId", stage, open is not null as "isOpen" from case_file
    where case_id = any (${[...caseIds]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.caseId, row]))
}

/** Content keys of all that was said of these files. */
export async function listContentKeys(tx: Tx, caseIds: readonly number[]): Promise<ReadonlySet<string>> {
  const rows = await tables(tx)
    .selectFrom('check_report')
    .select('content_key')
    .where(sql<boolean>`case_id = any (${[...caseIds]}::bigint[])`)
    .execute()
  return new Set(rows.map(({ content_key }) => content_key.toString('hex')))
}

export interface SchoolName {
  readonly unitId: number
  readonly name: string
  readonly code: string
}

/** Schools of the whole city in force, of these names or codes. */
export async function listSchoolsNamed(
  tx: Tx,
  texts: readonly string[],
  on: PlainDate,
): Promise<readonly SchoolName[]> {
  if (texts.length === 0) return []
  const { rows } = await sql<SchoolName>`
    select unit_id as "unitId", name, code from unit
    where kind = 'school' and (name = any (${[...texts]}::text[]) or code = any (${[...texts]}::text[]))
      and from_day <= ${on} and (until_day is null or until_day > ${on})`.execute(tx)
  return rows
}

/** Villages of a township by name, the unit itself too. */
export async function listVillages(tx: Tx, unitId: number, on: PlainDate): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ unit_id: number; name: string }>`
    select unit_id, name from unit where path @> array[${unitId}::int] and kind in ('village', 'township')
      and from_day <= ${on} and (until_day is null or until_day > ${on})`.execute(tx)
  return new Map(rows.map(({ unit_id, name }) => [name, unit_id]))
}

/** The batch that these very lines made before. */
export async function hasBatch(tx: Tx, unitId: number, contentKey: Buffer): Promise<boolean> {
  const { rows } = await sql`
    select 1 from source_batch where unit_id = ${unitId} and kind = 'floating' and content_key = ${contentKey} and undone_at is null`.execute(
    tx,
  )
  return rows.length > 0
}

export interface FoundRecord {
  readonly row: number
  readonly childId: number
  readonly recordId: number
  readonly isInBooks: boolean
  readonly caseId: number | null
}

/** The children of a batch, with the open file each has. */
export async function listBatchRecords(tx: Tx, batchId: number): Promise<readonly FoundRecord[]> {
  const { rows } = await sql<FoundRecord>`
    select r.row, r.child_id as "childId", r.record_id as "recordId", c.obliged is not null as "isInBooks", f.case_id as "caseId"
    from source_record r join child c on c.child_id = r.child_id left join case_file f on f.child_id = r.child_id and f.open
    where r.batch_id = ${batchId} order by r.row`.execute(tx)
  return rows
}
