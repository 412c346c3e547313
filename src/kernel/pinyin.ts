import { pinyin } from 'pinyin-pro'

/**
 * Surnames of two characters whose reading as a surname is not that of the
 * characters apart; pinyin-pro reads 25 µs a name, so each character is read once
 * and these are the only names read whole.
 */
const COMPOUND_SURNAMES: ReadonlyMap<string, string> = new Map([
  ['万俟', 'moqi'],
  ['尉迟', 'yuchi'],
  ['单于', 'chanyu'],
  ['澹台', 'tantai'],
  ['长孙', 'zhangsun'],
])

const readings = new Map<string, string>()
const surnameReadings = new Map<string, string>()

/**
 * [NAME-6] Toneless pinyin of a folded name, syllables run together: 单雨涵 is
 * `shanyuhan`. A surname is read as a surname (单 shan, 仇 qiu, 区 ou, 解 xie);
 * what has no reading stays as it is, without dots and spaces. ü is `v`.
 */
export function pinyinKey(foldedName: string): string {
  const compound = COMPOUND_SURNAMES.get(foldedName.slice(0, 2))
  if (compound !== undefined) return compound + readEach(foldedName.slice(2))
  const [first, ...rest] = foldedName
  return first === undefined ? '' : readingOfSurname(first) + readEach(rest)
}

/** Toneless reading of one character as it is read most often. */
export function readingOf(character: string): string {
  return cached(readings, character, 'off')
}

/** Toneless reading of one character as a surname. */
export function readingOfSurname(character: string): string {
  return cached(surnameReadings, character, 'all')
}

function readEach(characters: Iterable<string>): string {
  let key = ''
  for (const character of characters) if (character !== '·' && character !== ' ') key += readingOf(character)
  return key
}

function cached(table: Map<string, string>, character: string, surname: 'off' | 'all'): string {
  const known = table.get(character)
  if (known !== undefined) return known
  const reading = pinyin(character, { toneType: 'none', v: true, surname, traditional: true }).toLowerCase()
  table.set(character, reading)
  return reading
}
