import type pg from 'pg'
import { Problem } from '../../kernel/problem.ts'
import { type DatabaseLogin, scramVerifier } from './login.ts'
import { databaseWords as words } from './words.ts'

/**
 * `baoxue_owner` owns every object; `baoxue_unit`, `baoxue_city` and `baoxue_system` are what a transaction works as;
 * `baoxue_boss` owns the job queue. None logs in, none inherits, none bypasses row security.
 */
export const GROUP_ROLES = ['baoxue_owner', 'baoxue_unit', 'baoxue_city', 'baoxue_system', 'baoxue_boss'] as const
/** [ROW-12] What the application's login may become by `set role`, and all that a forged statement could reach. Not the owner. */
const ROLES_OF_LOGIN = ['baoxue_unit', 'baoxue_city', 'baoxue_system', 'baoxue_boss'] as const
const SCOPE_ROLES = 'baoxue_unit, baoxue_city, baoxue_system'
const LEAST_VERSION = 150_000

/** [DB-7] Makes what a server lacks and leaves alone what it has: cluster roles, the login, the rights on this database. */
export async function prepareServer(admin: pg.Client, login: DatabaseLogin): Promise<void> {
  await refuseUnfitServer(admin)
  for (const role of GROUP_ROLES) await makeRole(admin, role, 'nologin noinherit')
  await makeRole(admin, login.name, `login noinherit password ${admin.escapeLiteral(scramVerifier(login.password))}`)
  for (const role of GROUP_ROLES) await grantRole(admin, role, 'current_user')
  for (const role of ROLES_OF_LOGIN) await grantRole(admin, role, login.name)
  // Functions that must see every row belong to baoxue_system; only a member can hand them over.
  await grantRole(admin, 'baoxue_system', 'baoxue_owner')
  await grantDatabase(admin, login)
}

async function refuseUnfitServer(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{
    version: number
    shown: string
    encoding: string
    owner: boolean
    maker: boolean
  }>(`
    select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
      pg_encoding_to_char(d.encoding) as encoding, pg_has_role(current_user, d.datdba, 'member') as owner,
      r.rolsuper or r.rolcreaterole as maker
    from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user`)
  const server = rows[0]
  if (server === undefined) throw new Error('the server does not know its own database')
  if (server.version < LEAST_VERSION) throw unfit(words.tooOld(server.shown))
  if (server.encoding !== 'UTF8') throw unfit(words.notUtf8(server.encoding))
  if (!server.owner) throw unfit(words.notOwner)
  if (!server.maker) throw unfit(words.noCreateRole)
}

function unfit(advice: string): Problem {
  return new Problem('SYSTEM.CONFIG', { setting: 'DATABASE_URL', advice })
}

/** Two programs may prepare two databases of one cluster at the same moment: the later one finds the role there. */
async function makeRole(admin: pg.Client, role: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role])
  if (rowCount === 1) return
  try {
    await admin.query(`create role ${admin.escapeIdentifier(role)} ${attributes}`)
  } catch (error) {
    if (!isCode(error, '42710') && !isCode(error, '23505')) throw error
  }
}

/** From version 16 on, membership alone does not allow `set role`; who creates a role is a member without that option. */
async function grantRole(admin: pg.Client, role: string, to: string): Promise<void> {
  const { rows } = await admin.query<{ held: boolean }>(
    `select pg_has_role(${to === 'current_user' ? 'current_user' : '$2'}, $1,
       case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as held`,
    to === 'current_user' ? [role] : [role, to],
  )
  if (rows[0]?.held === true) return
  try {
    await admin.query(`grant ${role} to ${to === 'current_user' ? to : admin.escapeIdentifier(to)}`)
  } catch (error) {
    if (isCode(error, '42501')) throw unfit(words.rolesOfAnother)
    // "tuple concurrently updated": another database of this cluster was given the same grant at the same moment.
    if (!isCode(error, 'XX000')) throw error
  }
}

/** Nothing on this database or its schema `public` is left to PUBLIC. */
export async function grantDatabase(admin: pg.Client, login: DatabaseLogin): Promise<void> {
  const name = admin.escapeIdentifier(
    (await admin.query<{ name: string }>('select current_database() as name')).rows[0]!.name,
  )
  const loginName = admin.escapeIdentifier(login.name)
  await admin.query(`
    revoke all on database ${name} from public;
    grant connect on database ${name} to ${loginName};
    grant create, temporary on database ${name} to baoxue_owner;
    grant temporary on database ${name} to ${SCOPE_ROLES};
    alter schema public owner to baoxue_owner;
    revoke all on schema public from public;
    grant usage on schema public to ${SCOPE_ROLES};
    create schema if not exists boss authorization baoxue_boss`)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
