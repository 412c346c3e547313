import { z } from 'zod'
import { addDays, findPlainDate, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { CONFIDENCES, isWithin, type Parameter, type PolicySource } from './parameter.ts'
import { type PolicyAmount, showAmount } from './units.ts'
import { policyWords as words } from './words.ts'

/** A value a unit has set for itself and those below it. */
export interface OverlayValue {
  readonly parameterId: string
  readonly from: PlainDate
  /** First day no longer in force; null while it is. */
  readonly until: PlainDate | null
  readonly value: PolicyAmount
  readonly source: PolicySource
  readonly confidence: (typeof CONFIDENCES)[number]
}

/** The own values of one unit. */
export interface PolicyPack {
  /** Code of the unit, as the tree of units has it. */
  readonly unit: string
  /** Named as the origin of its values. */
  readonly label: string
  readonly values: readonly OverlayValue[]
}

const day = z.iso.date()
const text = z.string().trim().min(1)

/** The file of a pack: `[{ unit, label, values: [...] }]`. A misspelt key is a fault, because a source that is ignored is no source. */
const PackFile = z.array(
  z.strictObject({
    unit: text,
    label: text,
    values: z.array(
      z.strictObject({
        parameter: text,
        from: day,
        until: day.nullable().default(null),
        value: z.union([z.number(), z.string(), z.boolean()]),
        source: z.strictObject({ title: text, article: text.optional(), number: text.optional() }),
        confidence: z.enum(CONFIDENCES),
      }),
    ),
  }),
)

/**
 * [POLICY-5] Reads the content of a pack file against the parameters there are.
 * Throws `POLICY.PACK_FAULT` naming the first faulty place; a pack is taken whole or not at all.
 */
export function readPolicyPacks(
  content: unknown,
  parameters: readonly Parameter[],
  fileName: string,
): readonly PolicyPack[] {
  const parsed = PackFile.safeParse(content, { error: z.locales.zhCN().localeError })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw packFault(fileName, issue?.path.join('.') ?? '', words.pack.malformed(issue?.message ?? ''))
  }
  const seen = new Set<string>()
  return parsed.data.map((draft, index) => {
    const place = `${index}`
    if (seen.has(draft.unit)) throw packFault(fileName, place, words.pack.packTwice(draft.unit))
    seen.add(draft.unit)
    const pack: PolicyPack = {
      unit: draft.unit,
      label: draft.label,
      values: draft.values.map(({ parameter, from, until, ...rest }) => ({
        ...rest,
        parameterId: parameter,
        from: plainDate(from),
        until: until === null ? null : plainDate(until),
      })),
    }
    for (const [valueIndex, value] of pack.values.entries()) {
      const advice = adviceOn(value, pack.values.slice(0, valueIndex), parameters)
      if (advice !== undefined) throw packFault(fileName, `${place}.values.${valueIndex}`, advice)
    }
    return pack
  })
}

/** The last day a value is in force among a unit's values of the same parameter; null while nothing ends it. */
export function lastDayOf(value: OverlayValue, own: readonly OverlayValue[]): PlainDate | null {
  const nexts = own.filter(({ from }) => from > value.from).map(({ from }) => from)
  const [end] = (value.until === null ? nexts : [...nexts, value.until]).sort()
  return end === undefined ? null : addDays(end, -1)
}

function adviceOn(
  value: OverlayValue,
  earlier: readonly OverlayValue[],
  parameters: readonly Parameter[],
): string | undefined {
  const parameter = parameters.find(({ id }) => id === value.parameterId)
  if (parameter === undefined) return words.pack.unknownParameter(value.parameterId)
  if (!isSameKind(parameter, value.value)) return words.pack.wrongType(kindWord(parameter))
  if (!isWithin(parameter, value.value))
    return words.pack.outOfBounds(bound(parameter, 'least'), bound(parameter, 'most'))
  if (value.until !== null && value.until <= value.from) return words.pack.endsBeforeStart(value.from)
  const twin = earlier.find((other) => other.parameterId === value.parameterId && overlaps(other, value))
  return twin === undefined ? undefined : words.pack.overlap(twin.from)
}

/** An open end is closed by the next value; two that start on one day, or a closed span that covers another's start, contradict each other. */
function overlaps(a: OverlayValue, b: OverlayValue): boolean {
  if (a.from === b.from) return true
  const [first, second] = a.from < b.from ? [a, b] : [b, a]
  return first.until !== null && second.from < first.until
}

function isSameKind(parameter: Parameter, value: PolicyAmount): boolean {
  if (typeof value !== typeof parameter.values[0]!.value) return false
  // A common year, so that 29 February is no cut-off.
  return parameter.unit !== 'month-day' || findPlainDate(`2023-${value}`) !== undefined
}

function kindWord(parameter: Parameter): string {
  if (parameter.unit === 'month-day') return words.pack.aMonthDay
  const kind = typeof parameter.values[0]!.value
  if (kind === 'number') return words.pack.aNumber
  return kind === 'string' ? words.pack.aText : words.pack.aYesOrNo
}

function bound(parameter: Parameter, side: 'least' | 'most'): string {
  const value = parameter[side]
  return value === undefined ? '∞' : showAmount(value, parameter.unit)
}

function packFault(fileName: string, place: string, advice: string): Problem {
  return new Problem('POLICY.PACK_FAULT', { where: words.pack.where(fileName, place), advice })
}
