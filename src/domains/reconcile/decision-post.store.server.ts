import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { MATES, ROW_CLASSES, SIDES } from './posting-facts.server.ts'
import type { ApartPair } from './posting-pairs.ts'

/** Children that somebody holds to be two, as who they have become. */
export async function listApart(tx: Tx): Promise<readonly ApartPair[]> {
  const { rows } = await sql<{
    pair: ApartPair
  }>`select distinct array[one, other] as pair from children_apart() order by 1`.execute(tx)
  return rows.map(({ pair }) => pair)
}

/**
 * [DECIDE-1] What the books know goes before what the linkage thought: rows of two children that were decided to be two are
 * no mates, and a row "under review" whose two records are one child by now is decided.
 */
export async function applyDecisions(
  tx: Tx,
  band: { readonly from: PlainDate; readonly until: PlainDate },
): Promise<void> {
  const code = (name: (typeof ROW_CLASSES)[number]) => ROW_CLASSES.indexOf(name)
  const review = code('review')
  const byBirth = sql`case when c.birth_day > ${band.until} then ${code('not-begun')}::int
      when c.birth_day < ${band.from} then ${code('over-age')}::int else ${code('open')}::int end`
  await sql`with apart as materialized (select one, other from children_apart())
    update run_row w set mate = null, mate_id = null, mate_child = null, class = case when w.class = ${review} then ${byBirth} else w.class end
    from apart a, child c where c.child_id = w.child_id
      and (a.one, a.other) in ((w.child_id, w.mate_child), (w.mate_child, w.child_id))`.execute(tx)
  await sql`update run_row w set mate = ${MATES.indexOf('same')}, class = ${byBirth} from child c
    where c.child_id = w.child_id and w.class = ${review} and w.mate_child = w.child_id and w.side < ${SIDES.indexOf('roll')}`.execute(
    tx,
  )
}
