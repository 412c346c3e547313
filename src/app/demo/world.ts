import { type Cohorts, cohortsOf } from './cohorts.ts'
import { createPlacement, type Placement } from './enrolment.ts'
import { createFates, type Fate } from './fate.ts'
import { geographyOf } from './geography.ts'
import { createIdIssuer, type IdIssuer } from './identity.ts'
import type { DemoDistrict, DemoSchool } from './model.ts'
import type { DemoOptions } from './options.ts'
import type { Random } from './random.ts'
import { schoolsOf } from './schools.ts'

/** All that is fixed before the first child is born: places, schools, rules of chance, and the counter of IDs. */
export interface World extends IdIssuer {
  readonly options: DemoOptions
  readonly districts: readonly DemoDistrict[]
  readonly schools: readonly DemoSchool[]
  readonly cohorts: Cohorts
  readonly placement: Placement
  readonly fateOf: (random: Random, grade: number) => Fate
}

export function createWorld(options: DemoOptions): World {
  const districts = geographyOf(options)
  const schools = schoolsOf(options, districts)
  const cohorts = cohortsOf(options.schoolYear)
  return {
    options,
    districts,
    schools,
    cohorts,
    placement: createPlacement(options, districts, schools),
    fateOf: createFates(options, cohorts),
    ...createIdIssuer(options.seed),
  }
}
