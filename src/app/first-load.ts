import { randomInt } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { divisionKey, loadPack, type Pack, type RegistryData, readPack, saveRoles } from '../domains/registry/server.ts'
import type { Config } from '../platform/config.ts'
import type { Services } from '../platform/services.ts'
import { appWords as words } from './app-words.ts'
import {
  DEMO_DISTRICT,
  type DemoStaff,
  type DemoUnit,
  demoUnits,
  OTHER_DISTRICT,
  writeDistrictSheets,
  writeEarlierSheets,
  writeLaterSheets,
} from './demo/index.ts'
import { isRegistryEmpty } from './first-load.store.server.ts'
import { packFolder } from './place.ts'

export interface FirstAccounts {
  readonly rows: readonly { readonly login: string; readonly password: string; readonly role: string }[]
}

/** What a demo city left in the data folder. */
export interface Demo {
  readonly password: string
  readonly accounts: readonly { readonly login: string; readonly role: string; readonly unit: string }[]
  /** Unit id → folder of sheets to try. */
  readonly sheets: Readonly<Record<string, string>>
  /** Of all its sheets; `city` below it has the whole city's. */
  readonly folder: string
}

const DEMO_FOLDER = 'demo'
const ACCOUNTS_FILE = 'accounts.json'

/**
 * [START-4] What a role may do follows the pack at every start: a new version brings new permissions. On an empty database: roles, divisions and units of the pack, and either the demo city with one account a role, or
 * the first administrators of a real bureau with passwords that are shown once.
 */
export async function firstLoad(services: Services): Promise<FirstAccounts | undefined> {
  const { db, config } = services
  const pack = await readPack(packFolder)
  if (!(await db.asSystem('first-load.look', isRegistryEmpty))) {
    await db.asSystem('first-load.roles', (tx) => saveRoles(tx, pack.roles))
    return undefined
  }
  if (config.demoScale === 0) return loadAdministrators(services, pack)
  await loadDemo(services, pack)
  return undefined
}

