import type { Person } from './model.ts'
import type { PopulationRecord } from './population-records.ts'
import type { RollRecord } from './roll-records.ts'

/** One line of truth without its two row numbers, in the order of `TRUTH_HEADINGS` after them. */
export function truthCells(person: Person, population: PopulationRecord | null, roll: RollRecord | null): string[] {
  return [
    String(person.personId),
    population?.copy || roll?.copy || '',
    (population?.district ?? person.household.home.district)?.name ?? '',
    roll?.school.district.name ?? '',
    registrationOf(person, population),
    String(person.nominalGrade),
    person.obligation,
    person.whereabouts,
    roll?.entry ?? '',
    population?.faults.join(' ') ?? '',
    roll?.faults.join(' ') ?? '',
  ]
}

/** `here`, `cancelled`, or `none` for pupils who are registered outside the city or nowhere. */
function registrationOf(person: Person, record: PopulationRecord | null): string {
  if (!person.isRegistered) return 'none'
  return (record?.isCancelled ?? person.cancelReason !== null) ? 'cancelled' : 'here'
}
