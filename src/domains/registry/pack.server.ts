import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { PERMISSIONS } from '../../kernel/scope.ts'
import { UnitKind } from './contract.ts'
import { registryWords as words } from './words.ts'

const day = z.iso.date().transform(plainDate)
const name = z.string().min(1).max(60)
const districtCode = z.string().regex(/^\d{6}$/)

const Township = z.strictObject({
  code: z
    .string()
    .regex(/^\d{9}$/)
    .nullable(),
  name,
  /** The code is the last published one, from before the township changed district. */
  codeIsFormer: z.boolean().optional(),
  /** The district that follows, where the old one was split. */
  successor: name.optional(),
})
const Divisions = z.strictObject({
  source: z.string(),
  note: z.string(),
  city: z.strictObject({ code: districtCode, name }),
  districts: z
    .array(
      z.strictObject({
        code: districtCode.nullable(),
        name,
        from: day,
        until: day.nullable(),
        successors: z.array(name),
        townships: z.array(Township).min(1),
      }),
    )
    .min(1),
})
const code = z.string().min(1).max(32)
const Units = z.strictObject({
  source: z.string(),
  city: z.strictObject({ code, name, from: day }),
  zones: z.array(
    z.strictObject({
      code,
      name,
      from: day,
      until: day.nullable(),
      covers: z.array(z.strictObject({ district: name, townships: z.array(name).min(1) })),
      source: z.strictObject({ title: z.string(), confidence: z.enum(['certain', 'likely', 'to-verify']) }),
    }),
  ),
  districtCodes: z.array(z.strictObject({ district: name, code, note: z.string() })),
})
const roleId = z.string().regex(/^[a-z][a-z-]{1,39}$/)
const Roles = z.strictObject({
  source: z.string(),
  roles: z
    .array(
      z.strictObject({
        roleId,
        label: name,
        duty: z.enum(['none', 'system', 'security', 'audit']),
        unitKinds: z.array(UnitKind).min(1),
        permissions: z.array(z.enum(PERMISSIONS)),
        mayAssign: z.array(roleId),
        note: z.string(),
      }),
    )
    .min(1),
})
const Chains = z.strictObject({
  source: z.string(),
  chains: z.array(
    z.strictObject({
      district: name.nullable(),
      label: z.string(),
      levels: z.array(z.strictObject({ label: z.string(), roleId: roleId.nullable() })).min(1),
      note: z.string(),
    }),
  ),
})

/** A city's own data that is not code, checked as a whole. */
export interface Pack {
  readonly divisions: z.output<typeof Divisions>
  readonly units: z.output<typeof Units>
  readonly roles: z.output<typeof Roles>['roles']
  readonly chains: z.output<typeof Chains>['chains']
}

/** Reads `divisions.json`, `units.json`, `roles.json` and `chains.json` of one city. Throws `POLICY.PACK_FAULT` naming file and place. */
export async function readPack(folder: string): Promise<Pack> {
  const [divisions, units, roles, chains] = await Promise.all([
    readPart(folder, 'divisions.json', Divisions),
    readPart(folder, 'units.json', Units),
    readPart(folder, 'roles.json', Roles),
    readPart(folder, 'chains.json', Chains),
  ])
  const pack = { divisions, units, roles: roles.roles, chains: chains.chains }
  checkDivisions(pack)
  checkRoles(pack)
  return pack
}

/** The district's own code, or the pack's key where none is published. */
export function districtUnitCode(pack: Pack, district: string): string {
  const own = pack.units.districtCodes.find((line) => line.district === district)
  const published = pack.divisions.districts.find((line) => line.name === district && line.code !== null)
  const found = own?.code ?? published?.code
  if (found == null) throw fault('units.json', words.pack.unknownDistrict(district))
  return found
}

async function readPart<Shape extends z.ZodType>(folder: string, file: string, shape: Shape): Promise<z.output<Shape>> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
  if (text === undefined) throw fault(file, words.pack.missing)
  const parsed = shape.safeParse(parseJson(file, text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw fault(`${file} ${(issue?.path ?? []).join('.')}`, words.pack.shape)
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fault(file, words.pack.shape)
  }
}

/** [REG-10] What is abolished names its successors, and a split district names one for every township. */
function checkDivisions({ divisions, units }: Pack): void {
  const byName = new Map(divisions.districts.map((district) => [district.name, district]))
  for (const district of divisions.districts) {
    const where = `divisions.json ${district.name}`
    for (const successor of district.successors) {
      if (!byName.has(successor)) throw fault(where, words.pack.unknownDistrict(successor))
    }
    if (district.until === null) continue
    for (const township of district.townships) {
      if (township.successor === undefined || !district.successors.includes(township.successor)) {
        throw fault(where, words.pack.noSuccessor(township.name))
      }
    }
  }
  for (const zone of units.zones) {
    for (const cover of zone.covers) {
      const district = byName.get(cover.district)
      const where = `units.json ${zone.name}`
      if (district === undefined) throw fault(where, words.pack.unknownDistrict(cover.district))
      const unknown = cover.townships.find((township) => !district.townships.some((line) => line.name === township))
      if (unknown !== undefined) throw fault(where, words.pack.unknownTownship(unknown))
    }
  }
}

/** [REG-7] Roles are given downwards only: none gives itself, and no circle leads back to it. */
function checkRoles({ roles, chains }: Pack): void {
  const byId = new Map(roles.map((role) => [role.roleId, role]))
  for (const role of roles) {
    const where = `roles.json ${role.roleId}`
    if (role.mayAssign.includes(role.roleId)) throw fault(where, words.pack.assignsItself)
    const unknown = role.mayAssign.find((id) => !byId.has(id))
    if (unknown !== undefined) throw fault(where, words.pack.unknownRole(unknown))
    if (reachable(byId, role.roleId).has(role.roleId)) throw fault(where, words.pack.grantsInCircle)
  }
  for (const chain of chains) {
    const unknown = chain.levels.find((level) => level.roleId !== null && !byId.has(level.roleId))?.roleId
    if (unknown != null) throw fault(`chains.json ${chain.label}`, words.pack.unknownRole(unknown))
  }
}

function reachable(roles: ReadonlyMap<string, { readonly mayAssign: readonly string[] }>, from: string): Set<string> {
  const seen = new Set<string>()
  const open = [...(roles.get(from)?.mayAssign ?? [])]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(roles.get(id)?.mayAssign ?? []))
  }
  return seen
}

function fault(where: string, advice: string): Problem {
  return new Problem('POLICY.PACK_FAULT', { where, advice })
}
