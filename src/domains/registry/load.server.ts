import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { hashPassword } from '../../platform/session/index.ts'
import {
  type DivisionLoad,
  insertDivisions,
  insertPersons,
  insertUnits,
  type PersonLoad,
  saveRoles,
  type UnitLoad,
} from './load-store.server.ts'
import { districtUnitCode, type Pack } from './pack.server.ts'
import { findAccountIds, insertAccount, retieStaff } from './staff-store.server.ts'

export interface StaffLoad extends Omit<PersonLoad, 'accountId'> {
  /** Null: holds posts, does not sign in. */
  readonly account: { readonly login: string; readonly password: string; readonly mustChange: boolean } | null
}

/** Everything by name and code; ids are the database's. */
export interface RegistryData {
  readonly divisions: readonly DivisionLoad[]
  readonly units: readonly UnitLoad[]
  readonly staff: readonly StaffLoad[]
}

export interface Loaded {
  /** Unit code → id. */
  readonly unitIds: ReadonlyMap<string, number>
  readonly personsAdded: number
}

interface Moment {
  readonly now: Date
  readonly today: PlainDate
}

/** Roles, divisions, the city, its districts and zones; `more` (villages, schools, people) in the same load. As the system. Idempotent. */
export async function loadPack(tx: Tx, pack: Pack, at: Moment, more: Partial<RegistryData> = {}): Promise<Loaded> {
  await saveRoles(tx, pack.roles)
  const base = registryDataOf(pack)
  return loadUnits(
    tx,
    {
      divisions: [...base.divisions, ...(more.divisions ?? [])],
      units: [...base.units, ...(more.units ?? [])],
      staff: more.staff ?? [],
    },
    at,
  )
}

/** Any part of the registry whose roles are there. Keys and codes that are named must be in `data`. As the system. Idempotent. */
export async function loadUnits(tx: Tx, data: RegistryData, at: Moment): Promise<Loaded> {
  const divisions = await insertDivisions(tx, data.divisions)
  const unitIds = await insertUnits(tx, data.units, divisions)
  const accounts = await openAccounts(tx, data.staff, at.now)
  const persons = data.staff.map(({ account, ...person }) => ({
    ...person,
    accountId: account === null ? null : (accounts.get(account.login) ?? null),
  }))
  const added = await insertPersons(tx, persons, unitIds)
  await retieStaff(tx, added, at.today)
  return { unitIds, personsAdded: added.length }
}

async function openAccounts(tx: Tx, staff: readonly StaffLoad[], at: Date): Promise<ReadonlyMap<string, number>> {
  const wanted = staff.flatMap(({ account }) => (account === null ? [] : [account]))
  const ids = new Map<string, number>(
    await findAccountIds(
      tx,
      wanted.map(({ login }) => login),
    ),
  )
  for (const { login, password, mustChange } of wanted) {
    if (ids.has(login)) continue
    const passwordHash = await hashPassword(password)
    ids.set(login, await insertAccount(tx, { login, passwordHash, mustChange, at, units: [] }))
  }
  return ids
}

/** Names a district's extent, and a township in it, within a load. */
export function divisionKey(district: { readonly name: string; readonly from: PlainDate }, township?: string): string {
  return [district.name, district.from, ...(township === undefined ? [] : [township])].join('/')
}

/** The pack as rows: both extents of a changed district are divisions of their own, the education authority goes on as one unit. */
export function registryDataOf(pack: Pack): RegistryData {
  return { divisions: divisionsOf(pack), units: [cityOf(pack), ...districtsOf(pack), ...zonesOf(pack)], staff: [] }
}

function divisionsOf({
  divisions: { city, districts },
  units: {
    city: { from: cityFrom },
  },
}: Pack): DivisionLoad[] {
  const nextOf = (name: string, day: PlainDate | null) =>
    districts.find((next) => next.name === name && next.from === day)
  const from = districts.map((district) => district.from).toSorted()[0] ?? cityFrom
  const top: DivisionLoad = {
    key: city.code,
    parentKey: null,
    level: 'city',
    code: city.code,
    formerCode: null,
    name: city.name,
    from,
    until: null,
    successorKeys: [],
  }
  return [
    top,
    ...districts.map(
      (district): DivisionLoad => ({
        key: divisionKey(district),
        parentKey: city.code,
        level: 'district',
        code: district.code,
        formerCode: null,
        name: district.name,
        from: district.from,
        until: district.until,
        successorKeys: district.successors.flatMap((name) => {
          const next = nextOf(name, district.until)
          return next === undefined ? [] : [divisionKey(next)]
        }),
      }),
    ),
    ...districts.flatMap((district) =>
      district.townships.map((township): DivisionLoad => {
        const next = township.successor === undefined ? undefined : nextOf(township.successor, district.until)
        return {
          key: divisionKey(district, township.name),
          parentKey: divisionKey(district),
          level: 'township',
          code: township.codeIsFormer === true ? null : township.code,
          formerCode: township.codeIsFormer === true ? township.code : null,
          name: township.name,
          from: district.from,
          until: district.until,
          successorKeys: next === undefined ? [] : [divisionKey(next, township.name)],
        }
      }),
    ),
  ]
}

function cityOf({ units: { city }, divisions }: Pack): UnitLoad {
  return {
    ...unit({ code: city.code, parentCode: null, kind: 'city', name: city.name, from: city.from }),
    covers: [{ divisionKey: divisions.city.code, from: city.from, until: null, note: null }],
  }
}

/** One unit a district name, from the first extent's day to the last extent's. */
function districtsOf(pack: Pack): UnitLoad[] {
  const extents = Map.groupBy(pack.divisions.districts, (district) => district.name)
  const units = [...extents].map(([name, districts]) => {
    const sorted = districts.toSorted((a, b) => a.from.localeCompare(b.from))
    const [first, last] = [sorted[0]!, sorted.at(-1)!]
    return {
      ...unit({
        code: districtUnitCode(pack, name),
        parentCode: pack.units.city.code,
        kind: 'district' as const,
        name,
        from: first.from,
      }),
      until: last.until,
      covers: sorted.map((extent) => ({
        divisionKey: divisionKey(extent),
        from: extent.from,
        until: extent.until,
        note: null,
      })),
      successorCodes: last.until === null ? [] : last.successors.map((next) => districtUnitCode(pack, next)),
    }
  })
  return units
}

function zonesOf(pack: Pack): UnitLoad[] {
  return pack.units.zones.map((zone) => ({
    ...unit({ code: zone.code, parentCode: pack.units.city.code, kind: 'zone', name: zone.name, from: zone.from }),
    until: zone.until,
    covers: zone.covers.flatMap((cover) =>
      pack.divisions.districts
        .filter((district) => district.name === cover.district)
        .flatMap((district) =>
          cover.townships
            .filter((township) => district.townships.some((line) => line.name === township))
            .flatMap((township) => {
              const from = latest(zone.from, district.from)
              const until = earliest(zone.until, district.until)
              return until !== null && until <= from
                ? []
                : [{ divisionKey: divisionKey(district, township), from, until, note: zone.source.title }]
            }),
        ),
    ),
  }))
}

function latest(a: PlainDate, b: PlainDate): PlainDate {
  return [a, b].toSorted()[1] ?? a
}

function earliest(a: PlainDate | null, b: PlainDate | null): PlainDate | null {
  if (a === null || b === null) return a ?? b
  return [a, b].toSorted()[0] ?? null
}

function unit(line: Pick<UnitLoad, 'code' | 'parentCode' | 'kind' | 'name' | 'from'>): UnitLoad {
  return { ...line, until: null, successorCodes: [], covers: [], school: null }
}
