import { sql } from 'kysely'
import type { ModelJson } from '../../engines/linkage/model-json.ts'
import type { Label } from '../../engines/linkage/reestimate.ts'
import type { AccountId, RunId, UnitId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'

export interface ModelRow {
  readonly version: number
  readonly definition: string
  readonly model: ModelJson
  readonly sha256: string
  readonly labels: number
  readonly heldPairs: number
  readonly rightBefore: number
  readonly rightAfter: number
  readonly madeBy: number
  readonly madeAt: Date
  readonly onAt: Date | null
  readonly offAt: Date | null
}

const COLUMNS =
  sql.raw(`version, definition, model, sha256, labels, held_pairs as "heldPairs", right_before as "rightBefore", right_after as "rightAfter",
  made_by as "madeBy", made_at as "madeAt", on_at as "onAt", off_at as "offAt"`)

export async function listModels(tx: Tx, unit: UnitId): Promise<readonly ModelRow[]> {
  const { rows } = await sql<ModelRow>`
    select ${COLUMNS} from linkage_model where unit_id = ${unit} order by version desc`.execute(tx)
  return rows
}

/** The one that runs of the unit are made with; undefined: each learns its own. */
export async function findModelOn(tx: Tx, unit: UnitId): Promise<ModelRow | undefined> {
  const { rows } = await sql<ModelRow>`
    select ${COLUMNS} from linkage_model where unit_id = ${unit} and on_at is not null and off_at is null`.execute(tx)
  return rows[0]
}

/**
 * [ESTIMATE-2] Decisions in force, as the linkage saw their pairs: of runs with this definition only, because a pattern of
 * another means something else. Of several runs that gave one pair, the newest.
 */
export async function labelsOf(tx: Tx, unit: UnitId, definition: string): Promise<readonly Label[]> {
  const { rows } = await sql<{ id: number; pattern: number; isSame: boolean }>`
    select distinct on (p.left_record, p.right_record) (hashtextextended(concat_ws('-', p.left_record, p.right_record), 0) & 1048575)::int as id,
      p.pattern, d.verdict = 'same' as "isSame"
    from review_pair p join pair_decision d on d.withdrawn_at is null
        and (d.one_record, d.other_record) in ((p.left_record, p.right_record), (p.right_record, p.left_record))
      join reconcile_run r on r.run_id = p.run_id
    where p.pattern >= 0 and r.unit_id = ${unit} and split_part(split_part(r.summary -> 'engine' ->> 'model', ' ', 1), '#', 1) = ${definition}
    order by p.left_record, p.right_record, r.number desc`.execute(tx)
  return rows
}

/** The model of the unit's newest signed run with this definition: what a new one begins with. */
export async function findNewestRates(
  tx: Tx,
  unit: UnitId,
  definition: string,
): Promise<{ readonly runId: RunId; readonly rates: ModelJson } | undefined> {
  const { rows } = await sql<{ runId: RunId; manifest: string }>`
    select m.run_id as "runId", m.manifest from run_manifest m join reconcile_run r on r.run_id = m.run_id
    where r.unit_id = ${unit} and r.purpose = 'books' and split_part(split_part(r.summary -> 'engine' ->> 'model', ' ', 1), '#', 1) = ${definition}
    order by r.number desc limit 1`.execute(tx)
  const row = rows[0]
  return row === undefined ? undefined : { runId: row.runId, rates: JSON.parse(row.manifest).engine.modelRates }
}

export interface NewModel extends Omit<ModelRow, 'version' | 'madeBy' | 'onAt' | 'offAt'> {
  readonly unitId: UnitId
  readonly units: readonly number[]
  readonly fromRun: RunId
  readonly madeBy: AccountId
}

/** Answers its version: two officers who estimate at once get two. */
export async function insertModel(tx: Tx, model: NewModel): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('linkage_model', ${model.unitId}))`.execute(tx)
  const { rows } = await sql<{ version: number }>`
    insert into linkage_model (unit_id, version, definition, model, sha256, from_run, labels, held_pairs, right_before, right_after, units, made_by, made_at)
    values (${model.unitId}, (select coalesce(max(version), 0) + 1 from linkage_model where unit_id = ${model.unitId}), ${model.definition},
      ${JSON.stringify(model.model)}::jsonb, ${model.sha256}, ${model.fromRun}, ${model.labels}, ${model.heldPairs}, ${model.rightBefore},
      ${model.rightAfter}, ${[...model.units]}::int[], ${model.madeBy}, ${model.madeAt}) returning version`.execute(tx)
  return rows[0]!.version
}

/** One at a time; null switches off. False: there is no such version. */
export async function switchModel(
  tx: Tx,
  unit: UnitId,
  version: number | null,
  by: { readonly accountId: AccountId; readonly now: Date },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended('linkage_model', ${unit}))`.execute(tx)
  await sql`update linkage_model set off_at = ${by.now}, off_by = ${by.accountId}
    where unit_id = ${unit} and on_at is not null and off_at is null and version is distinct from ${version}`.execute(
    tx,
  )
  if (version === null) return true
  const { numAffectedRows } = await sql`
    update linkage_model set on_at = coalesce(case when off_at is null then on_at end, ${by.now}),
      on_by = coalesce(case when off_at is null then on_by end, ${by.accountId}), off_at = null, off_by = null
    where unit_id = ${unit} and version = ${version}`.execute(tx)
  return (numAffectedRows ?? 0n) > 0n
}
