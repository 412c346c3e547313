import type { BlockPart, BlockRule } from './definition.ts'
import { blockKey, divided, pieceOfCode } from './dialect.ts'

/** Values of a part, as expressions over a feature table `x`; several where a row has several. */
function valuesOf(part: BlockPart): readonly string[] {
  if (typeof part === 'string') return [`x.${part}`]
  if ('any' in part) return part.any.map((key) => `x.${key}`)
  const value = `x.${part.of}`
  switch (part.take) {
    case 'month':
      return [divided(value, 100)]
    case 'monthDay':
      return [`(${value} % 10000)`]
    case 'yearDay':
      return [`(${divided(value, 10_000)} * 100 + ${value} % 100)`]
    default:
      return [pieceOfCode(value, part.take)]
  }
}

/** `key, row` of every key a rule gives a row of `table`, and further columns of it. */
export function keysSql(rule: BlockRule, table: string, more: readonly string[] = []): string {
  const choices = rule.parts.reduce<readonly string[][]>(
    (sofar, part) => sofar.flatMap((chosen) => valuesOf(part).map((value) => [...chosen, value])),
    [[]],
  )
  const columns = ['row', ...more]
  const each = choices.map(
    (values) =>
      `SELECT ${blockKey(values)} AS key, ${columns.map((column) => `x.${column}`).join(', ')} FROM ${table} x`,
  )
  return `SELECT key, ${columns.join(', ')} FROM (${each.join(' UNION ALL ')}) WHERE key IS NOT NULL`
}

/** Sizes of the blocks both sides share. */
export function blockSizesSql(rule: BlockRule, left: string, right: string): string {
  const sizes = (table: string) => `(SELECT key, count(*) AS n FROM (${keysSql(rule, table)}) GROUP BY key)`
  return `SELECT l.key, l.n * r.n AS pairs FROM ${sizes(left)} l JOIN ${sizes(right)} r ON l.key = r.key`
}

/** Pairs of the blocks that are not too large. `blocks` is the table made from `blockSizesSql`. */
export function pairsSql(rule: BlockRule, left: string, right: string, blocks: string, cap: number): string {
  return `SELECT l.row AS l, r.row AS r FROM (SELECT key FROM ${blocks} WHERE pairs <= ${cap}) b
    JOIN (${keysSql(rule, left)}) l ON l.key = b.key JOIN (${keysSql(rule, right)}) r ON r.key = b.key`
}
