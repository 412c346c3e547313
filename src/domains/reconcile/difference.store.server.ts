import { sql } from 'kysely'
import type { BatchId, ChildId, PostingId, RunId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AccountCode, accountCodeOf } from '../whereabouts/index.ts'
import { causeOf, type DifferenceCause, type DifferenceKind, kindOf } from './difference-rules.ts'

/** The last books run before this one that spoke of the unit: its own, or one of a unit above; whatever its year. As the system. */
export async function findRunBefore(
  tx: Tx,
  run: { readonly run_id: RunId; readonly units: readonly number[] },
): Promise<
  | {
      readonly runId: RunId
      readonly unitId: number
      readonly number: number
      readonly asOf: PlainDate
      readonly startedAt: Date
      readonly batchIds: readonly BatchId[]
      readonly engine: { readonly version: string; readonly model: string } | null
      readonly posting: PostingId
    }
  | undefined
> {
  const { rows } = await sql<{
    runId: RunId
    unitId: number
    number: number
    asOf: PlainDate
    startedAt: Date
    batchIds: BatchId[]
    engine: { version: string; model: string } | null
    posting: PostingId
  }>`select r.run_id as "runId", r.unit_id as "unitId", r.number, r.as_of_day as "asOf", coalesce(r.started_at, r.created_at) as "startedAt",
      (select array_agg((i ->> 'batchId')::bigint) from jsonb_array_elements(r.inputs) i) as "batchIds", r.summary -> 'engine' as engine,
      p.posting
    from reconcile_run r
      cross join lateral (select max(g.posting_id) as posting from posting g where g.source = 'run' and g.source_key = r.run_id::text) p
    where r.unit_id = any (${[...run.units]}::int[]) and r.purpose = 'books' and r.state = 'done' and r.run_id <> ${run.run_id}
      and p.posting < (select max(g.posting_id) from posting g where g.source = 'run' and g.source_key = ${run.run_id}::text)
    order by p.posting desc limit 1`.execute(tx)
  return rows[0]
}

export interface DifferenceOf {
  readonly runId: RunId
  readonly unitId: UnitId
  readonly units: readonly number[]
  readonly batchIds: readonly BatchId[]
  readonly before: { readonly startedAt: Date; readonly batchIds: readonly BatchId[]; readonly posting: PostingId }
  readonly hasBegun: boolean
  readonly isOtherModel: boolean
}

/** Facts of `causeOf` that hang on the child, as bits of one number. */
const BITS = ['decided', 'rows'] as const
const WRITERS = ['run', 'close', 'case', 'undo', 'merge', 'correction'] as const

/**
 * [DIFF-1] [DIFF-2] What stood when the run before had posted against what stands now, child by child, for the unit and all
 * below it. Both states are asked of the books themselves, so what officers did in between is in the list. Made anew by a
 * run that begins again. As the system.
 */
