import { type Generated, sql } from 'kysely'
import { type AccountId, accountId, type FileId, fileId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SheetCounts } from './account-sheet-contract.ts'
import type { KnownAccount, PlannedPerson } from './account-sheet-rules.ts'
import type { BranchUnit } from './branch-index.ts'
import { listPostsOfAccounts } from './staff-store.server.ts'
import type { RegistryTables } from './store.ts'

type SheetRowOfTable = {
  sheet_id: string
  unit_id: number
  units: number[]
  created_by: number
  created_at: Date
  rows_file_id: string | null
  committed_at: Date | null
  counts: SheetCounts | null
  made: Generated<number[]>
  job_id: string | null
  passwords_file_id: string | null
  passwords_at: Date | null
  taken_at: Date | null
}

type AccountRow = {
  account_id: Generated<number>
  login: string
  password_hash: string
  must_change_password: boolean
  state: Generated<'active' | 'disabled'>
  last_sign_in_at: Generated<Date | null>
  created_at: Date
  units: number[]
}

type SheetTables = RegistryTables & { account_sheet: SheetRowOfTable; account: AccountRow }

function tables(tx: Tx) {
  return tx.withTables<SheetTables>()
}

export interface AccountSheetFound {
  readonly sheetId: string
  readonly createdAt: Date
  readonly rowsFileId: FileId | null
  readonly committedAt: Date | null
  readonly counts: SheetCounts | null
  readonly made: readonly number[]
  readonly jobId: string | null
  readonly passwordsFileId: FileId | null
  readonly passwordsAt: Date | null
  readonly takenAt: Date | null
}

export async function insertAccountSheet(
  tx: Tx,
  sheet: {
    readonly sheetId: string
    readonly unitId: number
    readonly units: readonly number[]
    readonly createdBy: AccountId
    readonly createdAt: Date
    readonly rowsFileId: FileId
  },
): Promise<void> {
  await tables(tx)
    .insertInto('account_sheet')
    .values({
      sheet_id: sheet.sheetId,
      unit_id: sheet.unitId,
      units: [...sheet.units],
      created_by: sheet.createdBy,
      created_at: sheet.createdAt,
      rows_file_id: sheet.rowsFileId,
      committed_at: null,
      counts: null,
      job_id: null,
      passwords_file_id: null,
      passwords_at: null,
      taken_at: null,
    })
    .execute()
}

function sheetOf(row: Omit<SheetRowOfTable, 'made'> & { made: number[] }): AccountSheetFound {
  return {
    sheetId: row.sheet_id,
    createdAt: row.created_at,
    rowsFileId: row.rows_file_id === null ? null : fileId(row.rows_file_id),
    committedAt: row.committed_at,
    counts: row.counts,
    made: row.made.map(Number),
    jobId: row.job_id,
    passwordsFileId: row.passwords_file_id === null ? null : fileId(row.passwords_file_id),
    passwordsAt: row.passwords_at,
    takenAt: row.taken_at,
  }
}

/** [REG-24] Row security shows a sheet to its maker, in the unit where it was made. */
export async function findAccountSheet(tx: Tx, id: string): Promise<AccountSheetFound | undefined> {
  const row = await tables(tx).selectFrom('account_sheet').selectAll().where('sheet_id', '=', id).executeTakeFirst()
  return row && sheetOf(row)
}

