import { CENTRAL, MINORITY_SHARE, RESIDENTS } from './data/district-weights.ts'
import { COMMUNITY_NAMES, VILLAGE_FIRST, VILLAGE_LAST } from './data/places.ts'
import { type DivisionEntry, divisionsOf, type TownshipEntry } from './divisions.ts'
import type { DemoDistrict, DemoTownship, DemoVillage } from './model.ts'
import type { DemoOptions } from './options.ts'
import { randomFor } from './random.ts'

/** Registered against resident children: families of the mountain districts work in the centre, their registration stays. */
const REGISTERED_PER_RESIDENT = { central: 0.78, other: 1.16 }

/** [DEMO-2] Real districts and townships, invented villages; the same villages at the same seed and scale. */
export function geographyOf(options: DemoOptions): readonly DemoDistrict[] {
  const entries = divisionsOf(options.schoolYear)
  const resident = entries.map((entry) => RESIDENTS[entry.name] ?? 50)
  const registered = entries.map(
    (entry, index) =>
      resident[index]! * (CENTRAL.has(entry.name) ? REGISTERED_PER_RESIDENT.central : REGISTERED_PER_RESIDENT.other),
  )
  const residents = sum(resident)
  const registrations = sum(registered)
  return entries.map((entry, index) => ({
    index,
    code: entry.code,
    unitCode: entry.unitCode,
    name: entry.name,
    from: entry.from,
    isCentral: CENTRAL.has(entry.name),
    minorityShare: MINORITY_SHARE[entry.name] ?? 0.02,
    registeredShare: registered[index]! / registrations,
    pupilShare: resident[index]! / residents,
    townships: entry.townships.map((township) => townshipOf(options, entry, township)),
  }))
}

function townshipOf(options: DemoOptions, district: DivisionEntry, township: TownshipEntry): DemoTownship {
  const code = township.code ?? `${district.name}${township.name}`
  return {
    code,
    name: township.name,
    unitCode: township.unitCode,
    from: township.from,
    addressCode: township.code?.slice(0, 6) ?? district.code ?? '500112',
    isUrban: township.name.endsWith('街道'),
    policeStation: `${district.name}公安分局${township.name.replace(/(街道|镇|乡)$/u, '')}派出所`,
    villages: villagesOf(options, district.name, township.name, township.code),
  }
}

/** Eleven a township in the whole city (about 11,000 villages and communities), fewer in a smaller one. */
function villagesOf(
  options: DemoOptions,
  district: string,
  township: string,
  code: string | null,
): readonly DemoVillage[] {
  const random = randomFor(options.seed, 'villages', district, township)
  const count = Math.max(2, Math.round(11 * options.scale ** 0.3 * (0.7 + 0.6 * random.next())))
  const isUrban = township.endsWith('街道')
  const communities = isUrban ? count : 1
  const names = new Set<string>()
  while (names.size < count) {
    names.add(
      names.size < communities
        ? `${random.pick(COMMUNITY_NAMES)}社区`
        : `${random.pick(VILLAGE_FIRST)}${random.pick(VILLAGE_LAST)}村`,
    )
  }
  return [...names].map((name, index) => {
    const serial = String((name.endsWith('村') ? 200 : 1) + index).padStart(3, '0')
    return { code: `${code ?? `${district}${township}`}${serial}`, name }
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
