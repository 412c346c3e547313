import type { Keys } from '../../platform/keys.ts'

type Opener = Pick<Keys, 'open'>
type Column = 'roll_sealed' | 'register_sealed' | 'right_sealed' | 'evidence_sealed'

export function contextOf(column: Column): string {
  return `repair.${column}`
}

export function openCell(keys: Opener, column: Column, sealed: Buffer | null): string | null {
  return sealed === null ? null : keys.open(sealed, contextOf(column))
}

export function sealCell(keys: Pick<Keys, 'seal'>, column: Column, value: string | null): Buffer | null {
  return value === null ? null : keys.seal(value, contextOf(column))
}
