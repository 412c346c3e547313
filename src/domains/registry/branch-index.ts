import { cleanText, halfWidth } from '../../kernel/text.ts'
import type { UnitKind } from './contract.ts'
import type { Span } from './rules.ts'

export interface BranchUnit extends Span {
  readonly unitId: number
  readonly kind: UnitKind
  readonly code: string
  readonly schoolCode: string | null
  readonly name: string
  /** From the city down to the unit itself. */
  readonly path: readonly number[]
}

export interface BranchIndex {
  /** Every unit that a text in a sheet may mean. */
  find(text: string): readonly BranchUnit[]
  /** From the unit's highest named superior within the branch: `东城街道/灌坝村`. */
  pathName(unit: BranchUnit): string
}

/**
 * [REG-21] Units are named by code, by 学校标识码, by name, or by name path: `灌坝村`, `东城街道/灌坝村` and
 * `南川区东城街道灌坝村` mean the same village. A path may leave out the 片区 between district and school.
 * `within`: only units at or below it are found; what stands above only lends its name.
 */
export function branchIndex(units: readonly BranchUnit[], within: number): BranchIndex {
  const byId = new Map(units.map((unit) => [unit.unitId, unit]))
  const byCode = new Map<string, BranchUnit[]>()
  const byName = new Map<string, BranchUnit[]>()
  for (const unit of units) {
    if (!unit.path.includes(within)) continue
    for (const code of new Set([unit.code, unit.schoolCode ?? unit.code])) add(byCode, foldCode(code), unit)
    for (const name of pathsOf(unit, byId)) add(byName, name, unit)
  }
  return {
    find: (text) => byCode.get(foldCode(text)) ?? byName.get(foldPath(text)) ?? [],
    pathName: (unit) =>
      unit.path
        .slice(unit.path.indexOf(within) + (unit.unitId === within ? 0 : 1))
        .flatMap((id) => byId.get(id)?.name ?? [])
        .join('/'),
  }
}

function pathsOf(unit: BranchUnit, byId: ReadonlyMap<number, BranchUnit>): ReadonlySet<string> {
  const names = new Set<string>()
  const above = unit.path.slice(0, -1).flatMap((id) => byId.get(id) ?? [])
  for (const way of [above, above.filter(({ kind }) => kind !== 'centre')]) {
    let path = foldPath(unit.name)
    names.add(path)
    for (const superior of way.toReversed()) {
      path = foldPath(superior.name) + path
      names.add(path)
    }
  }
  return names
}

function foldCode(text: string): string {
  return halfWidth(cleanText(text)).toUpperCase()
}

/** Between the names of a path people put all kinds of signs, or none. */
function foldPath(text: string): string {
  return halfWidth(cleanText(text)).replace(/[\s/\\、,，>›→|·—–-]/gu, '')
}

function add(table: Map<string, BranchUnit[]>, key: string, unit: BranchUnit): void {
  const known = table.get(key)
  if (known === undefined) table.set(key, [unit])
  else known.push(unit)
}
