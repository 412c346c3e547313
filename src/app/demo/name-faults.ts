import { pinyin } from 'pinyin-pro'
import { homophonesOf, lookalikesOf, RARE_WRITTEN, traditionalOf, variantsOf } from './data/confusions.ts'
import { surnameLength } from './names.ts'
import type { Random } from './random.ts'

/** What a clerk may do to a name, and how often in a thousand rows of an ordinary school at corruption 1. */
export interface NameFault {
  readonly code: string
  readonly perThousand: number
  /** The written name, or the same one where the fault cannot befall it. */
  write(name: string, random: Random): string
}

/** [DEMO-8] Faults of names on rolls, from domain rules 2.10 and 12.7; each befalls a row by its own draw. */
export const NAME_FAULTS: readonly NameFault[] = [
  { code: 'name-homophone', perThousand: 4.5, write: (name, random) => replaceOne(name, homophonesOf, random) },
  { code: 'name-lookalike', perThousand: 1.6, write: (name, random) => replaceOne(name, lookalikesOf, random) },
  { code: 'name-variant', perThousand: 0.8, write: (name, random) => replaceOne(name, variantsOf, random) },
  { code: 'name-traditional', perThousand: 0.7, write: toTraditional },
  { code: 'name-swapped-characters', perThousand: 0.6, write: swapCharacters },
  { code: 'name-character-lost', perThousand: 0.6, write: loseCharacter },
  { code: 'name-character-added', perThousand: 0.2, write: (name, random) => name + random.pick([...'子小儿一文']) },
  {
    code: 'name-typo',
    perThousand: 0.5,
    write: (name, random) => replaceAt(name, random.int([...name].length), random.pick([...'的国文小大杰霞'])),
  },
  {
    code: 'name-pet',
    perThousand: 0.15,
    write: (name, random) => name.slice(0, surnameLength(name)) + random.pick(['小宝', '毛毛', '妹妹', '幺儿', '娃娃']),
  },
  { code: 'name-pinyin', perThousand: 0.1, write: toPinyin },
  {
    code: 'name-inner-space',
    perThousand: 2,
    write: (name, random) => insert(name, random.pick([' ', '  ', '\u3000', '\u00a0'])),
  },
  { code: 'name-outer-space', perThousand: 3, write: (name, random) => (random.chance(0.5) ? `${name} ` : ` ${name}`) },
  {
    code: 'name-invisible',
    perThousand: 0.4,
    write: (name, random) => insert(name, random.pick(['\u200b', '\ufeff', '\u200e'])),
  },
  {
    code: 'name-remark',
    perThousand: 0.25,
    write: (name, random) => name + random.pick(['（借读）', '(随班就读)', '1', '（大）', '*']),
  },
]

function replaceOne(name: string, table: ReadonlyMap<string, readonly string[]>, random: Random): string {
  const characters = [...name]
  // Surnames are looked at twice; a wrong one is rarer.
  const start = random.chance(0.85) ? Math.min(surnameLength(name), characters.length - 1) : 0
  const open = characters
    .map((character, index) => ({ character, index }))
    .filter(({ character, index }) => index >= start && table.has(character))
  if (open.length === 0) return name
  const { character, index } = random.pick(open)
  return replaceAt(name, index, random.pick(table.get(character)!))
}

function replaceAt(name: string, index: number, replacement: string): string {
  const characters = [...name]
  characters[index] = replacement
  return characters.join('')
}

function toTraditional(name: string): string {
  return [...name].map((character) => traditionalOf.get(character) ?? character).join('')
}

function swapCharacters(name: string): string {
  const characters = [...name]
  if (characters.length < 3) return characters.reverse().join('')
  const last = characters.length - 1
  return [...characters.slice(0, last - 1), characters[last]!, characters[last - 1]!].join('')
}

function loseCharacter(name: string, random: Random): string {
  const characters = [...name]
  if (characters.length < 3) return name
  characters.splice(1 + random.int(characters.length - 1), 1)
  return characters.join('')
}

function insert(name: string, mark: string): string {
  const characters = [...name]
  return characters[0]! + mark + characters.slice(1).join('')
}

/** An input method left in Latin letters. */
function toPinyin(name: string): string {
  return pinyin(name, { toneType: 'none', type: 'array' }).join('')
}

/** A name with a rare character, as a system without that character writes it. */
export function writeRare(name: string, random: Random): string {
  return [...name]
    .map((character) => (RARE_WRITTEN[character] ? random.pick(RARE_WRITTEN[character]) : character))
    .join('')
}

const RARE = new RegExp(`[${Object.keys(RARE_WRITTEN).join('')}]`, 'u')

export function hasRare(name: string): boolean {
  return RARE.test(name)
}

/** A name with a middle dot, as a school writes it: another dot, none, or its first part only. */
export function writeDotted(name: string, dot: string, random: Random): { written: string; code: string } {
  if (random.chance(0.08)) return { written: name.split('·')[0]!, code: 'name-dotted-cut' }
  return { written: name.replace('·', dot), code: dot === '·' ? '' : 'name-dot' }
}
