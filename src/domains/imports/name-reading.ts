import { cleanName } from '../../kernel/chinese-name.ts'

/** Letters of names: Han with its extensions, Latin with accents, the dots and brackets that registers use. */
const READABLE =
  /^[\p{Script=Han}\p{Script=Latin}\p{Script=Tibetan}\p{Script=Arabic}\p{Script=Mongolian}·〇 '’()（）.-]$/u

/**
 * [IMP-10] Place (from 1) of the first character of a name that stands for none: □, ?, *, a digit, a private-use or
 * replacement character that no table explains. Null: every character can be read.
 */
export function unreadablePlace(name: string): number | null {
  const place = [...cleanName(name)].findIndex((character) => !READABLE.test(character))
  return place === -1 ? null : place + 1
}
