import { birthOf17, cleanIdCell, first17, idState, idStateOf, sexOf17, sexOfCell } from './citizen-id-sql.ts'
import { cleanCode, filled, found, lastingHash, name as quoted } from './dialect.ts'
import { type Field, type FieldKind, keysOf } from './field.ts'

export type Fields = Readonly<Record<string, Field>>
export type Side = 'left' | 'right'

const NAME_KINDS: ReadonlySet<FieldKind> = new Set(['han-name', 'han-word', 'latin-name'])

/** Fields of a side that hold a name, with their columns. */
export function nameColumns(fields: Fields, side: Side): readonly string[] {
  return columnsOf(fields, side, (kind) => NAME_KINDS.has(kind))
}

export function dayColumns(fields: Fields, side: Side): readonly string[] {
  return columnsOf(fields, side, (kind) => kind === 'day')
}

function columnsOf(fields: Fields, side: Side, isMeant: (kind: FieldKind) => boolean): readonly string[] {
  const columns = Object.values(fields).flatMap((field) => (isMeant(field.kind) ? [field[side] ?? []].flat() : []))
  return [...new Set(columns)]
}

export interface PrepareSql {
  readonly fields: Fields
  readonly side: Side
  /** Table expression with `row` and the text columns. */
  readonly source: string
  /** Expression over the source; lower is preferred. */
  readonly rank: string
  /** `yyyymmdd`; a birthday after it is none. */
  readonly today: number
  /** The ID column went through a spreadsheet that keeps fifteen digits. */
  readonly isRounded: boolean
}

/**
 * Rows as keys. Needs `form` (spelling and what was derived of it) and `day_cell` (cell, day). An ID number and what is read out
 * of it go through four steps, each on the columns of the one before.
 */
export function preparedSql({ fields, side, source, rank, today, isRounded }: PrepareSql): string {
  const ids = Object.entries(fields).filter(([, { kind }]) => kind === 'citizen-id')
  const cells = Object.entries(fields).map(([id, field]) => `${cellOf(field, side)} AS ${id}_cell`)
  const states = ids.map(
    ([id]) =>
      `${idStateOf({ code: `${id}_cell`, n: `${id}_17`, birth: `${id}_birth` }, today, String(isRounded))} AS ${id}_state`,
  )
  const each = (made: (id: string) => string) => ids.map(([id]) => `, ${made(id)}`).join('')
  const joins = Object.entries(fields).flatMap(([id, { kind }]) => {
    if (NAME_KINDS.has(kind)) return [`LEFT JOIN form ${id}_form ON ${id}_form.spelling = s.${id}_cell`]
    return kind === 'day' ? [`LEFT JOIN day_cell ${id}_day ON ${id}_day.cell = s.${id}_cell`] : []
  })
  return `WITH cells AS (SELECT row::INTEGER AS row, (${rank})::UTINYINT AS rank, ${cells.join(', ')} FROM ${source}),
      numbers AS (SELECT *${each((id) => `${first17(`${id}_cell`)} AS ${id}_17`)} FROM cells),
      born AS (SELECT *${each((id) => `${birthOf17(`${id}_17`)} AS ${id}_birth`)} FROM numbers),
      s AS (SELECT *${states.map((state) => `, ${state}`).join('')} FROM born)
    SELECT s.row, s.rank, ${Object.entries(fields)
      .flatMap(([id, field]) => keyExpressions(id, field, fields))
      .join(', ')} FROM s ${joins.join(' ')}`
}

function cellOf(field: Field, side: Side): string {
  const column = field[side]
  if (column === null) return 'NULL::VARCHAR'
  const cell = quoted(column)
  switch (field.kind) {
    case 'citizen-id':
    case 'citizen-id-word':
      return cleanIdCell(cell)
    case 'address':
    case 'code':
      return filled(cleanCode(cell))
    case 'day':
      return cell
    default:
      return filled(`trim(${cell})`)
  }
}

/** Below it a code is a slip of the pen, not a number. */
const SHORTEST_ID = 8
const SHORTEST_PHONE = 7

