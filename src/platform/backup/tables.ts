import type pg from 'pg'

export interface TableShape {
  readonly schema: string
  readonly name: string
  /** Without generated ones, which the server computes. */
  readonly columns: readonly string[]
}

export interface Reference {
  readonly table: string
  readonly constraint: string
  readonly definition: string
}

/** Every table but those of the job queue (its pending work is made again from the outbox) and of extensions. */
const OWN_TABLES = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'boss')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** Each table after those it refers to; in a ring of references, by name. */
export async function listTables(client: pg.Client): Promise<readonly TableShape[]> {
  const { rows: tables } = await client.query<{ schema: string; name: string; columns: string[]; parents: string[] }>(`
    select n.nspname as schema, c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      array(select distinct f.confrelid::regclass::text from pg_constraint f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as parents
    ${OWN_TABLES} order by 1, 2`)
  const placed = new Set<string>()
  const order: TableShape[] = []
  for (let rest = tables; rest.length > 0; ) {
    const ready = rest.filter(({ parents }) => parents.every((parent) => placed.has(parent)))
    const next = ready.length > 0 ? ready : rest.slice(0, 1)
    for (const { schema, name, columns } of next) {
      placed.add(schema === 'public' ? name : `${schema}.${name}`)
      order.push({ schema, name, columns })
    }
    rest = rest.filter((table) => !next.includes(table))
  }
  return order
}

export async function listSequences(client: pg.Client): Promise<readonly { schema: string; name: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name ${OWN_TABLES.replace("c.relkind = 'r'", "c.relkind = 'S'")} order by 1, 2`,
  )
  return rows
}

/** What `restore` takes off before the rows come and puts back afterwards, by the database's own definition. */
export async function listReferences(client: pg.Client): Promise<readonly Reference[]> {
  const { rows } = await client.query<Reference>(`
    select f.conrelid::regclass::text as table, quote_ident(f.conname) as constraint, pg_get_constraintdef(f.oid) as definition
    from pg_constraint f where f.contype = 'f' and f.conrelid in (select c.oid ${OWN_TABLES}) order by 1, 2`)
  return rows
}

export async function listTriggers(client: pg.Client): Promise<readonly { table: string; trigger: string }[]> {
  const { rows } = await client.query<{ table: string; trigger: string }>(`
    select t.tgrelid::regclass::text as table, quote_ident(t.tgname) as trigger
    from pg_trigger t where not t.tgisinternal and t.tgenabled = 'O' and t.tgrelid in (select c.oid ${OWN_TABLES}) order by 1, 2`)
  return rows
}

export async function listForced(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string }>(
    `select c.oid::regclass::text as table ${OWN_TABLES} and c.relforcerowsecurity order by 1`,
  )
  return rows.map(({ table }) => table)
}

export function nameOf(
  client: pg.Client,
  { schema, name }: { readonly schema: string; readonly name: string },
): string {
  return `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`
}

export function columnsOf(client: pg.Client, columns: readonly string[]): string {
  return columns.map((column) => client.escapeIdentifier(column)).join(', ')
}
