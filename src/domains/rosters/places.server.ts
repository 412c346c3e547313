import type { Tx } from '../../platform/db/index.ts'
import { listUnitsById, type Unit } from '../registry/server.ts'

/** Names of the place a unit is, level by level; null where the unit stands above. */
export interface Place {
  readonly district: string | null
  readonly township: string | null
  readonly village: string | null
}

export interface Places {
  nameOf(id: number | null): string | null
  placeOf(id: number | null): Place
  /** 镇街 and 村社 in one line: names of communities repeat all over the city. */
  lineOf(id: number | null): string | null
}

const NOWHERE: Place = { district: null, township: null, village: null }

/** Units that rows name, with those above them. */
export async function placesOf(tx: Tx, ids: readonly (number | null)[]): Promise<Places> {
  const asked = await listUnitsById(tx, [...new Set(ids.filter((id) => id !== null))])
  const above = await listUnitsById(tx, [...new Set(asked.flatMap(({ path }) => path))])
  const units = new Map<number, Unit>([...above, ...asked].map((unit) => [unit.unitId, unit]))
  const placeOf = (id: number | null): Place => {
    const path = id === null ? undefined : units.get(id)?.path
    if (path === undefined) return NOWHERE
    const nameOfKind = (...kinds: readonly string[]) =>
      path.map((at) => units.get(at)).find((unit) => unit !== undefined && kinds.includes(unit.kind))?.name ?? null
    return {
      district: nameOfKind('district', 'zone'),
      township: nameOfKind('township'),
      village: nameOfKind('village'),
    }
  }
  const nameOf = (id: number | null) => (id === null ? null : (units.get(id)?.name ?? null))
  return {
    nameOf,
    placeOf,
    lineOf(id) {
      const { township, village } = placeOf(id)
      return [township, village].filter((name) => name !== null).join(' ') || nameOf(id)
    },
  }
}
