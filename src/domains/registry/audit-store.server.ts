import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { AuditKind, AuditTables } from '../../platform/audit.ts'
import type { Tx } from '../../platform/db/index.ts'
import { likeText, type RegistryTables } from './store.ts'

interface AuditSearch {
  /** Days in China, both included. */
  readonly from?: PlainDate | undefined
  readonly until?: PlainDate | undefined
  readonly kind?: AuditKind | undefined
  /** Part of the person's name, or the beginning of an action or target. */
  readonly q?: string | undefined
  readonly page: number
  readonly size: number
}

/** Newest first. The connection's time zone is Asia/Shanghai, so a day is a day there. */
export async function searchAudit(tx: Tx, search: AuditSearch) {
  const found = tx
    .withTables<AuditTables & RegistryTables>()
    .selectFrom('audit_event as event')
    .leftJoin('staff', 'staff.account_id', 'event.account_id')
    .leftJoin('unit', 'unit.unit_id', 'event.unit_id')
    .$if(search.from !== undefined, (query) => query.where(sql<boolean>`event.at >= ${search.from}::date`))
    .$if(search.until !== undefined, (query) => query.where(sql<boolean>`event.at < ${search.until}::date + 1`))
    .$if(search.kind !== undefined, (query) => query.where('event.kind', '=', search.kind ?? 'read'))
    .$if(search.q !== undefined && search.q !== '', (query) =>
      query.where(({ or, eb }) =>
        or([
          eb('staff.name', 'like', `%${likeText(search.q ?? '')}%`),
          eb('event.action', 'like', `${likeText(search.q ?? '')}%`),
          eb('event.target', 'like', `${likeText(search.q ?? '')}%`),
        ]),
      ),
    )
  const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .select([
      'event.audit_id',
      'event.at',
      'event.kind',
      'event.action',
      'event.target',
      'event.reason',
      'event.outcome',
      'event.address',
      'staff.name as person',
      'unit.name as unit',
    ])
    .orderBy('event.at', 'desc')
    .orderBy('event.audit_id', 'desc')
    .limit(search.size)
    .offset((search.page - 1) * search.size)
    .execute()
  return { total, rows }
}
