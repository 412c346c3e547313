import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanText, halfWidth } from '../../kernel/text.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import { branchIndex } from '../registry/index.ts'
import { listBranch } from '../registry/server.ts'
import type { LedgerCells, LedgerPlaces } from './ledger-rules.ts'
import { listDistricts, listSchoolsNamed, type NamedUnit } from './ledger-store.server.ts'
import { provinceOf } from './provinces.ts'

/** What the place names of a sheet mean, for the unit that gives it. */
export async function placesOf(
  tx: Tx,
  actor: Actor,
  rows: readonly LedgerCells[],
  on: PlainDate,
): Promise<LedgerPlaces> {
  const branch = branchIndex(await listBranch(tx, actor.unitId, actor.unitPath), actor.unitId)
  const units = await listDistricts(tx, on)
  const names = new Set(rows.map(({ cells }) => fold(cells.school ?? '')).filter((name) => name !== ''))
  const schools = await listSchoolsNamed(tx, [...names], on)
  return {
    home: (township, village) => homeOf(branch, township, village),
    host: (said) => hostOf(said, units),
    schools: (name, districtId) =>
      schools
        .filter((school) => school.name === fold(name) && (districtId === null || school.districtId === districtId))
        .map(({ unitId }) => unitId),
    districtId: districtOf(actor, units),
  }
}

/** The district or zone in whose name the actor keeps ledgers. */
export function districtOf(actor: Pick<Actor, 'unitId' | 'unitPath'>, units: readonly NamedUnit[]): number {
  const inPath = units.filter(({ unitId, kind }) => kind !== 'city' && actor.unitPath.includes(unitId))
  return inPath.at(-1)?.unitId ?? actor.unitId
}

function homeOf(branch: ReturnType<typeof branchIndex>, township: string, village: string): number | undefined {
  const wanted = village === '' ? [township] : [`${township}/${village}`, village]
  for (const text of wanted) {
    const found = branch.find(text).filter(({ kind }) => kind === 'village' || kind === 'township')
    if (found.length === 1) return found[0]!.unitId
  }
  if (village === '' || township === '') return undefined
  const towns = branch.find(township).filter(({ kind }) => kind === 'township')
  return towns.length === 1 ? towns[0]!.unitId : undefined
}

/** [OUT-8] A district of the city by its name, with or without 区 and 县; another province by the name it begins with. */
export function hostOf(
  { province, city, county }: { readonly province: string; readonly city: string; readonly county: string },
  units: readonly NamedUnit[],
): { readonly place: string; readonly unitId: number | null } | undefined {
  const own = units.find(({ kind }) => kind === 'city')
  const ownProvince = `${(own?.code ?? '').slice(0, 2)}0000`
  const named = provinceOf(fold(province))
  if (named !== undefined && named !== ownProvince) return { place: named, unitId: null }
  for (const text of [county, city, province].map(fold)) {
    if (text === '') continue
    const found = units.filter(
      ({ kind, name }) => kind !== 'city' && (text.includes(name) || name.replace(/[区县]$/u, '') === text),
    )
    const [district] = found
    if (found.length === 1 && district !== undefined) {
      return {
        place: /^\d{6}$/.test(district.code) ? district.code : (own?.code ?? ownProvince),
        unitId: district.unitId,
      }
    }
    const elsewhere = provinceOf(text)
    if (elsewhere !== undefined && elsewhere !== ownProvince) return { place: elsewhere, unitId: null }
  }
  return undefined
}

export function fold(text: string): string {
  return halfWidth(cleanText(text)).replace(/\s/gu, '')
}
