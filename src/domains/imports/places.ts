import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanText, halfWidth } from '../../kernel/text.ts'
import type { UnitKind } from '../registry/index.ts'

/** The registry's two trees as far as names in sheets have to be found in them. */
export interface PlaceBook {
  readonly units: readonly PlaceUnit[]
  readonly divisions: readonly PlaceDivision[]
  /** Who answers for a division, and from when until when. */
  readonly covers: readonly PlaceCover[]
  /** Abolished division and the one that follows it. */
  readonly successors: readonly (readonly [number, number])[]
}

export interface PlaceUnit {
  readonly unitId: number
  readonly kind: UnitKind
  readonly name: string
  readonly parentId: number | null
  readonly path: readonly number[]
  readonly from: PlainDate
  readonly until: PlainDate | null
}

export interface PlaceDivision {
  readonly divisionId: number
  readonly parentId: number | null
  readonly level: 'city' | 'district' | 'township' | 'village'
  readonly name: string
  readonly from: PlainDate
  readonly until: PlainDate | null
}

export interface PlaceCover {
  readonly unitId: number
  readonly divisionId: number
  readonly from: PlainDate
  readonly until: PlainDate | null
}

/** What a row says of its place; `head` is the beginning of its address, up to the house number. */
export interface PlaceCells {
  readonly district: string | null
  readonly township: string | null
  readonly village: string | null
  readonly head: string | null
}

export type PlaceFault = 'place-unknown' | 'other-district' | 'township-unknown' | 'village-unknown'

export interface Place {
  /** Village, township, district or zone: the nearest one known. Null: the row cannot be placed. */
  readonly unitId: number | null
  /** The district or zone that answers for it. */
  readonly answersId: number | null
  readonly fault: PlaceFault | null
  /** Who should give it, where the giver may not. */
  readonly answersName: string | null
}

/** The city's own name before that of a district. */
const CITY_HEAD = /^(?:重庆市|重庆)(?:市辖区|县(?=.+县))?/u
const OTHER_PROVINCE =
  /^(?:北京|天津|上海|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)/u

/**
 * [IMP-7] Finds the unit of a row by names, as the trees stand on `day`: an abolished district leads to those that follow
 * it, a township that changed district to where it is now, and a zone goes before the district around it.
 */
export function createPlaceFinder(book: PlaceBook, giverId: number, day: PlainDate): (cells: PlaceCells) => Place {
  const tree = treeOf(book, day)
  const giver = tree.unit(giverId)
  const own = giver?.kind === 'district' || giver?.kind === 'zone' ? giver : undefined
  const isOwn = (unit: PlaceUnit) => unit.path.includes(giverId)

  return (cells) => {
    const said = readCells(tree, cells)
    if (said.isElsewhere) return outside(null)
    const areas = said.district === null ? (own === undefined ? [] : [own]) : tree.answering(said.district)
    if (areas.length === 0) return unplaced()
    const township = said.township(areas)
    if (township !== undefined && !isOwn(township)) return outside(tree.answersFor(township)?.name ?? null)
    const area = township ?? areas.find(isOwn)
    if (area === undefined) return outside(areas[0]!.name)
    if (township === undefined && areas.length > 1 && own === undefined) return unplaced()
    return village(tree, area, said, township !== undefined)
  }
}

function village(tree: Tree, area: PlaceUnit, said: Said, isTownship: boolean): Place {
  const answersId = tree.answersFor(area)?.unitId ?? null
  const at = (unit: PlaceUnit, fault: PlaceFault | null): Place => ({
    unitId: unit.unitId,
    answersId,
    fault,
    answersName: null,
  })
  if (!isTownship) return at(area, said.hasTownship ? 'township-unknown' : null)
  const found = said.village(area)
  if (found !== undefined) return at(found, null)
  return at(area, said.hasVillage && tree.hasLower(area) ? 'village-unknown' : null)
}

function unplaced(): Place {
  return { unitId: null, answersId: null, fault: 'place-unknown', answersName: null }
}

function outside(answersName: string | null): Place {
  return { unitId: null, answersId: null, fault: 'other-district', answersName }
}

