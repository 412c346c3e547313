import { sql } from 'kysely'
import { type EvidenceId, evidenceId, type PostingId, type UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { EvidenceKind } from './contract.ts'
import type { PostingGround } from './posting-store.server.ts'

/** The stream of a unit's extracts or rolls, confirmed anew by each batch. Makes it the first time. */
export async function findEvidence(tx: Tx, kind: EvidenceKind, unit: UnitId): Promise<EvidenceId> {
  await sql`insert into evidence (kind, unit_id) values (${kind}, ${unit})
    on conflict (kind, unit_id) where unit_id is not null do nothing`.execute(tx)
  const { rows } = await sql<{ evidence_id: number }>`
    select evidence_id from evidence where kind = ${kind} and unit_id = ${unit}`.execute(tx)
  return evidenceId(rows[0]?.evidence_id ?? 0)
}

/** A paper of one child, or `none`. */
export async function makeEvidence(tx: Tx, kind: EvidenceKind): Promise<EvidenceId> {
  const { rows } = await sql<{ evidence_id: number }>`
    insert into evidence (kind) values (${kind}) returning evidence_id`.execute(tx)
  return evidenceId(rows[0]?.evidence_id ?? 0)
}

export interface Confirmation {
  readonly confirmedDay: PlainDate
  /** First day on which it proves nothing any more: `evidenceExpiryOn`. */
  readonly expiresDay: PlainDate
  /** Of this transaction. */
  readonly postingId: PostingId
}

/** Whether anything that a run confirmed or bridged still holds. */
export async function holdsOfRun(tx: Tx, runKey: string): Promise<boolean> {
  const { rows } = await sql<{ holds: boolean }>`select
      exists (select from evidence_confirmation c join posting p using (posting_id)
        where p.source = 'run' and p.source_key = ${runKey} and c.withdrawn_by is null)
      or exists (select from book_bridge where source_key = ${runKey} and withdrawn_by is null) as holds`.execute(tx)
  return rows[0]?.holds ?? false
}

/** [BOOK-23] What a run confirmed and bridged holds no more once the run is reversed; known from the reversal's posting on. */
export async function withdrawRun(tx: Tx, runKey: string, posting: PostingId): Promise<void> {
  await withdrawConfirmed(tx, { source: 'run', sourceKey: runKey }, posting)
  await sql`update book_bridge set withdrawn_by = ${posting}
    where source_key = ${runKey} and withdrawn_by is null`.execute(tx)
}

/** [BOOK-23] What the postings of a source confirmed. */
export async function withdrawConfirmed(
  tx: Tx,
  { source, sourceKey }: Pick<PostingGround, 'source' | 'sourceKey'>,
  posting: PostingId,
): Promise<void> {
  await sql`update evidence_confirmation c set withdrawn_by = ${posting} from posting p
    where p.posting_id = c.posting_id and p.source = ${source} and p.source_key = ${sourceKey} and c.withdrawn_by is null`.execute(
    tx,
  )
}

/** [BOOK-11] Known from the posting on. The first confirmation under a posting stands. */
export async function confirmEvidence(
  tx: Tx,
  confirmation: Confirmation &
    ({ readonly evidenceId: EvidenceId } | { readonly kind: EvidenceKind; readonly unitId: UnitId }),
): Promise<EvidenceId> {
  const id =
    'evidenceId' in confirmation
      ? confirmation.evidenceId
      : await findEvidence(tx, confirmation.kind, confirmation.unitId)
  await sql`insert into evidence_confirmation (evidence_id, posting_id, confirmed_day, expires_day)
    values (${id}, ${confirmation.postingId}, ${confirmation.confirmedDay}, ${confirmation.expiresDay})
    on conflict (evidence_id, posting_id) do nothing`.execute(tx)
  return id
}
