import { namedLevels } from '../../engines/linkage/comparison.ts'
import { CERTAIN, DECIDED } from '../../engines/linkage/pattern.ts'
import { registerToRoll } from './linkage-definition.ts'
import { reasonWords } from './reason-words.ts'

/** What a level of a comparison says, in the officer's words; empty where it says nothing. */
export function sayLevel(comparison: string, level: string): string {
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = reasonWords.link.levels
  return words[comparison]?.[level] ?? ''
}

/** `证件号一位之差且校验不符，姓名同音，监护人证件号一致` */
export function sayPattern(pattern: number): string {
  if (pattern === CERTAIN) return reasonWords.link.exact
  if (pattern === DECIDED) return reasonWords.link.decided
  return Object.entries(namedLevels(registerToRoll.comparisons, pattern))
    .map(([comparison, level]) => sayLevel(comparison, level))
    .filter((part) => part !== '')
    .join(reasonWords.separator)
}