interface Said {
  /** Folded name of a district or zone. */
  readonly district: string | null
  readonly isElsewhere: boolean
  readonly hasTownship: boolean
  readonly hasVillage: boolean
  township(areas: readonly PlaceUnit[]): PlaceUnit | undefined
  village(township: PlaceUnit): PlaceUnit | undefined
}

function readCells(tree: Tree, cells: PlaceCells): Said {
  const head = fold(cells.head ?? '')
  const withoutCity = head.replace(CITY_HEAD, '')
  const written = fold(cells.district ?? '').replace(CITY_HEAD, '')
  const inHead = tree.districtAtStartOf(withoutCity)
  const district = written !== '' ? written : inHead
  const rest = inHead === null ? withoutCity : withoutCity.slice(inHead.length)
  const townshipCell = fold(cells.township ?? '').replace(/街道办事处$/u, '街道')
  const villageCell = fold(cells.village ?? '')
  return {
    district,
    isElsewhere: written === '' && inHead === null && OTHER_PROVINCE.test(head),
    hasTownship: townshipCell !== '',
    hasVillage: villageCell !== '',
    township: (areas) =>
      townshipCell !== ''
        ? tree.township(areas, district, townshipCell)
        : tree.townshipAtStartOf(areas, district, rest),
    village: (township) =>
      villageCell !== ''
        ? tree.village(township, villageCell)
        : tree.villageAtStartOf(
            township,
            rest.startsWith(fold(township.name)) ? rest.slice(fold(township.name).length) : '',
          ),
  }
}

type Tree = ReturnType<typeof treeOf>

