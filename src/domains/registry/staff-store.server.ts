import { type Generated, sql } from 'kysely'
import { type AccountId, accountId, type PostId, postId, type UnitId, unitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { PostFacts } from './rules.ts'
import { likeText, type RegistryTables } from './store.ts'

/** What the registry reads and writes of the table that src/platform/session keeps. */
type AccountRow = {
  account_id: Generated<number>
  login: string
  password_hash: string
  must_change_password: boolean
  state: Generated<'active' | 'disabled'>
  failures: Generated<number>
  locked_until: Generated<Date | null>
  last_sign_in_at: Generated<Date | null>
  created_at: Date
  units: number[]
}

type StaffTables = RegistryTables & { account: AccountRow }

function tables(tx: Tx) {
  return tx.withTables<StaffTables>()
}

export interface HeldPost extends PostFacts {
  readonly postId: PostId
  readonly staffId: number
  readonly role: string
  readonly unitId: UnitId
  readonly unit: string
  readonly person: string
}

function posts(tx: Tx) {
  return tables(tx)
    .selectFrom('post')
    .innerJoin('role', 'role.role_id', 'post.role_id')
    .innerJoin('unit', 'unit.unit_id', 'post.unit_id')
    .innerJoin('staff', 'staff.staff_id', 'post.staff_id')
    .select([
      'post.post_id',
      'post.staff_id',
      'post.role_id',
      'post.duty',
      'post.unit_id',
      'post.from_day',
      'post.until_day',
      'post.units',
      'role.label as role',
      'unit.name as unit',
      'staff.name as person',
      'staff.account_id',
    ])
}

type PostFound = Awaited<ReturnType<ReturnType<typeof posts>['executeTakeFirstOrThrow']>>

function postOf(row: PostFound): HeldPost {
  return {
    postId: postId(row.post_id),
    staffId: row.staff_id,
    roleId: row.role_id,
    role: row.role,
    duty: row.duty,
    unitId: unitId(row.unit_id),
    unit: row.unit,
    unitPath: row.units,
    from: row.from_day,
    until: row.until_day,
    person: row.person,
  }
}

/** Newest first; as far as the scope sees them. */
export async function listPostsOfAccount(tx: Tx, account: number): Promise<readonly HeldPost[]> {
  const rows = await posts(tx)
    .where('staff.account_id', '=', account)
    .orderBy('post.from_day', 'desc')
    .orderBy('post.post_id', 'desc')
    .execute()
  return rows.map(postOf)
}

/** A post that is held on `on`, with the account that works in it. */
export async function findLivePost(
  tx: Tx,
  id: number,
  on: PlainDate,
): Promise<(HeldPost & { readonly accountId: AccountId | null }) | undefined> {
  const row = await posts(tx).where('post.post_id', '=', id).where(heldOn(on)).executeTakeFirst()
  return row && { ...postOf(row), accountId: row.account_id === null ? null : accountId(row.account_id) }
}

export async function findPost(
  tx: Tx,
  id: number,
): Promise<(HeldPost & { readonly accountId: AccountId | null }) | undefined> {
  const row = await posts(tx).where('post.post_id', '=', id).executeTakeFirst()
  return row && { ...postOf(row), accountId: row.account_id === null ? null : accountId(row.account_id) }
}

/** Known posts among `ids`, as far as the scope sees them. */
export async function listPostsById(tx: Tx, ids: readonly number[]): Promise<readonly HeldPost[]> {
  if (ids.length === 0) return []
  const rows = await posts(tx)
    .where('post.post_id', 'in', [...ids])
    .execute()
  return rows.map(postOf)
}

/** The people at work in a unit on `on`. */
export async function listPostsAtUnit(tx: Tx, unit: number, on: PlainDate): Promise<readonly HeldPost[]> {
  const rows = await posts(tx)
    .where('post.unit_id', '=', unit)
    .where(heldOn(on))
    .orderBy('role.position')
    .orderBy('post.post_id')
    .execute()
  return rows.map(postOf)
}

function heldOn(on: PlainDate) {
  return sql<boolean>`post.from_day <= ${on} and (post.until_day is null or post.until_day > ${on})`
}

export async function insertStaff(
  tx: Tx,
  staff: { readonly name: string; readonly accountId: AccountId; readonly units: readonly number[] },
): Promise<number> {
  const row = await tables(tx)
    .insertInto('staff')
    .values({ name: staff.name, account_id: staff.accountId, units: [...staff.units] })
    .returning('staff_id')
    .executeTakeFirstOrThrow()
  return row.staff_id
}

export async function insertPost(
  tx: Tx,
  post: {
    readonly staffId: number
    readonly unitId: UnitId
    readonly roleId: string
    readonly duty: RegistryTables['post']['duty']
    readonly from: PlainDate
    readonly until: PlainDate | null
    readonly units: readonly number[]
  },
): Promise<void> {
  await tables(tx)
    .insertInto('post')
    .values({
      staff_id: post.staffId,
      unit_id: post.unitId,
      role_id: post.roleId,
      duty: post.duty,
      from_day: post.from,
      until_day: post.until,
      units: [...post.units],
    })
    .execute()
}

export async function endPost(tx: Tx, id: number, until: PlainDate): Promise<void> {
  await tables(tx).updateTable('post').set({ until_day: until }).where('post_id', '=', id).execute()
}

/** Ends every post at these units that runs beyond `until`, and answers whose they were. */
export async function endPostsAt(tx: Tx, units: readonly number[], until: PlainDate): Promise<readonly number[]> {
  const rows = await tables(tx)
    .updateTable('post')
    .set((eb) => ({ until_day: eb.fn<PlainDate>('greatest', ['from_day', sql<PlainDate>`${until}::date`]) }))
    .where('unit_id', 'in', [...units])
    .where(({ or, eb }) => or([eb('until_day', 'is', null), eb('until_day', '>', until)]))
    .returning('staff_id')
    .execute()
  return [...new Set(rows.map((row) => row.staff_id))]
}

/** [REG-16] Rebuilds who may see these persons and their accounts from their posts; see the migration. */
export async function retieStaff(tx: Tx, staff: readonly number[], on: PlainDate): Promise<void> {
  if (staff.length > 0) await sql`select retie_staff(${[...staff]}::bigint[], ${on}::date)`.execute(tx)
}

/** Holders of an ended post beside another: whose sight may have changed by the calendar alone. */
export async function listStaffWithEnded(tx: Tx, day: PlainDate): Promise<readonly number[]> {
  const rows = await tables(tx)
    .selectFrom('post')
    .select('staff_id')
    .groupBy('staff_id')
    .having(({ fn }) => fn.countAll<number>(), '>', 1)
    .having(sql<boolean>`bool_or(until_day <= ${day})`)
    .execute()
  return rows.map((row) => row.staff_id)
}

export interface AccountSeen {
  readonly accountId: AccountId
  readonly staffId: number
  readonly login: string
  readonly person: string
  readonly state: 'active' | 'disabled'
  readonly lockedUntil: Date | null
  readonly lastSignInAt: Date | null
  readonly units: readonly number[]
  readonly mustChangePassword: boolean
}

function accounts(tx: Tx) {
  return tables(tx).selectFrom('account').innerJoin('staff', 'staff.account_id', 'account.account_id')
}

function selectAccounts(tx: Tx) {
  return accounts(tx).select(ACCOUNT_COLUMNS)
}

const ACCOUNT_COLUMNS = [
  'account.account_id',
  'account.login',
  'account.state',
  'account.locked_until',
  'account.last_sign_in_at',
  'account.units',
  'account.must_change_password',
  'staff.staff_id',
  'staff.name',
] as const

type AccountFound = Awaited<ReturnType<ReturnType<typeof selectAccounts>['executeTakeFirstOrThrow']>>

function accountOf(row: AccountFound): AccountSeen {
  return {
    accountId: accountId(row.account_id),
    staffId: row.staff_id,
    login: row.login,
    person: row.name,
    state: row.state,
    lockedUntil: row.locked_until,
    lastSignInAt: row.last_sign_in_at,
    units: row.units,
    mustChangePassword: row.must_change_password,
  }
}

export async function findAccount(tx: Tx, id: number): Promise<AccountSeen | undefined> {
  const row = await selectAccounts(tx).where('account.account_id', '=', id).executeTakeFirst()
  return row && accountOf(row)
}

export async function listAccounts(
  tx: Tx,
  search: { readonly within: number; readonly q?: string | undefined; readonly page: number; readonly size: number },
): Promise<{ readonly total: number; readonly rows: readonly AccountSeen[] }> {
  const found = accounts(tx)
    .where(sql<boolean>`account.units @> array[${search.within}::int]`)
    .$if(search.q !== undefined && search.q !== '', (query) =>
      query.where(({ or, eb }) =>
        or([
          eb('account.login', 'like', `${likeText(search.q ?? '')}%`),
          eb('staff.name', 'like', `%${likeText(search.q ?? '')}%`),
        ]),
      ),
    )
  const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .select(ACCOUNT_COLUMNS)
    .orderBy('account.login')
    .limit(search.size)
    .offset((search.page - 1) * search.size)
    .execute()
  return { total, rows: rows.map(accountOf) }
}

/** Login → account id. */
export async function findAccountIds(
  tx: Tx,
  logins: readonly string[],
): Promise<readonly (readonly [string, AccountId])[]> {
  if (logins.length === 0) return []
  const rows = await tables(tx)
    .selectFrom('account')
    .select(['account_id', 'login'])
    .where('login', 'in', [...logins])
    .execute()
  return rows.map((row) => [row.login, accountId(row.account_id)])
}

export async function insertAccount(
  tx: Tx,
  account: {
    readonly login: string
    readonly passwordHash: string
    readonly mustChange: boolean
    readonly at: Date
    readonly units: readonly number[]
  },
): Promise<AccountId> {
  const row = await tables(tx)
    .insertInto('account')
    .values({
      login: account.login,
      password_hash: account.passwordHash,
      must_change_password: account.mustChange,
      created_at: account.at,
      units: [...account.units],
    })
    .returning('account_id')
    .executeTakeFirstOrThrow()
  return accountId(row.account_id)
}

/** Wrong passwords so far are forgotten with every act of an administrator. */
export async function updateAccount(
  tx: Tx,
  id: AccountId,
  change: { readonly state?: 'active' | 'disabled'; readonly passwordHash?: string },
): Promise<void> {
  await tables(tx)
    .updateTable('account')
    .set({
      failures: 0,
      locked_until: null,
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash, must_change_password: true }),
    })
    .where('account_id', '=', id)
    .execute()
}

/** Posts of several accounts at once, newest first. */
export async function listPostsOfAccounts(
  tx: Tx,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly HeldPost[]>> {
  if (ids.length === 0) return new Map()
  const rows = await posts(tx)
    .where('staff.account_id', 'in', [...ids])
    .orderBy('post.from_day', 'desc')
    .orderBy('post.post_id', 'desc')
    .execute()
  const held = new Map<number, HeldPost[]>()
  for (const row of rows) {
    if (row.account_id === null) continue
    held.set(row.account_id, [...(held.get(row.account_id) ?? []), postOf(row)])
  }
  return held
}

/** Names of persons by account, as far as the scope sees them. */
export async function findPersons(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('staff')
    .select(['account_id', 'name'])
    .where('account_id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.account_id ?? 0, row.name]))
}
