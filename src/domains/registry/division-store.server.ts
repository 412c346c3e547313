import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { tables, UNIT_COLUMNS, type Unit, unitOf } from './store.ts'

/** What the unit covers or covered, newest first. */
export async function listCovers(tx: Tx, id: number) {
  return tables(tx)
    .selectFrom('unit_division as cover')
    .innerJoin('division', 'division.division_id', 'cover.division_id')
    .select([
      'division.code',
      'division.former_code',
      'division.name',
      'cover.from_day',
      'cover.until_day',
      'cover.note',
    ])
    .where('cover.unit_id', '=', id)
    .orderBy('cover.from_day', 'desc')
    .orderBy('division.code')
    .execute()
}

/** A unit that is abolished answers for nothing from that day on; what would have begun later never does. */
export async function endCovers(tx: Tx, id: number, until: PlainDate): Promise<void> {
  await tables(tx)
    .updateTable('unit_division')
    .set((eb) => ({ until_day: eb.fn<PlainDate>('greatest', ['from_day', sql<PlainDate>`${until}::date`]) }))
    .where('unit_id', '=', id)
    .where(({ or, eb }) => or([eb('until_day', 'is', null), eb('until_day', '>', until)]))
    .execute()
}

/**
 * [REG-11] The district or zone that answers for a division on a day: the nearest cover on the way up wins, so a zone
 * answers for its townships although the district covers the whole of itself.
 */
export async function findAnswerableUnit(tx: Tx, divisionId: number, on: PlainDate): Promise<Unit | undefined> {
  const row = await tables(tx)
    .withRecursive('upward', (db) =>
      db
        .selectFrom('division')
        .select(['division_id', 'parent_id', sql<number>`0`.as('steps')])
        .where('division_id', '=', divisionId)
        .unionAll(
          db
            .selectFrom('division')
            .innerJoin('upward', 'upward.parent_id', 'division.division_id')
            .select(['division.division_id', 'division.parent_id', sql<number>`upward.steps + 1`.as('steps')]),
        ),
    )
    .selectFrom('upward')
    .innerJoin('unit_division as cover', 'cover.division_id', 'upward.division_id')
    .innerJoin('unit', 'unit.unit_id', 'cover.unit_id')
    .select(UNIT_COLUMNS)
    .where('unit.kind', 'in', ['district', 'zone'])
    .where(sql<boolean>`cover.from_day <= ${on} and (cover.until_day is null or cover.until_day > ${on})`)
    .orderBy('upward.steps')
    .limit(1)
    .executeTakeFirst()
  return row && unitOf(row)
}

/** In force on `on`, by code or by the last published code of a township that has moved. */
export async function findDivision(
  tx: Tx,
  code: string,
  on: PlainDate,
): Promise<{ readonly divisionId: number; readonly name: string } | undefined> {
  const row = await tables(tx)
    .selectFrom('division')
    .select(['division_id', 'name'])
    .where(({ or, eb }) => or([eb('code', '=', code), eb('former_code', '=', code)]))
    .where(sql<boolean>`from_day <= ${on} and (until_day is null or until_day > ${on})`)
    .orderBy(sql`code is null`)
    .limit(1)
    .executeTakeFirst()
  return row && { divisionId: row.division_id, name: row.name }
}
