import { resolve } from 'node:path'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import { divisionKey, loadPack, type RegistryData, type StaffLoad } from './load.server.ts'
import type { UnitLoad } from './load-store.server.ts'
import { districtUnitCode, type Pack, readPack } from './pack.server.ts'
import { isInForce } from './rules.ts'

export const CHONGQING = resolve(import.meta.dirname, '../../../packs/chongqing')
export const PASSWORD = 'Kx7m-9Rtq-4Wvd'
const FROM = plainDate('2026-01-01')
/** 南川区 东城街道 and 西城街道, 渝中区, 高新区 (白市驿镇), 渝北区 and 北碚区 before and after 2025-11-06. */
export const NANCHUAN = '500119'
export const YUZHONG = '500103'

export interface TestTown {
  readonly unitIds: ReadonlyMap<string, number>
  id(code: string): number
}

/** The real divisions of the pack with a few invented villages, schools and people: one account a role. */
export async function loadTestTown(db: Database, clock: Clock): Promise<TestTown> {
  const pack = await readPack(CHONGQING)
  const townships = townshipUnitsOf(pack, plainDate('2026-09-01'))
  const inNanchuan = townships.filter((township) => township.parentCode === NANCHUAN)
  const zone = townships.filter((township) => township.parentCode === 'CQ-GX')
  const villages = inNanchuan
    .slice(0, 2)
    .flatMap((township) => [
      village(`${township.code}001`, township.code),
      village(`${township.code}002`, township.code),
    ])
  const schools = [
    school('2150000001', NANCHUAN),
    school('2150000002', NANCHUAN),
    school('2150000003', YUZHONG),
    school('2150000004', 'CQ-GX'),
  ]
  const more: Partial<RegistryData> = {
    units: [...inNanchuan, ...zone, ...villages, ...schools],
    staff: [
      person('city-admin', '500000', 'city-admin'),
      person('city-inspector', '500000', 'inspector'),
      person('sysadmin', '500000', 'system-admin'),
      person('secadmin', '500000', 'security-admin'),
      person('auditor', '500000', 'audit-admin'),
      person('nanchuan-admin', NANCHUAN, 'district-admin'),
      person('nanchuan-officer', NANCHUAN, 'district-officer'),
      person('nanchuan-review', NANCHUAN, 'review-officer'),
      person('yuzhong-admin', YUZHONG, 'district-admin'),
      person('zone-officer', 'CQ-GX', 'district-officer'),
      person('town-officer', inNanchuan[0]!.code, 'township-officer'),
      person('village-officer', villages[0]!.code, 'village-officer'),
      person('head', '2150000001', 'head-teacher'),
      person('aid', '2150000001', 'aid-officer'),
      person('teacher', '2150000001', 'class-teacher'),
      person('head-two', '2150000002', 'head-teacher'),
      {
        name: '无账号',
        account: null,
        posts: [{ unitCode: '2150000001', roleId: 'class-teacher', from: FROM, until: null }],
      },
    ],
  }
  const loaded = await db.asSystem(
    'test.load',
    (tx) => loadPack(tx, pack, { now: clock.now(), today: clock.today() }, more),
    { statementSeconds: 120 },
  )
  const id = (code: string) => {
    const found = loaded.unitIds.get(code)
    if (found === undefined) throw new Error(`no unit ${code} in the test town`)
    return found
  }
  return { unitIds: loaded.unitIds, id }
}

function line(unit: Pick<UnitLoad, 'code' | 'parentCode' | 'kind' | 'name' | 'from'>): UnitLoad {
  return { ...unit, until: null, successorCodes: [], covers: [], school: null }
}

function village(code: string, parentCode: string): UnitLoad {
  return line({ code, parentCode, kind: 'village', name: `村${code.slice(-5)}`, from: FROM })
}

function school(code: string, parentCode: string): UnitLoad {
  const detail = { schoolCode: code, schoolType: '211', settlementClass: '121', founder: '教育部门', isBoarding: true }
  return {
    ...line({ code, parentCode, kind: 'school', name: `第${code.slice(-1)}小学校`, from: FROM }),
    school: detail,
  }
}

function person(login: string, unitCode: string, roleId: string): StaffLoad {
  return {
    name: `人${login}`,
    account: { login, password: PASSWORD, mustChange: false },
    posts: [{ unitCode, roleId, from: FROM, until: null }],
  }
}

/** The unit under which a township's office and schools stand on `on`: the zone that covers the township, else its district. */
export function unitCodeOver(
  pack: Pack,
  place: { readonly district: string; readonly township: string },
  on: PlainDate,
): string {
  const zone = pack.units.zones.find(
    (candidate) =>
      isInForce(candidate, on) &&
      candidate.covers.some((cover) => cover.district === place.district && cover.townships.includes(place.township)),
  )
  return zone?.code ?? districtUnitCode(pack, place.district)
}

/** The township offices in force on `day`, each under the zone or district that answers for it and covering its township. */
export function townshipUnitsOf(pack: Pack, day: PlainDate): readonly UnitLoad[] {
  return pack.divisions.districts
    .filter((district) => isInForce(district, day))
    .flatMap((district) =>
      district.townships.map((township) => {
        const parentCode = unitCodeOver(pack, { district: district.name, township: township.name }, day)
        const zone = pack.units.zones.find(({ code }) => code === parentCode)
        const from = zone !== undefined && zone.from.localeCompare(district.from) > 0 ? zone.from : district.from
        return {
          ...line({
            code: township.code ?? divisionKey(district, township.name),
            parentCode,
            kind: 'township',
            name: township.name,
            from,
          }),
          covers: [{ divisionKey: divisionKey(district, township.name), from, until: null, note: null }],
        }
      }),
    )
}
