import type { PlainDate } from '../../kernel/plain-date.ts'

/** A unit below the districts and zones of the pack, in a shape that knows no database. */
export interface DemoUnit {
  readonly code: string
  /** Code of the unit above: a district or zone of the pack, or another unit of this list. */
  readonly parentCode: string
  readonly kind: 'centre' | 'township' | 'village' | 'school'
  readonly name: string
  readonly from: PlainDate
  /** The division it is the office of, by the names of the pack; the village is invented. Null for centres and schools. */
  readonly covers: { readonly district: string; readonly township: string; readonly village: string | null } | null
  readonly school: {
    /** 学校标识码. */
    readonly schoolCode: string
    readonly schoolType: string
    readonly settlementClass: string
    readonly founder: string
    readonly isBoarding: boolean
    /** Where it lies. */
    readonly township: string
  } | null
}
