import { sql } from 'kysely'
import type { AccountId, ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { TAG_CONTEXT } from './seal.server.ts'
import { AREA_TAGS, type AreaTagCode, isTagCode, type TagCode } from './tags.ts'
import { ids } from './tie-store.server.ts'

export interface HeldTag {
  readonly tagId: number
  readonly code: TagCode
  readonly from: PlainDate
  readonly until: PlainDate | null
}

/** [PERS-13] Groups of a child: those that officers gave, and what the current rows say; in the scope of who has a duty. */
export async function listTags(tx: Tx, keys: Pick<ChildKeys, 'open'>, child: number): Promise<readonly HeldTag[]> {
  const { rows } = await sql<{ tag_id: number; sealed: Buffer; from_day: PlainDate; until_day: PlainDate | null }>`
    select g.tag_id, g.sealed, lower(g.valid) as from_day, upper(g.valid) as until_day from person_tag g
    where g.child_id = ${child} and (g.record_id is null or g.record_id in (select current_records(${child})))
    order by lower(g.valid), g.tag_id`.execute(tx)
  const found = new Map<string, HeldTag>()
  for (const row of rows) {
    const code = keys.open(row.sealed, TAG_CONTEXT)
    if (!isTagCode(code)) continue
    // Two sheets that name the same group are one line, from the first day on.
    const key = row.until_day === null ? code : `${code} ${row.tag_id}`
    if (!found.has(key)) found.set(key, { tagId: row.tag_id, code, from: row.from_day, until: row.until_day })
  }
  return [...found.values()]
}

/** [PERS-13] Groups that hold of several children: a list or a page of families asks once. */
export async function listTagsOf(
  tx: Tx,
  keys: Pick<ChildKeys, 'open'>,
  children: readonly number[],
): Promise<ReadonlyMap<number, readonly TagCode[]>> {
  if (children.length === 0) return new Map()
  const { rows } = await sql<{ child_id: number; sealed: Buffer }>`
    select g.child_id, g.sealed from person_tag g
    where g.child_id = any (${ids(children)}) and upper_inf(g.valid)
      and (g.record_id is null or g.record_id in (select current_records(g.child_id)))
    order by lower(g.valid), g.tag_id`.execute(tx)
  const found = new Map<number, TagCode[]>()
  for (const { child_id, sealed } of rows) {
    const code = keys.open(sealed, TAG_CONTEXT)
    const known = found.get(child_id) ?? []
    if (isTagCode(code) && !known.includes(code)) found.set(child_id, [...known, code])
  }
  return found
}

export interface NewTag {
  readonly childId: ChildId
  readonly code: TagCode
  readonly from: PlainDate
  readonly accountId: AccountId
}

/** An officer's word. `units` come with the child's next `retie`, which the caller calls. */
export async function addTag(
  tx: Tx,
  keys: Pick<ChildKeys, 'seal'>,
  { childId, code, from, accountId }: NewTag,
): Promise<number> {
  const { rows } = await sql<{ tag_id: number }>`insert into person_tag (child_id, sealed, valid, account_id, units)
    values (${childId}, ${keys.seal(code, TAG_CONTEXT)}, daterange(${from}::date, null), ${accountId}, '{}') returning tag_id`.execute(
    tx,
  )
  return rows[0]!.tag_id
}

/** `until`: the first day on which it no longer holds. False: not there, ended before, or begun that day or later. */
export async function endTag(tx: Tx, tagId: number, until: PlainDate): Promise<boolean> {
  const ended = await sql`update person_tag set valid = daterange(lower(valid), ${until}::date)
    where tag_id = ${tagId} and upper_inf(valid) and lower(valid) < ${until}::date`.execute(tx)
  return (ended.numAffectedRows ?? 0n) > 0n
}

/** Area tags of units on a day. */
export async function listAreaTags(
  tx: Tx,
  unitIds: readonly number[],
  on: PlainDate,
): Promise<ReadonlyMap<number, readonly AreaTagCode[]>> {
  const { rows } = await sql<{ unit_id: number; tag: string }>`select unit_id, tag from unit_tag
    where unit_id = any (${[...unitIds]}::int[]) and valid @> ${on}::date order by unit_id, tag`.execute(tx)
  const found = new Map<number, AreaTagCode[]>()
  for (const { unit_id, tag } of rows) {
    if (!Object.hasOwn(AREA_TAGS, tag)) continue
    found.set(unit_id, [...(found.get(unit_id) ?? []), tag as AreaTagCode])
  }
  return found
}

/** A pack's word on a unit; said again it changes nothing. */
export async function addAreaTag(
  tx: Tx,
  tag: { readonly unitId: number; readonly code: AreaTagCode; readonly from: PlainDate; readonly source: string },
): Promise<void> {
  await sql`insert into unit_tag (unit_id, tag, valid, source)
    select ${tag.unitId}, ${tag.code}, daterange(${tag.from}::date, null), ${tag.source}
    where not exists (select from unit_tag t where t.unit_id = ${tag.unitId} and t.tag = ${tag.code} and t.valid && daterange(${tag.from}::date, null))`.execute(
    tx,
  )
}
