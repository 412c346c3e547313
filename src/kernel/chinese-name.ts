import { PRIVATE_USE_CHARACTERS, PRIVATE_USE_FIRST, RADICAL_PAIRS } from './character-repairs.ts'
import { HAN_VARIANT_GROUPS } from './han-variants.ts'
import { cleanText } from './text.ts'

/** U+00B7, as the public-security systems write it. */
const MIDDLE_DOT = '·'

/** Every dot met in names, before and after NFKC; full stops too, because clerks type them for the dot. */
const DOTS = '·•‧・．·･⋅∙●○◦⸱。｡․.﹒'

const REPAIRS = repairs()
const VARIANTS = variants()
const HAN_ONLY = /^[\u4e00-\u9fff]+$/u

/**
 * [NAME-1] The form in which two spellings of one name are equal: NFKC, nothing
 * invisible and no spaces, private-use characters and radicals replaced [NAME-2],
 * one middle dot [NAME-3], traditional and variant characters as the simplified
 * standard ones [NAME-4], Latin letters in upper case. Folding twice is folding once.
 * For matching only [NAME-5]: show and store what was written (`cleanName`).
 */
export function foldName(name: string): string {
  if (HAN_ONLY.test(name)) return replaceEach(name, VARIANTS)
  const letters = cleanText(name).normalize('NFKC').toUpperCase().normalize('NFKC')
  // Once more at the end: an accent whose space was taken away has joined the letter before it.
  const joined = cleanText(replaceEach(letters, REPAIRS)).replaceAll(' ', '').normalize('NFKC')
  return replaceEach(joined, VARIANTS)
}

/** [NAME-5] A name to show and store: nothing invisible, real characters for private-use ones, one kind of dot, no space beside Han characters. */
export function cleanName(name: string): string {
  if (HAN_ONLY.test(name)) return name
  return replaceEach(cleanText(name), REPAIRS).replace(/(?<=[\p{Script=Han}·]) | (?=[\p{Script=Han}·])/gu, '')
}

function replaceEach(text: string, table: ReadonlyMap<string, string>): string {
  let replaced = ''
  for (const character of text) replaced += table.get(character) ?? character
  return replaced
}

function repairs(): ReadonlyMap<string, string> {
  const table = new Map<string, string>()
  const radicals = [...RADICAL_PAIRS]
  for (let index = 0; index < radicals.length; index += 2) table.set(radicals[index]!, radicals[index + 1]!)
  for (const [index, character] of [...PRIVATE_USE_CHARACTERS].entries()) {
    table.set(String.fromCodePoint(PRIVATE_USE_FIRST + index), table.get(character) ?? character)
  }
  for (const dot of DOTS) table.set(dot, MIDDLE_DOT)
  return table
}

function variants(): ReadonlyMap<string, string> {
  const table = new Map<string, string>()
  for (const line of HAN_VARIANT_GROUPS) {
    for (const group of line.split(' ')) {
      const [standard, ...forms] = group
      for (const form of forms) table.set(form, standard!)
    }
  }
  return table
}