/** Undefined where the people in the data are real. */
export async function findDemo(config: Config): Promise<Demo | undefined> {
  const folder = join(config.dataDir, DEMO_FOLDER)
  const text = await readFile(join(folder, ACCOUNTS_FILE), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : { ...JSON.parse(text), folder }
}

async function loadAdministrators({ db, clock }: Services, pack: Pack): Promise<FirstAccounts> {
  const at = { now: clock.now(), today: clock.today() }
  const wanted = [
    { login: 'system', roleId: 'system-admin', role: words.title.system },
    { login: 'security', roleId: 'security-admin', role: words.title.security },
    { login: 'audit', roleId: 'audit-admin', role: words.title.audit },
    { login: 'city', roleId: 'city-admin', role: words.title.city },
  ].map((line) => ({ ...line, password: newPassword() }))
  const staff = wanted.map(({ login, password, roleId, role }) => ({
    name: role,
    account: { login, password, mustChange: true },
    posts: [{ unitCode: pack.units.city.code, roleId, from: at.today, until: null }],
  }))
  await db.asSystem('first-load.administrators', (tx) => loadPack(tx, pack, at, { staff }))
  return { rows: wanted }
}

async function loadDemo(services: Services, pack: Pack): Promise<void> {
  const { db, clock, config } = services
  console.log(words.loading)
  const options = { scale: config.demoScale }
  const { units, staff } = demoUnits(options)
  const password = newPassword()
  const loaded = await db.asSystem(
    'first-load.demo',
    (tx) =>
      loadPack(tx, pack, { now: clock.now(), today: clock.today() }, registryDataOf(pack, units, staff, password)),
    { statementSeconds: 120 },
  )
  const folder = join(config.dataDir, DEMO_FOLDER)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const districts = [DEMO_DISTRICT, OTHER_DISTRICT]
  writeEarlierSheets(join(folder, 'city'), DEMO_DISTRICT.name, options)
  await writeLaterSheets(folder, DEMO_DISTRICT.name, options)
  await writeDistrictSheets(folder, [OTHER_DISTRICT.name], options)
  const sheets = Object.fromEntries(
    districts.map(({ name, code }) => [String(loaded.unitIds.get(code)), join(folder, name)]),
  )
  const roles = new Map(pack.roles.map((role) => [role.roleId, role.label]))
  const names = new Map([...units.map((unit) => [unit.code, unit.name] as const), ...districtNames(pack)])
  const accounts = staff.flatMap(({ login, posts: [post] }) =>
    login === null || post === undefined
      ? []
      : [
          {
            login,
            role: roles.get(post.roleId) ?? post.roleId,
            unit: names.get(post.unitCode) ?? pack.units.city.name,
          },
        ],
  )
  await writeFile(join(folder, ACCOUNTS_FILE), JSON.stringify({ password, accounts, sheets, folder } satisfies Demo), {
    mode: 0o600,
  })
}

function districtNames(pack: Pack): (readonly [string, string])[] {
  return [DEMO_DISTRICT, OTHER_DISTRICT]
    .map(({ code, name }) => [code, name] as const)
    .concat([[pack.units.city.code, pack.units.city.name]])
}

/** The demo's units under the pack's; the office of a township covers it, and each invented village is a division of its own. */
function registryDataOf(
  pack: Pack,
  demo: readonly DemoUnit[],
  staff: readonly DemoStaff[],
  password: string,
): RegistryData {
  const units = notBeforeParents(pack, demo)
  const inForce = (name: string, unit: DemoUnit) =>
    pack.divisions.districts.find((line) => line.name === name && (line.until === null || line.until > unit.from))
  const keyOf = (unit: DemoUnit): string | undefined => {
    const district = unit.covers === null ? undefined : inForce(unit.covers.district, unit)
    if (unit.covers === null || district === undefined) return undefined
    const township = divisionKey(district, unit.covers.township)
    return unit.covers.village === null ? township : `${township}/${unit.covers.village}`
  }
  return {
    divisions: units.flatMap((unit) => {
      const key = keyOf(unit)
      if (unit.covers?.village == null || key === undefined) return []
      return [
        {
          key,
          parentKey: key.slice(0, key.lastIndexOf('/')),
          level: 'village' as const,
          code: null,
          formerCode: null,
          name: unit.covers.village,
          from: unit.from,
          until: null,
          successorKeys: [],
        },
      ]
    }),
    units: units.map((unit) => {
      const key = keyOf(unit)
      return {
        code: unit.code,
        parentCode: unit.parentCode,
        kind: unit.kind,
        name: unit.name,
        from: unit.from,
        until: null,
        successorCodes: [],
        covers: key === undefined ? [] : [{ divisionKey: key, from: unit.from, until: null, note: null }],
        school: unit.school,
      }
    }),
    staff: staff.map(({ name, login, posts }) => ({
      name,
      account: login === null ? null : { login, password, mustChange: false },
      posts: posts.map((post) => ({ ...post, until: null })),
    })),
  }
}

/** A zone is younger than the districts whose townships it covers, and nothing stands under it before it began. */
function notBeforeParents(pack: Pack, units: readonly DemoUnit[]): readonly DemoUnit[] {
  const began = new Map(pack.units.zones.map(({ code, from }) => [code, from]))
  return units.map((unit) => {
    const parent = began.get(unit.parentCode)
    const from = parent !== undefined && parent > unit.from ? parent : unit.from
    began.set(unit.code, from)
    return { ...unit, from }
  })
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz'
const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const DIGITS = '23456789'

/** Four letters, four digits, two capitals: strong enough for the rules, short enough to type from a terminal. */
function newPassword(): string {
  const draw = (from: string, n: number) => Array.from({ length: n }, () => from[randomInt(from.length)]).join('')
  return `${draw(CAPITALS, 2)}${draw(LETTERS, 4)}-${draw(DIGITS, 4)}`
}