function treeOf({ units, divisions, covers, successors }: PlaceBook, day: PlainDate) {
  const byId = new Map(units.map((unit) => [unit.unitId, unit]))
  const division = new Map(divisions.map((line) => [line.divisionId, line]))
  const next = grouped(successors, ([from]) => from)
  const lowerUnits = grouped(
    units.filter((unit) => isIn(unit, day)),
    (unit) => unit.parentId,
  )
  const lowerDivisions = grouped(divisions, (line) => line.parentId)
  const covering = grouped(
    covers.filter((cover) => isIn(cover, day)),
    (cover) => cover.divisionId,
  )
  const coveredBy = grouped(
    covers.filter((cover) => isIn(cover, day)),
    (cover) => cover.unitId,
  )
  const named = grouped(
    divisions
      .filter((line) => line.level === 'district')
      .flatMap((line) => spellings(line.name).map((name) => ({ name, line }))),
    ({ name }) => name,
  )
  const zones = grouped(
    units
      .filter((unit) => unit.kind === 'zone' && isIn(unit, day))
      .flatMap((unit) => spellings(unit.name).map((name) => ({ name, unit }))),
    ({ name }) => name,
  )
  const starts = [...new Set([...named.keys(), ...zones.keys()])].sort((a, b) => b.length - a.length)
  const villages = new Map<number, Map<string, PlaceUnit>>()

  /** The division itself or, once abolished, all that follow it and are in force. */
  const living = (line: PlaceDivision): readonly PlaceDivision[] =>
    isIn(line, day)
      ? [line]
      : (next.get(line.divisionId) ?? []).flatMap(([, id]) => {
          const follower = division.get(id)
          return follower === undefined ? [] : living(follower)
        })
  const unitsCovering = (line: PlaceDivision) =>
    (covering.get(line.divisionId) ?? []).flatMap(({ unitId }) => byId.get(unitId) ?? [])
  /** The township's office, else the zone or district that answers for it. */
  const unitOf = (line: PlaceDivision): PlaceUnit | undefined => {
    const here = unitsCovering(line)
    const office = here.find(({ kind }) => kind === 'township') ?? here.find(({ kind }) => kind === 'zone')
    const above = line.parentId === null ? undefined : division.get(line.parentId)
    return office ?? here[0] ?? (above === undefined ? undefined : unitOf(above))
  }
  /** Townships of the district that is named, and of the areas that answer for it or for the sheet. */
  const townshipDivisions = (areas: readonly PlaceUnit[], district: string | null): readonly PlaceDivision[] => {
    const said = district === null ? [] : (named.get(district) ?? []).map(({ line }) => line)
    const answered = areas
      .flatMap(({ unitId }) => coveredBy.get(unitId) ?? [])
      .flatMap(({ divisionId }) => division.get(divisionId) ?? [])
    return unique([...said, ...answered]).flatMap((line) =>
      line.level === 'township' ? [line] : (lowerDivisions.get(line.divisionId) ?? []),
    )
  }
  const villagesOf = (township: PlaceUnit): ReadonlyMap<string, PlaceUnit> => {
    const known = villages.get(township.unitId)
    if (known !== undefined) return known
    const made = new Map((lowerUnits.get(township.unitId) ?? []).map((unit) => [bareVillage(fold(unit.name)), unit]))
    villages.set(township.unitId, made)
    return made
  }
  const officesOf = (areas: readonly PlaceUnit[]) =>
    areas.flatMap((area) => (lowerUnits.get(area.unitId) ?? []).filter(({ kind }) => kind === 'township'))
  const townshipNamed = (areas: readonly PlaceUnit[], district: string | null, name: string): PlaceUnit | undefined => {
    const office = officesOf(areas).find((unit) => fold(unit.name) === name)
    if (office !== undefined) return office
    const followers = townshipDivisions(areas, district)
      .filter((line) => fold(line.name) === name)
      .flatMap(living)
    return followers.map(unitOf).find((unit) => unit !== undefined)
  }

  return {
    unit: (id: number) => byId.get(id),
    answersFor: (unit: PlaceUnit) =>
      unit.path.map((id) => byId.get(id)).findLast((over) => over?.kind === 'district' || over?.kind === 'zone'),
    hasLower: (unit: PlaceUnit) => (lowerUnits.get(unit.unitId) ?? []).length > 0,
    answering(name: string): readonly PlaceUnit[] {
      const zone = zones.get(name)?.[0]?.unit
      if (zone !== undefined) return [zone]
      const living_ = (named.get(name) ?? []).flatMap(({ line }) => living(line))
      return unique(
        living_.flatMap((line) => unitsCovering(line).filter(({ kind }) => kind === 'district' || kind === 'zone')),
      )
    },
    districtAtStartOf: (text: string) => starts.find((name) => text.startsWith(name)) ?? null,
    township: townshipNamed,
    townshipAtStartOf(areas: readonly PlaceUnit[], district: string | null, text: string): PlaceUnit | undefined {
      if (text === '') return undefined
      const names = [...officesOf(areas), ...townshipDivisions(areas, district)].map(({ name }) => fold(name))
      const longest = names.filter((name) => text.startsWith(name)).sort((a, b) => b.length - a.length)[0]
      return longest === undefined ? undefined : townshipNamed(areas, district, longest)
    },
    village: (township: PlaceUnit, name: string) => villagesOf(township).get(bareVillage(name)),
    villageAtStartOf(township: PlaceUnit, text: string): PlaceUnit | undefined {
      if (text === '') return undefined
      const found = [...villagesOf(township)]
        .filter(([name]) => text.startsWith(name))
        .sort(([a], [b]) => b.length - a.length)
      return found[0]?.[1]
    },
  }
}

/** 东街社区居民委员会, 东街社区居委会 and 东街社区 are one. */
function bareVillage(name: string): string {
  return name.replace(/(?:居民|村民)?委员会$|[居村]委会$|[居村]委$/u, '')
}

/** 南川区 is also written 南川; 石柱土家族自治县 also 石柱县 and 石柱. */
function spellings(name: string): readonly string[] {
  const whole = fold(name)
  const short = whole.replace(/^重庆/u, '').replace(/(?:土家族|苗族|各族)*自治县$|[区县]$/u, '')
  const others = whole.endsWith('自治县') ? [short, `${short}县`] : [short, whole.replace(/^重庆/u, '')]
  return [...new Set([whole, ...others.filter((other) => [...other].length >= 2)])]
}

export function fold(text: string): string {
  return halfWidth(cleanText(text)).replaceAll(' ', '')
}

function isIn(span: { readonly from: PlainDate; readonly until: PlainDate | null }, day: PlainDate): boolean {
  return span.from <= day && (span.until === null || span.until > day)
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  return Map.groupBy(items, keyOf)
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)]
}
