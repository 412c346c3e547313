import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { PolicyPack } from './pack.ts'
import type { Confidence, Parameter, PolicySource } from './parameter.ts'
import type { PolicyAmount } from './units.ts'

/** Where a value is asked for: the codes of the unit and all above it, widest first, and the packs there are. */
export interface PolicyPlace {
  readonly units: readonly string[]
  readonly packs: readonly PolicyPack[]
}

/** The value in force, and on whose word. */
export interface PolicyFinding<Value extends PolicyAmount> {
  readonly value: Value
  readonly from: PlainDate
  readonly source: PolicySource
  readonly confidence: Confidence
  /** The pack it comes from; undefined for the product's own values. */
  readonly pack: PolicyPack | undefined
}

/**
 * [POLICY-2] The value in force on a business day: the day the matter speaks of,
 * never the day it is worked on. The nearest unit that has set one wins [POLICY-3].
 * Throws `POLICY.NO_VALUE_IN_FORCE` on a day before any value [POLICY-4].
 */
export function valueOn<Value extends PolicyAmount>(
  parameter: Parameter<Value>,
  day: PlainDate,
  place?: PolicyPlace,
): Value {
  return getValueOn(parameter, day, place).value
}

/** The same with its source, for what is printed beside the number. */
export function getValueOn<Value extends PolicyAmount>(
  parameter: Parameter<Value>,
  day: PlainDate,
  place?: PolicyPlace,
): PolicyFinding<Value> {
  const found = findValueOn(parameter, day, place)
  if (found !== undefined) return found
  const detail = { parameter: parameter.id, on: day }
  throw new Problem('POLICY.NO_VALUE_IN_FORCE', { parameter: parameter.label, day }, detail)
}

/** The same for a list that shows also what is not yet ruled. */
export function findValueOn<Value extends PolicyAmount>(
  parameter: Parameter<Value>,
  day: PlainDate,
  place?: PolicyPlace,
): PolicyFinding<Value> | undefined {
  const overlay = place === undefined ? undefined : findOverlay(parameter, day, place)
  if (overlay !== undefined) return overlay
  const own = newestOn(parameter.values, day)
  return own === undefined ? undefined : { ...own, pack: undefined }
}

/** [POLICY-3] From the unit itself upwards; a value that has ended gives way to the next wider unit, not to the one before it. */
function findOverlay<Value extends PolicyAmount>(
  parameter: Parameter<Value>,
  day: PlainDate,
  place: PolicyPlace,
): PolicyFinding<Value> | undefined {
  for (const unit of place.units.toReversed()) {
    const pack = place.packs.find((one) => one.unit === unit)
    const own = pack?.values.filter((one) => one.parameterId === parameter.id) ?? []
    const newest = newestOn(own, day)
    if (newest === undefined || (newest.until !== null && newest.until <= day)) continue
    // `readPolicyPacks` held every value to the kind of its parameter.
    return { ...newest, value: newest.value as Value, pack }
  }
  return undefined
}

function newestOn<Dated extends { readonly from: PlainDate }>(
  values: readonly Dated[],
  day: PlainDate,
): Dated | undefined {
  let newest: Dated | undefined
  for (const value of values) {
    if (value.from <= day && (newest === undefined || value.from > newest.from)) newest = value
  }
  return newest
}
