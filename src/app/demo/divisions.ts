import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { SchoolYear } from '../../kernel/school-year.ts'

/** Of the pack only what the demo needs; the registry checks the whole. */
const day = z.iso.date().transform(plainDate)
const Span = z.object({ from: day, until: day.nullable() })
const Divisions = z.object({
  districts: z.array(
    Span.extend({
      code: z.string().nullable(),
      name: z.string(),
      townships: z.array(z.object({ code: z.string().nullable(), name: z.string() })),
    }),
  ),
})
const Units = z.object({
  zones: z.array(
    Span.extend({
      code: z.string(),
      covers: z.array(z.object({ district: z.string(), townships: z.array(z.string()) })),
    }),
  ),
  districtCodes: z.array(z.object({ district: z.string(), code: z.string() })),
})

const PACK = new URL('../../../packs/chongqing/', import.meta.url)

/** A district of the pack with the townships that belong to it. */
export interface DivisionEntry {
  readonly code: string | null
  readonly unitCode: string
  readonly name: string
  readonly from: PlainDate
  readonly townships: readonly TownshipEntry[]
}

export interface TownshipEntry {
  readonly code: string | null
  readonly name: string
  /** The zone that runs the township's schools, else the district. */
  readonly unitCode: string
  readonly from: PlainDate
}

/** [DEMO-2] The districts in force on 1 September of the school year, with their townships: 37 from 2026 on, 38 before. */
export function divisionsOf(year: SchoolYear): readonly DivisionEntry[] {
  const on = plainDate(`${year}-09-01`)
  const { districts } = Divisions.parse(readPart('divisions.json'))
  const units = Units.parse(readPart('units.json'))
  const isInForce = (span: z.output<typeof Span>) => span.from <= on && (span.until === null || on < span.until)
  const zones = units.zones.filter(isInForce)
  return districts.filter(isInForce).map((district) => {
    const unitCode = units.districtCodes.find((line) => line.district === district.name)?.code ?? district.code
    if (unitCode === null) throw new RangeError(`units.json gives no code to ${district.name}`)
    return {
      code: district.code,
      unitCode,
      name: district.name,
      from: district.from,
      townships: district.townships.map(({ code, name }) => {
        const zone = zones.find(({ covers }) =>
          covers.some((cover) => cover.district === district.name && cover.townships.includes(name)),
        )
        const from = zone !== undefined && zone.from > district.from ? zone.from : district.from
        return { code, name, unitCode: zone?.code ?? unitCode, from }
      }),
    }
  })
}

function readPart(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, PACK), 'utf8'))
}
