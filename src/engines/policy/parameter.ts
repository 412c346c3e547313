import type { PlainDate } from '../../kernel/plain-date.ts'
import type { PolicyAmount, PolicyUnit } from './units.ts'

declare const checked: unique symbol

/** `to-verify`: one weak source, memory, or practice that differs; the page says so and a pack should overlay it. */
export const CONFIDENCES = ['certain', 'likely', 'to-verify'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** The document that says so. */
export interface PolicySource {
  readonly title: string
  /** 第十一条 */
  readonly article?: string | undefined
  /** 文号, as printed. */
  readonly number?: string | undefined
}

/** In force from `from` until the day before the next value. */
export interface DatedValue<Value extends PolicyAmount> {
  readonly from: PlainDate
  readonly value: Value
  readonly source: PolicySource
  readonly confidence: Confidence
}

export interface ParameterDraft<Value extends PolicyAmount> {
  /** `area.what`, unique over the product, never reused. */
  readonly id: string
  readonly label: string
  /** The heading it stands under on the page. */
  readonly area: string
  readonly unit: PolicyUnit
  readonly note?: string
  /** Inclusive bounds that a pack's own number must keep. */
  readonly least?: number
  readonly most?: number
  /** Oldest first. */
  readonly values: readonly DatedValue<Value>[]
}

/** A draft that was checked. */
export interface Parameter<Value extends PolicyAmount = PolicyAmount> extends ParameterDraft<Value> {
  readonly [checked]: true
}

/** `15` is a number: a parameter whose only value so far is 15 is not for ever 15. */
type Widened<Value extends PolicyAmount> = Value extends number ? number : Value extends string ? string : boolean

const ID = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/

/** [POLICY-1] A number of law or practice: dated, with its unit, its source and how sure we are. A faulty one is a bug and stops the program. */
export function defineParameter<const Value extends PolicyAmount>(
  draft: ParameterDraft<Value>,
): Parameter<Widened<Value>> {
  if (!ID.test(draft.id)) throw new Error(`parameter id ${draft.id}: expected area.what`)
  if (draft.values.length === 0) throw new Error(`parameter ${draft.id} has no value`)
  for (const [index, dated] of draft.values.entries()) {
    const before = draft.values[index - 1]
    if (before !== undefined && dated.from <= before.from)
      throw new Error(`parameter ${draft.id}: ${dated.from} is out of order`)
    if (dated.source.title.trim() === '') throw new Error(`parameter ${draft.id}: ${dated.from} has no source`)
    if (!isWithin(draft, dated.value)) throw new Error(`parameter ${draft.id}: ${dated.from} is out of bounds`)
  }
  return draft as ParameterDraft<PolicyAmount> as Parameter<Widened<Value>>
}

/** Whether a value keeps the bounds of the parameter. */
export function isWithin(bounds: { readonly least?: number; readonly most?: number }, value: PolicyAmount): boolean {
  if (typeof value !== 'number') return true
  return Number.isFinite(value) && value >= (bounds.least ?? -Infinity) && value <= (bounds.most ?? Infinity)
}
