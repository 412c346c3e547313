import { sql } from 'kysely'
import { type AccountId, type BatchId, type ChildId, type FileId, fileId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { LedgerCounts } from './ledger-contract.ts'
import type { LedgerKind } from './ledger-kinds.ts'

export interface LedgerFound {
  readonly sheetId: string
  readonly kind: LedgerKind
  readonly unitId: number
  readonly asOf: PlainDate
  readonly createdBy: number
  readonly createdAt: Date
  readonly rowsFileId: FileId | null
  readonly committedAt: Date | null
  readonly counts: LedgerCounts | null
  readonly batchId: number | null
  readonly undoneAt: Date | null
}

const COLUMNS = sql`sheet_id as "sheetId", kind, unit_id as "unitId", as_of_day as "asOf", created_by as "createdBy",
  created_at as "createdAt", rows_file_id as "rowsFileId", committed_at as "committedAt", counts, batch_id as "batchId",
  undone_at as "undoneAt"`

type Raw = Omit<LedgerFound, 'rowsFileId'> & { readonly rowsFileId: string | null }

function found(row: Raw): LedgerFound {
  return { ...row, rowsFileId: row.rowsFileId === null ? null : fileId(row.rowsFileId) }
}

export async function insertLedger(
  tx: Tx,
  sheet: {
    readonly sheetId: string
    readonly kind: LedgerKind
    readonly unitId: number
    readonly units: readonly number[]
    readonly asOf: PlainDate
    readonly contentKey: Buffer
    readonly createdBy: AccountId
    readonly createdAt: Date
    readonly rowsFileId: FileId
  },
): Promise<void> {
  await sql`insert into ledger_sheet (sheet_id, kind, unit_id, units, as_of_day, content_key, created_by, created_at, rows_file_id)
    values (${sheet.sheetId}, ${sheet.kind}, ${sheet.unitId}, ${[...sheet.units]}::int[], ${sheet.asOf}, ${sheet.contentKey},
      ${sheet.createdBy}, ${sheet.createdAt}, ${sheet.rowsFileId})`.execute(tx)
}

export async function findLedger(tx: Tx, id: string): Promise<LedgerFound | undefined> {
  const { rows } = await sql<Raw>`select ${COLUMNS} from ledger_sheet where sheet_id = ${id}`.execute(tx)
  return rows[0] && found(rows[0])
}

/** Held until the end of the transaction: two confirmations at once are one. As the system. */
export async function lockLedger(tx: Tx, id: string): Promise<LedgerFound | undefined> {
  const { rows } = await sql<Raw>`select ${COLUMNS} from ledger_sheet where sheet_id = ${id} for update`.execute(tx)
  return rows[0] && found(rows[0])
}

export async function listLedgersOf(tx: Tx, most: number): Promise<readonly LedgerFound[]> {
  const { rows } = await sql<Raw>`select ${COLUMNS} from ledger_sheet order by created_at desc limit ${most}`.execute(
    tx,
  )
  return rows.map(found)
}

/** The sheet of the same rows and day that stands posted already. */
export async function findSameLedger(tx: Tx, unitId: number, contentKey: Buffer): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`select committed_at as at from ledger_sheet
    where unit_id = ${unitId} and content_key = ${contentKey} and committed_at is not null and undone_at is null`.execute(
    tx,
  )
  return rows[0]?.at
}

export async function markPosted(
  tx: Tx,
  id: string,
  done: { readonly at: Date; readonly counts: LedgerCounts; readonly batchId: BatchId | null },
): Promise<void> {
  await sql`update ledger_sheet set committed_at = ${done.at}, counts = ${JSON.stringify(done.counts)}::jsonb, batch_id = ${done.batchId}
    where sheet_id = ${id}`.execute(tx)
}

export async function markUndone(
  tx: Tx,
  id: string,
  done: { readonly at: Date; readonly by: AccountId },
): Promise<void> {
  await sql`update ledger_sheet set undone_at = ${done.at}, undone_by = ${done.by} where sheet_id = ${id}`.execute(tx)
}

export interface ChildStanding {
  readonly childId: ChildId
  readonly accountId: number | null
  readonly since: PlainDate | null
  readonly confirmed: PlainDate | null
  readonly obligedFrom: PlainDate | null
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly hasLine: boolean
}

/** Where the children stand, and by which ties. As far as the scope sees them. */
export async function listStandings(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, ChildStanding>> {
  if (children.length === 0) return new Map()
  const { rows } = await sql<ChildStanding>`
    select c.child_id as "childId", s.account_id as "accountId", lower(s.valid) as since, k.confirmed,
      lower(c.obliged) as "obligedFrom", coalesce(r.unit_id, s.r_unit_id) as "registeredId", coalesce(l.unit_id, s.p_unit_id) as "livingId",
      exists (select from outside_line o where o.child_id = c.child_id and o.state <> 'ended') as "hasLine"
    from child c
      left join whereabouts_span s on s.child_id = c.child_id and s.superseded_by is null and upper_inf(s.valid)
      left join lateral (select max(confirmed_day) as confirmed from evidence_confirmation
        where evidence_id = s.evidence_id and withdrawn_by is null) k on true
      left join tie r on r.child_id = c.child_id and r.kind = 'registered' and upper_inf(r.valid)
      left join tie l on l.child_id = c.child_id and l.kind = 'living' and upper_inf(l.valid)
    where c.child_id = any (${[...children]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.childId as number, row]))
}

/** Children made by the rows of a batch, by row. */
export async function listMade(
  tx: Tx,
  batch: BatchId,
): Promise<ReadonlyMap<number, { readonly childId: ChildId; readonly recordId: number }>> {
  const { rows } = await sql<{ row: number; childId: ChildId; recordId: number }>`
    select row, child_id as "childId", record_id as "recordId" from source_record where batch_id = ${batch}`.execute(tx)
  return new Map(rows.map(({ row, ...made }) => [row, made]))
}

export interface NamedUnit {
  readonly unitId: number
  readonly name: string
  readonly code: string
  readonly kind: string
  readonly districtId: number | null
}

/** Districts and zones of the city in force, and the city itself. */
export async function listDistricts(tx: Tx, on: PlainDate): Promise<readonly NamedUnit[]> {
  const { rows } = await sql<NamedUnit>`select unit_id as "unitId", name, code, kind, unit_id as "districtId" from unit
    where kind in ('city', 'district', 'zone') and from_day <= ${on} and (until_day is null or until_day > ${on})
    order by kind, code`.execute(tx)
  return rows
}

/** Schools of the whole city with one of these names. */
export async function listSchoolsNamed(tx: Tx, names: readonly string[], on: PlainDate): Promise<readonly NamedUnit[]> {
  const { rows } = await sql<NamedUnit>`
    select u.unit_id as "unitId", u.name, u.code, u.kind, (select d.unit_id from unit d where d.unit_id = any (u.path)
      and d.kind in ('district', 'zone') order by cardinality(d.path) desc limit 1) as "districtId"
    from unit u where u.kind = 'school' and u.name = any (${[...names]}::text[])
      and u.from_day <= ${on} and (u.until_day is null or u.until_day > ${on})`.execute(tx)
  return rows
}
