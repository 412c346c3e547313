import { sql } from 'kysely'
import type { RunId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'

export interface ManifestRow {
  readonly manifest: string
  readonly signature: Buffer
  readonly publicKey: Buffer
}

export async function insertManifest(
  tx: Tx,
  run: { readonly runId: RunId; readonly units: readonly number[] },
  { manifest, signature, publicKey }: ManifestRow,
): Promise<void> {
  await sql`insert into run_manifest (run_id, manifest, signature, public_key, units)
    values (${run.runId}, ${manifest}, ${signature}, ${publicKey}, ${[...run.units]}::int[])`.execute(tx)
}

export async function findManifest(tx: Tx, runId: RunId): Promise<ManifestRow | undefined> {
  const { rows } = await sql<ManifestRow>`
    select manifest, signature, public_key as "publicKey" from run_manifest where run_id = ${runId}`.execute(tx)
  return rows[0]
}

/** Which of the batches still hold their rows: while all do, the run can be made again. */
export async function countKeptBatches(tx: Tx, ids: readonly number[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from source_batch where batch_id = any (${[...ids]}::bigint[]) and rows_file_id is not null and undone_at is null`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}
