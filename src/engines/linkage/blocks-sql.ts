import type { BlockPart, BlockRule } from './definition.ts'
import { blockKey } from './dialect.ts'

/** Values of each part, as columns of a feature table `x`; several where a row has several. */
const PARTS: Readonly<Record<BlockPart, readonly string[]>> = {
  id: ['x.n'],
  code: ['x.code'],
  idTail: ['CASE WHEN strlen(x.code) = 18 THEN right(x.code, 10) END'],
  idHead: ['CASE WHEN strlen(x.code) IN (17, 18) THEN left(x.code, 14) END'],
  name: ['x.fold'],
  sound: ['x.sound'],
  order: ['x.ord'],
  formerOrName: ['x.former', 'x.fold'],
  surname: ['x.c1'],
  givenSound: ['x.given_sound'],
  birth: ['x.birth'],
  yearMonth: ['x.birth // 100'],
  monthDay: ['x.birth % 10000'],
  yearDay: ['(x.birth // 10000) * 100 + x.birth % 100'],
  sex: ['x.sex'],
  address: ['x.address'],
  memberId: ['x.member_id_1', 'x.member_id_2', 'x.member_id_3'],
  memberName: ['x.member_name_1', 'x.member_name_2', 'x.member_name_3'],
  phone: ['x.phone_1', 'x.phone_2'],
}

/** `key, row` of every key a rule gives a row of `table`. */
export function keysSql(rule: BlockRule, table: string): string {
  const choices = rule.parts.reduce<readonly string[][]>(
    (sofar, part) => sofar.flatMap((chosen) => PARTS[part].map((value) => [...chosen, value])),
    [[]],
  )
  const each = choices.map((values) => `SELECT ${blockKey(values)} AS key, x.row FROM ${table} x`)
  return `SELECT key, row FROM (${each.join(' UNION ALL ')}) WHERE key IS NOT NULL`
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