export async function insertDifferences(tx: Tx, of: DifferenceOf): Promise<void> {
  const { before } = of
  const [now] = (
    await sql<{ posting: PostingId }>`select max(posting_id) as posting from posting
    where source = 'run' and source_key = ${of.runId}`.execute(tx)
  ).rows
  if (now?.posting == null) return
  await sql`delete from run_difference where run_id = ${of.runId}`.execute(tx)
  await sql`create temp table cause_word (writer text, bits int, why text) on commit drop`.execute(tx)
  for (const writer of [...WRITERS, null]) {
    for (let bits = 0; bits < 2 ** BITS.length; bits += 1) {
      const has = (bit: (typeof BITS)[number]) => (bits >> BITS.indexOf(bit)) % 2 === 1
      const why = causeOf({
        isDecided: has('decided'),
        writer,
        hasBegun: of.hasBegun,
        hasOtherRows: has('rows'),
        isOtherModel: of.isOtherModel,
      })
      await sql`insert into cause_word values (${writer}, ${bits}, ${why})`.execute(tx)
    }
  }
  await sql`create temp table kind_word (before boolean, after boolean, kind text) on commit drop`.execute(tx)
  for (const was of [null, true, false]) {
    for (const is of [null, true, false]) {
      if (was === null && is === null) continue
      const state = (unexplained: boolean | null) => (unexplained === null ? null : { unexplained })
      const kind = kindOf({ before: state(was), after: state(is) })
      await sql`insert into kind_word values (${was}, ${is}, ${kind})`.execute(tx)
    }
  }
  const known = (at: PostingId) =>
    sql`s.posted_by <= ${at} and (s.superseded_by is null or s.superseded_by > ${at}) and upper_inf(s.valid)`
  await sql`
    with moved as materialized (
      select child_id from whereabouts_span where posted_by > ${before.posting} and posted_by <= ${now.posting}
      union select child_id from whereabouts_span where superseded_by > ${before.posting} and superseded_by <= ${now.posting}
    ), state as materialized (
      select m.child_id, b.account_id as was, b.unexplained as was_unexplained, a.account_id as is_now, a.unexplained as is_unexplained, a.posted_by,
        array_remove(array[b.r_unit_id, b.p_unit_id, b.s_school_id, a.r_unit_id, a.p_unit_id, a.s_school_id], null) as places
      from moved m
        left join lateral (select s.* from whereabouts_span s where s.child_id = m.child_id and ${known(before.posting)} limit 1) b on true
        left join lateral (select s.* from whereabouts_span s where s.child_id = m.child_id and ${known(now.posting)} limit 1) a on true
      where a.account_id is distinct from b.account_id
    ), own as materialized (
      select s.* from state s where exists (select from unit u where u.unit_id = any (s.places) and u.path @> array[${of.unitId}::int])
    ), decided as materialized (
      select one_child as child_id from pair_decision where decided_at > ${before.startedAt} or withdrawn_at > ${before.startedAt}
      union select other_child from pair_decision where decided_at > ${before.startedAt} or withdrawn_at > ${before.startedAt}
      union select r.child_id from pair_decision d join source_record r on r.record_id in (d.one_record, d.other_record)
        where d.decided_at > ${before.startedAt} or d.withdrawn_at > ${before.startedAt}
    ), said as (
      select o.child_id,
        (select array_agg(distinct coalesce(r.same_as, r.record_id)) from source_record r where r.child_id = o.child_id and r.batch_id = any (${[...of.batchIds]}::bigint[])) as told,
        (select array_agg(distinct coalesce(r.same_as, r.record_id)) from source_record r where r.child_id = o.child_id and r.batch_id = any (${[...before.batchIds]}::bigint[])) as told_before
      from own o
    )
    insert into run_difference (run_id, child_id, kind, from_account, to_account, why, units)
    select ${of.runId}, o.child_id, k.kind, o.was, o.is_now, c.why, ${[...of.units]}::int[]
    from own o join said using (child_id)
      left join posting g on g.posting_id = o.posted_by
      join kind_word k on k.before is not distinct from o.was_unexplained and k.after is not distinct from o.is_unexplained
      join cause_word c on c.writer is not distinct from g.source
        and c.bits = (o.child_id in (select child_id from decided))::int + 2 * (said.told is distinct from said.told_before)::int`.execute(
    tx,
  )
}

export interface DifferenceFilter {
  readonly kind: DifferenceKind | undefined
  readonly why: DifferenceCause | undefined
}

export async function countDifferences(
  tx: Tx,
  runId: RunId,
): Promise<readonly { readonly kind: DifferenceKind; readonly why: DifferenceCause; readonly count: number }[]> {
  const { rows } = await sql<{ kind: DifferenceKind; why: DifferenceCause; count: number }>`
    select kind, why, count(*)::int as count from run_difference where run_id = ${runId} group by kind, why order by kind, why`.execute(
    tx,
  )
  return rows
}

export interface DifferenceRow {
  readonly childId: ChildId
  readonly kind: DifferenceKind
  readonly why: DifferenceCause
  readonly from: AccountCode | null
  readonly to: AccountCode | null
}

export async function listDifferences(
  tx: Tx,
  runId: RunId,
  { kind, why, limit, offset }: DifferenceFilter & { readonly limit: number; readonly offset: number },
): Promise<readonly DifferenceRow[]> {
  const { rows } = await sql<{
    child_id: ChildId
    kind: DifferenceKind
    why: DifferenceCause
    from_account: number | null
    to_account: number | null
  }>`select child_id, kind, why, from_account, to_account from run_difference
    where run_id = ${runId} and (${kind ?? null}::text is null or kind = ${kind ?? null}) and (${why ?? null}::text is null or why = ${why ?? null})
    order by kind, why, child_id limit ${limit} offset ${offset}`.execute(tx)
  const code = (id: number | null) => (id === null ? null : accountCodeOf(id))
  return rows.map((row) => ({
    childId: row.child_id,
    kind: row.kind,
    why: row.why,
    from: code(row.from_account),
    to: code(row.to_account),
  }))
}