function keyExpressions(id: string, field: Field, fields: Fields): readonly string[] {
  const values = valuesOf(id, field, fields)
  return keysOf(id, field.kind).map((key, index) => `(${values[index]})::${key.type} AS ${key.id}`)
}

function valuesOf(id: string, field: Field, fields: Fields): readonly string[] {
  const cell = `s.${id}_cell`
  const form = `${id}_form`
  switch (field.kind) {
    case 'han-name':
      return ['fold', 'sound', 'ord', 'given_sound', 'len', 'c1', 'c2', 'c3', 'c4'].map((column) => `${form}.${column}`)
    case 'han-word':
      return [`${form}.fold`]
    case 'latin-name':
      return [`${form}.letters`, `${form}.latin_sound`]
    case 'citizen-id':
      return [`CASE WHEN ${isSound(id)} THEN s.${id}_17 END`, brokenCode(id), clash(id, fields)]
    case 'citizen-id-word':
      return [
        `CASE WHEN strlen(${cell}) >= ${SHORTEST_ID} THEN coalesce((${first17(cell)})::UBIGINT, ${lastingHash(cell)}) END`,
      ]
    case 'day':
      return [day(id, field), toldDay(id, field)]
    case 'sex':
      return [sex(id, field)]
    case 'phone':
      return [
        `CASE WHEN strlen(${cell}) >= ${SHORTEST_PHONE} THEN TRY_CAST(right(regexp_replace(${cleanCode(cell)}, '[^0-9]', '', 'g'), 11) AS BIGINT) END`,
      ]
    case 'address':
      return [lastingHash(cell), lastingHash(found(cell, VILLAGE)), lastingHash(found(cell, TOWN))]
    case 'code':
      return [cell]
  }
}

/** 周家坝街道 and 金科社区 of 重庆市万州区周家坝街道金科社区107号. */
const TOWN = '([^省市区县州盟旗]{1,10}?(?:街道|镇|乡|苏木))'
const VILLAGE = '(?:街道|镇|乡|苏木)([^街镇乡]{1,12}?(?:村|社区|居委会|嘎查))'

function isSound(id: string): string {
  return `s.${id}_state = ${idState('sound')}`
}

/** A number that a spreadsheet or a mask destroyed says nothing, not even with another such number. */
function brokenCode(id: string): string {
  const destroyed = [idState('sound'), idState('precision'), idState('masked')].join(', ')
  return `CASE WHEN s.${id}_state NOT IN (${destroyed}) THEN s.${id}_cell END`
}

/** A sound number that contradicts the birthday or the sex of its own row. */
function clash(id: string, fields: Fields): string {
  const against = Object.entries(fields).flatMap(([other, { kind, fromId }]) => {
    if (fromId !== id) return []
    return kind === 'day'
      ? [`coalesce(${other}_day.day <> s.${id}_birth, false)`]
      : [`coalesce(${sexOfCell(`s.${other}_cell`)} <> ${sexOf17(`s.${id}_17`)}, false)`]
  })
  return against.length === 0 ? 'false' : `${isSound(id)} AND (${against.join(' OR ')})`
}

function day(id: string, { fromId }: Field): string {
  const cell = `${id}_day.day`
  if (fromId === undefined) return cell
  return `CASE WHEN ${isSound(fromId)} THEN s.${fromId}_birth
    ELSE coalesce(${cell}, CASE WHEN s.${fromId}_state = ${idState('check')} THEN s.${fromId}_birth END) END`
}

/** A number may be a sister's: the birthday beside it is then the child's own. */
function toldDay(id: string, { fromId }: Field): string {
  if (fromId === undefined) return 'NULL'
  return `CASE WHEN ${isSound(fromId)} AND ${id}_day.day <> s.${fromId}_birth THEN ${id}_day.day END`
}

function sex(id: string, { fromId }: Field): string {
  const cell = sexOfCell(`s.${id}_cell`)
  return fromId === undefined ? cell : `CASE WHEN ${isSound(fromId)} THEN ${sexOf17(`s.${fromId}_17`)} ELSE ${cell} END`
}
