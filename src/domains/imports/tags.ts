import type { TagCode } from '../persons/index.ts'
import type { ImportKind } from './kinds.ts'

/** Groups that the columns of a sheet name. */
const FIELDS = ['leftBehind', 'migrantChild', 'disability', 'orphan', 'hardship'] as const

/** What the cell of a field says. */
const GROUPS: Readonly<Record<(typeof FIELDS)[number], (cell: string) => TagCode | null>> = {
  leftBehind: (cell) => (/^(?:否|无|非|不是|0|2|n)/iu.test(cell) ? null : 'left-behind'),
  migrantChild: (cell) => (isYes(cell) ? 'migrant' : null),
  disability: (cell) =>
    /^(?:否|无|没有|0|n|健康|正常|非残疾)/iu.test(cell)
      ? null
      : (DISABILITY.find(([words]) => words.test(cell))?.[1] ?? 'disabled'),
  orphan: (cell) => (isYes(cell) ? 'orphan' : null),
  hardship: (cell) => HARDSHIP.find(([words]) => words.test(cell))?.[1] ?? null,
}

/** 困难类别 as aid rosters and the lists of 民政 and 乡村振兴 word them; the narrower word first. */
const HARDSHIP: readonly (readonly [RegExp, TagCode])[] = [
  [/不稳定/u, 'poverty-unstable'],
  [/边缘易致贫|易致贫/u, 'poverty-edge'],
  [/突发严重困难/u, 'sudden-hardship'],
  [/脱贫|防返贫|建档立卡/u, 'out-of-poverty'],
  [/低保边缘/u, 'low-income-edge'],
  [/刚性支出/u, 'rigid-spending'],
  [/低保|低收入/u, 'low-income'],
  [/特困/u, 'extreme-hardship'],
  [/孤儿/u, 'orphan'],
  [/事实无人抚养/u, 'no-guardian'],
  [/烈士/u, 'martyr-child'],
  [/困境/u, 'hardship'],
  [/残疾/u, 'disabled'],
]

const DISABILITY: readonly (readonly [RegExp, TagCode])[] = [
  [/视力|盲/u, 'disabled-sight'],
  [/听力|聋/u, 'disabled-hearing'],
]

/** 重度: grades one and two of four. */
const SEVERE = /^(?:[一二12]|壹|贰)/u

/** What it says of somebody to stand on the list at all, where no column says it better. */
const GROUP_OF_LIST: Readonly<Partial<Record<ImportKind, TagCode>>> = {
  poverty: 'out-of-poverty',
  disability: 'disabled',
}

/** [IMP-14] [ROST-7] Codes of the groups a row names, each once; an office's list names the group it is a list of. */
export function tagsOf(read: (field: string) => string | null, kind?: ImportKind): readonly TagCode[] {
  const found: TagCode[] = namedBy(read)
  const own = kind === undefined ? undefined : GROUP_OF_LIST[kind]
  if (own !== undefined && !found.some((code) => code !== 'left-behind' && code !== 'migrant')) found.push(own)
  if (kind === 'disability' && SEVERE.test(read('disabilityLevel') ?? '')) found.push('disabled-severe')
  return found
}

function namedBy(read: (field: string) => string | null): TagCode[] {
  const found: TagCode[] = []
  for (const field of FIELDS) {
    const cell = read(field)
    const code = cell === null ? null : GROUPS[field](cell)
    if (code !== null && !found.includes(code)) found.push(code)
  }
  return found
}

function isYes(cell: string): boolean {
  return /^(?:是|有|1|y|√|孤儿|随迁)/iu.test(cell)
}
