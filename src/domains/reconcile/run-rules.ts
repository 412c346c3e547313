import { Problem } from '../../kernel/problem.ts'

export { MAX_SHEET_BYTES } from '../imports/index.ts'

/** [RUN-10] One sheet cannot be both sides: everybody would be found. */
export function refuseSameSheet(population: { fingerprint: string }, roll: { fingerprint: string }): void {
  if (population.fingerprint === roll.fingerprint) throw new Problem('RUN.SAME_SHEET')
}

/** [RUN-17] [RUN-18] Whether two runs read the same: keyed hashes or ids, in any order. */
export function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set(one).size === new Set([...one, ...other]).size
}

export interface Model {
  readonly version: string
  /** What the linkage was defined by; a note of dropped blocks follows it in the result. */
  readonly model: string
}

/** [RUN-17] [RUN-18] Engine and definition, not what became of one run. */
export function isSameModel(one: Model | undefined, other: Model | undefined): boolean {
  const definition = (model: Model | undefined) => model && `${model.version} ${model.model.split(' ')[0]}`
  return one !== undefined && definition(one) === definition(other)
}
