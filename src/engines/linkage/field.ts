/** How the text of a column becomes keys that can be compared as numbers. */
export type FieldKind =
  /** A Chinese name, with sound, order and its first characters. */
  | 'han-name'
  /** A Chinese name of which only equality counts. */
  | 'han-word'
  /** A name in Latin letters: the letters, and how they sound. */
  | 'latin-name'
  /** GB 11643, with birthday and sex read out of it. */
  | 'citizen-id'
  /** The same of which only equality counts. */
  | 'citizen-id-word'
  | 'day'
  | 'sex'
  | 'phone'
  /** A Chinese address: all of it, its village and its township. */
  | 'address'
  /** Letters and digits, compared by equality and distance. */
  | 'code'

export interface Field {
  readonly kind: FieldKind
  /** Name of the text column on either side; null where a side does not tell. */
  readonly left: string | null
  readonly right: string | null
  /** Of a day or a sex: the ID number that knows it better. */
  readonly fromId?: string
}

export interface Key {
  readonly id: string
  /** Columns are integers but for codes. */
  readonly type: 'INTEGER' | 'BIGINT' | 'UBIGINT' | 'UTINYINT' | 'VARCHAR' | 'BOOLEAN'
}

const SUFFIXES: Readonly<Record<FieldKind, readonly (readonly [suffix: string, type: Key['type']])[]>> = {
  'han-name': [
    ['_fold', 'UBIGINT'],
    ['_sound', 'UBIGINT'],
    ['_order', 'UBIGINT'],
    ['_given', 'UBIGINT'],
    ['_len', 'UTINYINT'],
    ['_c1', 'INTEGER'],
    ['_c2', 'INTEGER'],
    ['_c3', 'INTEGER'],
    ['_c4', 'INTEGER'],
  ],
  'han-word': [['', 'UBIGINT']],
  'latin-name': [
    ['', 'VARCHAR'],
    ['_sound', 'VARCHAR'],
  ],
  // `_n`: the first seventeen digits of a sound number; `_code`: what stands in the cell of one that is not.
  'citizen-id': [
    ['_n', 'BIGINT'],
    ['_code', 'VARCHAR'],
    ['_clash', 'BOOLEAN'],
  ],
  'citizen-id-word': [['', 'UBIGINT']],
  // `_told`: the day in the cell where the ID number says another one.
  day: [
    ['', 'INTEGER'],
    ['_told', 'INTEGER'],
  ],
  sex: [['', 'UTINYINT']],
  phone: [['', 'BIGINT']],
  address: [
    ['', 'UBIGINT'],
    ['_village', 'UBIGINT'],
    ['_town', 'UBIGINT'],
  ],
  code: [['', 'VARCHAR']],
}

export function keysOf(id: string, kind: FieldKind): readonly Key[] {
  return SUFFIXES[kind].map(([suffix, type]) => ({ id: id + suffix, type }))
}

/** Names of all keys of a definition's fields, in their order. */
export function allKeys(fields: Readonly<Record<string, Field>>): readonly Key[] {
  return Object.entries(fields).flatMap(([id, { kind }]) => keysOf(id, kind))
}
