import type { DemoUnit } from './demo-unit.ts'
import { geographyOf } from './geography.ts'
import type { DemoDistrict, DemoTownship } from './model.ts'
import { type DemoOptions, demoOptions } from './options.ts'
import { schoolsOf } from './schools.ts'
import { type DemoStaff, staffOf } from './staff.ts'

export interface DemoUnits {
  /** Parents before children. */
  readonly units: readonly DemoUnit[]
  readonly staff: readonly DemoStaff[]
}

/** Districts with education management centres (片区教育管理中心) between bureau and school; the number is invented. */
const CENTRES: Readonly<Record<string, readonly string[]>> = {
  璧山区: ['城区', '大路', '丁家'],
  南川区: ['城区', '水江', '大观'],
}

/** [DEMO-4] Township offices by real name, invented villages, schools and people who work there. */
export function demoUnits(given: Partial<DemoOptions> = {}): DemoUnits {
  const options = demoOptions(given)
  const districts = geographyOf(options)
  const units = [
    ...districts.flatMap(centresIn),
    ...districts.flatMap((district) => district.townships.flatMap((township) => officesIn(district, township))),
    ...schoolsOf(options, districts).map((school) => ({
      code: school.code,
      parentCode: schoolParent(school.district, school.township, school.index),
      kind: 'school' as const,
      name: school.name,
      from: school.district.from,
      covers: null,
      school: {
        schoolCode: school.code,
        schoolType: school.schoolType,
        settlementClass: school.settlementClass,
        founder: school.founder,
        isBoarding: school.isBoarding,
        township: school.township.name,
      },
    })),
  ]
  return { units, staff: staffOf(options, units) }
}

function centresIn(district: DemoDistrict): DemoUnit[] {
  return (CENTRES[district.name] ?? []).map((area, index) => ({
    code: centreCode(district, index),
    parentCode: district.unitCode,
    kind: 'centre',
    name: `${district.name}${area}片区教育管理中心`,
    from: district.from,
    covers: null,
    school: null,
  }))
}

function centreCode(district: DemoDistrict, index: number): string {
  return `${district.unitCode}-JG${index + 1}`
}

function officesIn(district: DemoDistrict, township: DemoTownship): DemoUnit[] {
  const office: DemoUnit = {
    code: township.code,
    parentCode: township.unitCode,
    kind: 'township',
    name: `${township.name}${township.name.endsWith('街道') ? '办事处' : '人民政府'}`,
    from: township.from,
    covers: { district: district.name, township: township.name, village: null },
    school: null,
  }
  const villages = township.villages.map((village) => ({
    code: village.code,
    parentCode: township.code,
    kind: 'village' as const,
    name: village.name,
    from: township.from,
    covers: { district: district.name, township: township.name, village: village.name },
    school: null,
  }))
  return [office, ...villages]
}

/** A centre where the district has them, else the zone that covers the township, else the district. */
function schoolParent(district: DemoDistrict, township: DemoTownship, index: number): string {
  const centres = CENTRES[district.name]?.length ?? 0
  return centres > 0 ? centreCode(district, index % centres) : township.unitCode
}
