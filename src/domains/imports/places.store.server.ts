import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'
import type { PlaceBook, PlaceCover, PlaceDivision, PlaceUnit } from './places.ts'
import type { SchoolUnit } from './schools.ts'

/** Divisions and the units that stand for them, all of them: some seventeen thousand villages, townships and districts. */
export async function readPlaceBook(tx: Tx): Promise<PlaceBook> {
  const units =
    await sql<PlaceUnit>`select unit_id as "unitId", kind, name, parent_id as "parentId", path, from_day as "from", until_day as "until"
    from unit where kind <> 'school'`.execute(tx)
  const divisions = await sql<PlaceDivision>`select division_id as "divisionId", parent_id as "parentId", level, name,
    from_day as "from", until_day as "until" from division where level <> 'village'`.execute(tx)
  const covers =
    await sql<PlaceCover>`select unit_id as "unitId", division_id as "divisionId", from_day as "from", until_day as "until"
    from unit_division`.execute(tx)
  const successors = await sql<{
    from: number
    to: number
  }>`select division_id as "from", successor_id as "to" from division_successor`.execute(tx)
  return {
    units: units.rows,
    divisions: divisions.rows,
    covers: covers.rows,
    successors: successors.rows.map(({ from, to }) => [from, to] as const),
  }
}

export async function readSchools(tx: Tx): Promise<readonly SchoolUnit[]> {
  const { rows } =
    await sql<SchoolUnit>`select u.unit_id as "unitId", u.name, s.school_code as "code", s.school_type as "type", u.path,
      u.from_day as "from", u.until_day as "until",
      coalesce((select array_agg(f.name order by f.name) from unit_successor x join unit f on f.unit_id = x.successor_id
        where x.unit_id = u.unit_id), '{}') as "followers"
    from unit u join school s on s.unit_id = u.unit_id`.execute(tx)
  return rows
}
