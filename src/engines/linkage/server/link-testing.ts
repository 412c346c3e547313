import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkDigit } from '../../../kernel/citizen-id.ts'
import { citizenIdWithBirth, hanName, household } from '../comparators.ts'
import type { LinkageDefinition } from '../definition.ts'
import type { Field } from '../field.ts'
import { type LinkFilesInput, linkFiles } from './files.ts'
import type { DroppedBlocks } from './link.ts'
import { prepare } from './prepare.ts'
import { openSession, parquet, type SqlRow } from './session.ts'

const both = (kind: Field['kind'], column: string, fromId?: string): Field => ({
  kind,
  left: column,
  right: column,
  ...(fromId === undefined ? {} : { fromId }),
})

/** A linkage of families, small enough to read. For tests. */
export const families: LinkageDefinition = {
  id: 'families',
  version: '1',
  fields: {
    name: both('han-name', 'name'),
    former: both('han-word', 'former'),
    id: both('citizen-id', 'id'),
    birth: both('day', 'birth', 'id'),
    sex: both('sex', 'sex', 'id'),
    parent1: both('han-word', 'parent1'),
    parent2: both('han-word', 'parent2'),
    parentId: both('citizen-id-word', 'parentId'),
    phone: both('phone', 'phone'),
  },
  certain: ['id_n', 'name_fold'],
  comparisons: [
    citizenIdWithBirth({ id: 'id', birth: 'birth', sex: 'sex' }),
    hanName('name', 'former'),
    household({ names: ['parent1', 'parent2'], ids: ['parentId'], phones: ['phone'] }),
  ],
  blocks: [
    { id: 'id', parts: ['id_n'] },
    { id: 'sound-birth', parts: ['name_sound', 'birth'] },
    { id: 'told', parts: ['name_sound', { any: ['birth', 'birth_told'] }] },
    { id: 'parent-name', parts: [{ any: ['parentId', 'parent1', 'parent2'] }, 'name_sound'] },
    { id: 'parent-birth', parts: ['parentId', 'birth'] },
    { id: 'phone-name', parts: ['phone', 'name_sound'] },
  ],
  blockCap: 400,
  crowds: { most: 40, keys: [['parentId'], ['phone']] },
  shares: { match: 0.7, household: 0.15 },
  household: { together: 'parentId', apart: ['name_fold', 'name_given'], learns: ['identity', 'name'] },
  repeats: {
    blocks: [
      { id: 'id', parts: ['id_n'] },
      { id: 'name-birth', parts: ['name_fold', 'birth'] },
      { id: 'parent', parts: ['parentId'] },
    ],
    blockRows: 30,
    share: 0.003,
    threshold: 0.9,
    learns: ['identity', 'name'],
  },
  yields: [{ identity: ['same'], name: ['surname', 'apart'] }],
  weakRank: 2,
  askAlways: [{ identity: ['same', 'sameClash'], name: ['apart', 'unknown'], household: ['unknown', 'apart'] }],
  thresholds: { link: 0.9, review: 0.3 },
}

export const COLUMNS = ['name', 'former', 'id', 'birth', 'sex', 'parent1', 'parent2', 'parentId', 'phone'] as const
export type Person = Partial<Record<(typeof COLUMNS)[number], string>> & {
  readonly rank?: number
  readonly row?: number
}

export function idOf(birth: string, sequence: number, area = '500103'): string {
  const first17 = area + birth + String(sequence).padStart(3, '0')
  return first17 + checkDigit(first17)
}

export interface Linked {
  readonly links: readonly SqlRow[]
  readonly repeats: { readonly left: readonly SqlRow[]; readonly right: readonly SqlRow[] }
  readonly dropped: readonly DroppedBlocks[]
  /** `1=2` of every link, `1?2` where a person is asked. */
  readonly said: readonly string[]
}

/** A folder that a test works in, and that leaves with it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'linkage-test-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Row numbers are places in the list, from one, where a person has none of its own. */
export async function preparePeople(
  folder: string,
  side: 'left' | 'right',
  people: readonly Person[],
  file: string = side,
): Promise<string> {
  const session = await openSession({ workDir: folder, memoryLimitMb: 300, threads: 1 })
  try {
    const cells = COLUMNS.map((column) => `"${column}" VARCHAR`).join(', ')
    await session.run(`CREATE TABLE people ("row" INTEGER, own_rank INTEGER, ${cells})`)
    await session.append(
      'people',
      people.map((person, index) => [
        person.row ?? index + 1,
        person.rank ?? 0,
        ...COLUMNS.map((column) => person[column] ?? null),
      ]),
    )
    const out = join(folder, `${file}.parquet`)
    await prepare(session, { fields: families.fields, side, source: 'people', rank: 'own_rank', out })
    return out
  } finally {
    session.close()
  }
}

export async function linkPeople(
  left: readonly Person[],
  right: readonly Person[],
  more: Partial<LinkFilesInput> = {},
): Promise<Linked> {
  return inFolder(async (folder) => {
    const files = await linkFiles({
      definition: families,
      left: await preparePeople(folder, 'left', left),
      right: await preparePeople(folder, 'right', right),
      workDir: folder,
      out: folder,
      memoryLimitMb: 300,
      threads: 1,
      ...more,
    })
    const session = await openSession({ workDir: folder, memoryLimitMb: 300, threads: 1 })
    try {
      const links = await session.rows(`FROM ${parquet(files.links)}`)
      return {
        links,
        repeats: {
          left: await session.rows(`FROM ${parquet(files.repeatsLeft)}`),
          right: await session.rows(`FROM ${parquet(files.repeatsRight)}`),
        },
        dropped: files.dropped,
        said: links.map(({ l, r, is_review }) => `${l}${is_review === true ? '?' : '='}${r}`),
      }
    } finally {
      session.close()
    }
  })
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'
const GIVEN = '一乙丁七万三上下丑专且世丘丙业丛东丝两严丧个中丰串临丹为主丽举久义之乌乐乔乘九也习乡书买'

/** Invented children of invented families, every one another. */
export function invented(count: number, from = 0): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index
    const surname = SURNAMES[n % SURNAMES.length]!
    const given = GIVEN[n % GIVEN.length]! + GIVEN[(n * 7 + Math.floor(n / GIVEN.length)) % GIVEN.length]!
    const birth = `201${n % 9}${String((n % 12) + 1).padStart(2, '0')}${String((n % 28) + 1).padStart(2, '0')}`
    return {
      name: surname + given,
      id: idOf(birth, (n % 499) * 2 + 1, `5001${String(10 + (Math.floor(n / 499) % 80)).padStart(2, '0')}`),
      birth,
      sex: '男',
      parent1: `${surname}${GIVEN[(n * 3) % GIVEN.length]}${n}`,
      parentId: idOf('19850101', n % 1000, String(110_000 + Math.floor(n / 1000))),
      phone: String(13_900_000_000 + n),
    }
  })
}
