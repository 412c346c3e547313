/**
 * Row ids of forms that go out and come back. A clerk sorts, cuts and copies rows; the id still finds its record, tells
 * nothing by itself, and a changed or invented one opens nothing. It decides no rights: what it names is read in the scope
 * of who uploads.
 */
import type { ChildKeys } from '../keys.ts'

/** 0, O and 1, I, L are one letter each: ids are read aloud over the telephone. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const NUMBER_BYTES = 6
const TAG_BYTES = 6
const LETTERS_A_ID = 20
const GROUP = 5

type IndexKeys = Pick<ChildKeys, 'blindIndex'>

/** [FORM-4] `form` keeps the rows of different forms apart: an id of one is none of another. */
export function formRowId(keys: IndexKeys, form: string, number: number): string {
  const plain = Buffer.alloc(NUMBER_BYTES)
  plain.writeUIntBE(number, 0, NUMBER_BYTES)
  const tag = tagOf(keys, form, number)
  const text = encode(Buffer.concat([tag, masked(keys, form, tag, plain)]))
  return (text.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}

/** [FORM-4] Undefined: no id of this form. Case, spaces, dashes and look-alike letters do not matter. */
export function findFormRow(keys: IndexKeys, form: string, text: string): number | undefined {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const bytes = decode(letters)
  if (bytes === undefined) return undefined
  const tag = bytes.subarray(0, TAG_BYTES)
  const number = masked(keys, form, tag, bytes.subarray(TAG_BYTES)).readUIntBE(0, NUMBER_BYTES)
  return tagOf(keys, form, number).equals(tag) ? number : undefined
}

function tagOf(keys: IndexKeys, form: string, number: number): Buffer {
  return keys.blindIndex(`form-row.${form}`, String(number)).subarray(0, TAG_BYTES)
}

function masked(keys: IndexKeys, form: string, tag: Buffer, bytes: Buffer): Buffer {
  const mask = keys.blindIndex(`form-mask.${form}`, tag.toString('hex'))
  return Buffer.from(bytes.map((byte, at) => byte ^ mask[at]!))
}

/** Twelve bytes are 96 bits, twenty letters hold 100: the first letter is below G. */
function encode(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (let at = 0; at < LETTERS_A_ID; at++) {
    text = LETTERS[Number(value & 31n)] + text
    value >>= 5n
  }
  return text
}

function decode(letters: string): Buffer | undefined {
  if (letters.length !== LETTERS_A_ID) return undefined
  let value = 0n
  for (const letter of letters) {
    const at = LETTERS.indexOf(letter)
    if (at === -1) return undefined
    value = (value << 5n) | BigInt(at)
  }
  const bytes = NUMBER_BYTES + TAG_BYTES
  if (value >> BigInt(bytes * 8) !== 0n) return undefined
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')
}