/** Held until the end of the transaction: two confirmations at once are one. */
export async function lockAccountSheet(tx: Tx, id: string): Promise<AccountSheetFound | undefined> {
  const row = await tables(tx)
    .selectFrom('account_sheet')
    .selectAll()
    .where('sheet_id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && sheetOf(row)
}

export async function listAccountSheets(tx: Tx, most: number): Promise<readonly AccountSheetFound[]> {
  const rows = await tables(tx)
    .selectFrom('account_sheet')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute()
  return rows.map(sheetOf)
}

export async function updateAccountSheet(
  tx: Tx,
  id: string,
  change: {
    readonly committedAt?: Date
    readonly counts?: SheetCounts
    readonly made?: readonly number[]
    readonly jobId?: string
    readonly passwordsFileId?: FileId | null
    readonly passwordsAt?: Date | null
    readonly takenAt?: Date | null
  },
): Promise<void> {
  await tables(tx)
    .updateTable('account_sheet')
    .set({
      ...(change.committedAt === undefined ? {} : { committed_at: change.committedAt }),
      ...(change.counts === undefined ? {} : { counts: sql<SheetCounts>`${JSON.stringify(change.counts)}::jsonb` }),
      ...(change.made === undefined ? {} : { made: [...change.made] }),
      ...(change.jobId === undefined ? {} : { job_id: change.jobId }),
      ...(change.passwordsFileId === undefined ? {} : { passwords_file_id: change.passwordsFileId }),
      ...(change.passwordsAt === undefined ? {} : { passwords_at: change.passwordsAt }),
      ...(change.takenAt === undefined ? {} : { taken_at: change.takenAt }),
    })
    .where('sheet_id', '=', id)
    .execute()
}

/** Two sheets with the same people, confirmed at the same moment, are written one after the other, and the second finds the first. */
export async function lockAccountSheets(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('registry.account-sheet', 0))`.execute(tx)
}

/** Units at or below `within`, of all days, and those above it. */
export async function listBranch(tx: Tx, within: number, above: readonly number[]): Promise<readonly BranchUnit[]> {
  const rows = await tables(tx)
    .selectFrom('unit')
    .leftJoin('school', 'school.unit_id', 'unit.unit_id')
    .select(['unit.unit_id', 'unit.kind', 'unit.code', 'unit.name', 'unit.from_day', 'unit.until_day', 'unit.path'])
    .select('school.school_code')
    .where(({ or, eb }) =>
      or([sql<boolean>`unit.path @> array[${within}::int]`, eb('unit.unit_id', 'in', [...above, within])]),
    )
    .orderBy('unit.code')
    .execute()
  return rows.map((row) => ({
    unitId: row.unit_id,
    kind: row.kind,
    code: row.code,
    schoolCode: row.school_code,
    name: row.name,
    from: row.from_day,
    until: row.until_day,
    path: row.path,
  }))
}

/** Accounts with one of these names or logins, with their posts, as far as the scope sees them. */
export async function listKnownAccounts(
  tx: Tx,
  asked: { readonly persons: readonly string[]; readonly logins: readonly string[] },
): Promise<readonly KnownAccount[]> {
  const rows = await tables(tx)
    .selectFrom('account')
    .innerJoin('staff', 'staff.account_id', 'account.account_id')
    .select(['account.account_id', 'account.login', 'account.state', 'staff.staff_id', 'staff.name'])
    .where(
      sql<boolean>`staff.name = any (${[...asked.persons]}::text[]) or account.login = any (${[...asked.logins]}::text[])`,
    )
    .orderBy('account.account_id')
    .execute()
  const posts = await listPostsOfAccounts(
    tx,
    rows.map((row) => row.account_id),
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    staffId: row.staff_id,
    login: row.login,
    person: row.name,
    isDisabled: row.state === 'disabled',
    posts: posts.get(row.account_id) ?? [],
  }))
}

/** Logins given out anywhere: those asked for, and those made of one of the stems. As the system, because a login out of sight is taken too. */
export async function listTakenLogins(
  tx: Tx,
  asked: { readonly logins: readonly string[]; readonly stems: readonly string[] },
): Promise<ReadonlySet<string>> {
  const rows = await tables(tx)
    .selectFrom('account')
    .select('login')
    .where(
      sql<boolean>`login = any (${[...asked.logins]}::text[]) or rtrim(login, '0123456789') = any (${[...asked.stems]}::text[])`,
    )
    .execute()
  return new Set(rows.map((row) => row.login))
}

/** PostgreSQL takes 65,535 values a statement. */
const ROWS_A_STATEMENT = 2_000

/** Accounts, persons and posts of the decision, in a few statements. Answers the new accounts and all persons with a new post. */
export async function insertPersons(
  tx: Tx,
  persons: readonly PlannedPerson[],
  { passwordHash, at }: { readonly passwordHash: string; readonly at: Date },
): Promise<{ readonly made: readonly AccountId[]; readonly staff: readonly number[] }> {
  const fresh = persons.filter(({ account }) => account === undefined)
  const staffOf = new Map(persons.flatMap(({ account, login }) => (account ? [[login, account.staffId] as const] : [])))
  const made: AccountId[] = []
  for (const chunk of chunksOf(fresh)) {
    const accounts = await tables(tx)
      .insertInto('account')
      .values(
        chunk.map(({ login, posts }) => ({
          login,
          password_hash: passwordHash,
          must_change_password: true,
          created_at: at,
          units: [...posts[0]!.unit.path],
        })),
      )
      .returning(['account_id', 'login'])
      .execute()
    const loginOf = new Map(accounts.map((row) => [row.account_id, row.login]))
    const idOf = new Map(accounts.map((row) => [row.login, row.account_id]))
    const staff = await tables(tx)
      .insertInto('staff')
      .values(
        chunk.map(({ person, login, posts }) => ({
          name: person,
          account_id: idOf.get(login) ?? null,
          units: [...posts[0]!.unit.path],
        })),
      )
      .returning(['staff_id', 'account_id'])
      .execute()
    for (const row of staff) staffOf.set(loginOf.get(row.account_id ?? 0) ?? '', row.staff_id)
    made.push(...accounts.map((row) => accountId(row.account_id)))
  }
  const posts = persons.flatMap(({ login, posts }) =>
    posts.map((post) => ({
      staff_id: staffOf.get(login) ?? 0,
      unit_id: post.unit.unitId,
      role_id: post.role.roleId,
      duty: post.role.duty,
      from_day: post.from,
      until_day: null,
      units: [...post.unit.path],
    })),
  )
  for (const chunk of chunksOf(posts)) await tables(tx).insertInto('post').values(chunk).execute()
  return { made, staff: [...new Set(posts.map((post) => post.staff_id))] }
}

export interface UnusedAccount {
  readonly accountId: AccountId
  readonly login: string
  readonly person: string
  readonly units: readonly number[]
}

/** Among these, accounts in which nobody has signed in yet. */
export async function listUnused(tx: Tx, ids: readonly number[]): Promise<readonly UnusedAccount[]> {
  const rows = await tables(tx)
    .selectFrom('account')
    .innerJoin('staff', 'staff.account_id', 'account.account_id')
    .select(['account.account_id', 'account.login', 'account.units', 'staff.name'])
    .where(sql<boolean>`account.account_id = any (${[...ids]}::bigint[])`)
    .where('account.state', '=', 'active')
    .where('account.last_sign_in_at', 'is', null)
    .orderBy('account.login')
    .execute()
  return rows.map((row) => ({
    accountId: accountId(row.account_id),
    login: row.login,
    person: row.name,
    units: row.units,
  }))
}

export async function countUnused(tx: Tx, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0
  const { count } = await tables(tx)
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(sql<boolean>`account_id = any (${[...ids]}::bigint[])`)
    .where('state', '=', 'active')
    .where('last_sign_in_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** [REG-9] Only where nobody has signed in meanwhile; answers which. */
export async function setFirstPasswords(
  tx: Tx,
  passwords: readonly { readonly accountId: AccountId; readonly hash: string }[],
): Promise<ReadonlySet<number>> {
  const ids = passwords.map((one) => one.accountId)
  const hashes = passwords.map((one) => one.hash)
  const { rows } = await sql<{ account_id: number }>`
    update account set password_hash = fresh.hash, must_change_password = true, failures = 0, locked_until = null
    from unnest(${ids}::bigint[], ${hashes}::text[]) as fresh (account_id, hash)
    where account.account_id = fresh.account_id and account.last_sign_in_at is null
    returning account.account_id`.execute(tx)
  return new Set(rows.map((row) => row.account_id))
}

function chunksOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / ROWS_A_STATEMENT) }, (_, index) =>
    all.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  )
}
