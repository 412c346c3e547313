import type pg from 'pg'

/**
 * What no migration may leave behind, asked of the database itself, each answer one line "object: fault".
 * [ROW-3] A view runs with the rights of who asks; a view of the owner showed all 3,000,000 rows.
 * [ROW-4] A table with `units`, and any other with row security, forces it on its owner too.
 * [ROW-5] A function that runs as another is owned by baoxue_system, fixes its search path and is not open to PUBLIC.
 * [ROW-6] No role of the product is superuser, bypasses row security or inherits; only baoxue_app_* logs in, owns nothing and is no owner.
 * [ROW-13] baoxue_system reads every row of every table: the backup is made as it, and what it does not see is lost.
 */
const CHECKS: readonly string[] = [
  // [ROW-3]
  `select format('%s.%s: view without security_invoker', o.nspname, o.relname) from own o
   where o.relkind = 'v' and not coalesce(o.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']`,
  `select format('%s.%s: a materialized view has no row security', o.nspname, o.relname) from own o where o.relkind = 'm'`,
  // [ROW-4]
  `select format('%s.%s: row security is not forced', o.nspname, o.relname) from own o
   where o.relkind in ('r', 'p') and not (o.relrowsecurity and o.relforcerowsecurity)
     and (o.relrowsecurity or exists (select from pg_attribute a where a.attrelid = o.oid and a.attname = 'units' and not a.attisdropped))`,
  `select format('%s.%s: no policy for baoxue_unit or baoxue_city, who may read it', o.nspname, o.relname) from own o, unnest(array['baoxue_unit', 'baoxue_city']) as role
   where o.relrowsecurity and has_table_privilege(role, o.oid, 'select')
     and not exists (select from pg_policy p where p.polrelid = o.oid and role::regrole = any (p.polroles))`,
  `select format('%s.%s: policy %s is open to PUBLIC', o.nspname, o.relname, p.polname) from own o join pg_policy p on p.polrelid = o.oid
   where 0 = any (p.polroles)`,
  `select format('%s.%s: PUBLIC has rights', o.nspname, o.relname) from own o, aclexplode(o.relacl) a where a.grantee = 0`,
  `select format('%s.%s: not owned by baoxue_owner', o.nspname, o.relname) from own o
   where o.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and o.relowner <> 'baoxue_owner'::regrole`,
  // [ROW-5]
  `select format('%s: runs as %s instead of baoxue_system', p.oid::regprocedure, p.proowner::regrole) from own_function p
   where p.prosecdef and p.proowner <> 'baoxue_system'::regrole`,
  `select format('%s: runs as another without a fixed search_path', p.oid::regprocedure) from own_function p
   where p.prosecdef and not exists (select from unnest(p.proconfig) as c where c like 'search_path=%')`,
  `select format('%s: runs as another and is open to PUBLIC', p.oid::regprocedure) from own_function p
   where p.prosecdef and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
  // [ROW-6]
  `select format('%s: too powerful a role', rolname) from pg_roles
   where starts_with(rolname, 'baoxue_') and (rolsuper or rolbypassrls or rolinherit or rolcreaterole or rolcreatedb or rolreplication)`,
  `select format('%s: only the application logs in', rolname) from pg_roles
   where starts_with(rolname, 'baoxue_') and rolcanlogin <> starts_with(rolname, 'baoxue_app_')`,
  `select format('%s: the application may become the owner', rolname) from pg_roles
   where starts_with(rolname, 'baoxue_app_') and pg_has_role(oid, 'baoxue_owner', 'member')`,
  `select format('%s: the application owns %s', r.rolname, c.relname) from pg_class c join pg_roles r on r.oid = c.relowner
   where starts_with(r.rolname, 'baoxue_app_')`,
  // [ROW-13]
  `select format('%s.%s: baoxue_system does not read every row', o.nspname, o.relname) from own o
   where o.relkind in ('r', 'p') and (not has_table_privilege('baoxue_system', o.oid, 'select')
     or o.relrowsecurity and not exists (select from pg_policy p where p.polrelid = o.oid and p.polpermissive
       and p.polcmd in ('r', '*') and 'baoxue_system'::regrole = any (p.polroles) and pg_get_expr(p.polqual, p.polrelid) = 'true'))`,
]

/** All but the queue's schema, which pg-boss makes for itself, and what belongs to extensions. */
const OWN = `with own as (
    select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'boss')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  ), own_function as (
    select p.* from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'boss')
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  )`

/** The faults of the database's catalogue; none in a product that may start. */
export async function listCatalogueFaults(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ fault: string }>(
    `${OWN} select fault from (${CHECKS.map((check) => `(${check})`).join('\nunion all\n')}) as found (fault) order by fault`,
  )
  return rows.map(({ fault }) => fault)
}
