import type { LinkageDefinition } from './definition.ts'
import type { Model, Rates } from './model.ts'

/** Raised when the shape below changes. */
const FORMAT = 1

interface LevelRates {
  readonly match: number
  readonly household: number
  readonly stranger: number
}

/** A learnt model as it is kept: rates by the names of comparisons and levels, so that it can be read and compared. */
export interface ModelJson {
  readonly format: typeof FORMAT
  /** `id@version` of the definition it was learnt for. */
  readonly definition: string
  readonly matchShare: number
  readonly householdShare: number
  readonly comparisons: Readonly<Record<string, Readonly<Record<string, LevelRates>>>>
}

export function nameOf({ id, version }: Pick<LinkageDefinition, 'id' | 'version'>): string {
  return `${id}@${version}`
}

export function toModelJson(definition: LinkageDefinition, model: Model): ModelJson {
  const comparisons = definition.comparisons.map(({ id, levels }, index) => [
    id,
    Object.fromEntries(
      levels.map((level, place) => [
        level.id,
        {
          match: model.match[index]![place]!,
          household: model.household[index]![place]!,
          stranger: model.stranger[index]![place]!,
        },
      ]),
    ),
  ])
  return {
    format: FORMAT,
    definition: nameOf(definition),
    matchShare: model.matchShare,
    householdShare: model.householdShare,
    comparisons: Object.fromEntries(comparisons),
  }
}

/** Throws where a model was learnt for another definition: its levels would mean something else. */
export function fromModelJson(definition: LinkageDefinition, json: ModelJson): Model {
  if (json.format !== FORMAT || json.definition !== nameOf(definition))
    throw new RangeError(`a model of ${json.definition}, format ${json.format}, does not fit ${nameOf(definition)}`)
  const rates = (of: keyof LevelRates): Rates =>
    definition.comparisons.map(({ id, levels }) =>
      levels.map((level) => {
        const rate = json.comparisons[id]?.[level.id]?.[of]
        if (rate === undefined) throw new RangeError(`the model says nothing of ${id}: ${level.id}`)
        return rate
      }),
    )
  return {
    match: rates('match'),
    household: rates('household'),
    stranger: rates('stranger'),
    matchShare: json.matchShare,
    householdShare: json.householdShare,
  }
}
