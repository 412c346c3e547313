import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import type { PolicyLine, PolicyValue } from './contract.ts'
import { lastDayOf } from './pack.ts'
import type { Confidence, Parameter, PolicySource } from './parameter.ts'
import type { PolicyAmount } from './units.ts'
import { showAmount } from './units.ts'
import { findValueOn, type PolicyFinding, type PolicyPlace } from './value-on.ts'
import { policyWords as words } from './words.ts'

/** Every parameter of the product once. Two of one id would answer for each other, so they are refused. */
export function catalogueOf(...lists: readonly (readonly Parameter[])[]): readonly Parameter[] {
  const all = lists.flat()
  const ids = new Set<string>()
  for (const { id } of all) {
    if (ids.has(id)) throw new Error(`parameter ${id} is defined twice`)
    ids.add(id)
  }
  return all
}

/**
 * [POLICY-6] Every value of every parameter as the page prints it, newest first,
 * the place's own among them; the one in force there on `day` is marked, if any is.
 * `q` keeps the lines in which it occurs: id, label, area, note or a source.
 */
export function listPolicy(
  parameters: readonly Parameter[],
  day: PlainDate,
  place: PolicyPlace,
  q = '',
): readonly PolicyLine[] {
  const lines = parameters.map((parameter) => lineOf(parameter, day, place))
  const asked = q.trim().toLowerCase()
  return asked === '' ? lines : lines.filter((line) => textOf(line).includes(asked))
}

function lineOf(parameter: Parameter, day: PlainDate, place: PolicyPlace): PolicyLine {
  const inForce = findValueOn(parameter, day, place)
  const values = [...overlays(parameter, place, inForce), ...ownValues(parameter, inForce)]
  return {
    id: parameter.id,
    label: parameter.label,
    area: parameter.area,
    unit: words.unit[parameter.unit],
    note: parameter.note ?? null,
    values: values.toSorted((a, b) => b.from.localeCompare(a.from)),
  }
}

function ownValues(parameter: Parameter, inForce: PolicyFinding<PolicyAmount> | undefined): readonly PolicyValue[] {
  return parameter.values.map((value, index) => {
    const next = parameter.values[index + 1]
    return {
      ...printed(parameter, value),
      until: next === undefined ? null : addDays(next.from, -1),
      origin: words.national,
      inForce: inForce !== undefined && inForce.pack === undefined && inForce.from === value.from,
    }
  })
}

function overlays(
  parameter: Parameter,
  place: PolicyPlace,
  inForce: PolicyFinding<PolicyAmount> | undefined,
): readonly PolicyValue[] {
  const packs = place.packs.filter(({ unit }) => place.units.includes(unit))
  return packs.flatMap((pack) => {
    const own = pack.values.filter(({ parameterId }) => parameterId === parameter.id)
    return own.map((value) => ({
      ...printed(parameter, value),
      until: lastDayOf(value, own),
      origin: pack.label,
      inForce: inForce?.pack === pack && inForce.from === value.from,
    }))
  })
}

interface Dated {
  readonly from: PlainDate
  readonly value: PolicyAmount
  readonly source: PolicySource
  readonly confidence: Confidence
}

function printed(parameter: Parameter, { from, value, source, confidence }: Dated) {
  return {
    from,
    shown: showAmount(value, parameter.unit),
    source: { title: source.title, article: source.article ?? null, number: source.number ?? null },
    confidence,
  }
}

function textOf({ id, label, area, note, values }: PolicyLine): string {
  const sources = values.map(({ source }) => `${source.title} ${source.article ?? ''} ${source.number ?? ''}`)
  return [id, label, area, note ?? '', ...sources].join(' ').toLowerCase()
}
