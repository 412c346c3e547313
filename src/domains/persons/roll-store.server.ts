import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'

/** Who sits where, as the list of a class says it; from the staging of `load-store.server.ts`. */
export async function insertPresence(tx: Tx): Promise<void> {
  await insertClasses(tx)
  await sql`insert into class_presence (record_id, child_id, school_id, class_id, grade, mark, absent_days)
    select p.record_id, p.child_id, s.school_id, c.class_id, s.grade, s.mark, s.absent_days
    from placed p join record_staging s on s.row = p.row
      left join school_class c on c.school_id = s.school_id and c.school_year = s.school_year and c.grade = s.grade and c.name = s.class_name
    where p.same_as is null and s.mark is not null and s.school_id is not null order by p.record_id`.execute(tx)
}

async function insertClasses(tx: Tx): Promise<void> {
  await sql`insert into school_class (school_id, school_year, grade, name, units)
    select distinct s.school_id, s.school_year, s.grade, s.class_name, u.units
    from record_staging s join reach u on u.unit_id = s.school_id
    where s.class_name is not null and s.grade is not null
    on conflict (school_id, school_year, grade, name) do nothing`.execute(tx)
}

/** Roll entries, from the same staging. */
export async function insertRoll(tx: Tx, unitId: number): Promise<void> {
  await insertClasses(tx)
  await sql`insert into roll_entry (record_id, child_id, school_id, class_id, grade, status_group, status, is_boarding, enrolled_on, units)
    select p.record_id, p.child_id, s.school_id, c.class_id, s.grade, s.status_group, s.status, s.is_boarding, s.enrolled_on, u.units
    from placed p join record_staging s on s.row = p.row join reach u on u.unit_id = coalesce(s.unit_id, ${unitId})
      left join school_class c on c.school_id = s.school_id and c.school_year = s.school_year and c.grade = s.grade and c.name = s.class_name
    where p.same_as is null and s.status_group is not null order by p.record_id`.execute(tx)
}
