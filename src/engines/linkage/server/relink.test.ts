import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LinkageDefinition } from '../definition.ts'
import { linkFiles, type ResultFiles } from './files.ts'
import { openRun } from './keep.ts'
import { families, inFolder, invented, type Person, preparePeople } from './link-testing.ts'
import { relinkFiles } from './relink.ts'
import type { Decisions } from './sides.ts'

/** Caps so low that changes carry blocks and crowds over them, in either direction. */
const narrow: LinkageDefinition = {
  ...families,
  blockCap: 5,
  crowds: { ...families.crowds, most: 3 },
  repeats: { ...families.repeats!, blockRows: 3 },
}

type Table = ReadonlyMap<number, Person>

const DAMAGES: readonly ((person: Person) => Person)[] = [
  (person) => person,
  ({ id: _, ...person }) => person,
  ({ birth: _, id: __, ...person }) => person,
  (person) => ({ ...person, name: `${person.name}子` }),
  (person) => ({ ...person, id: `${person.id!.slice(0, 12)}9${person.id!.slice(13)}` }),
  (person) => ({ ...person, phone: '13900000000' }),
  (person) => ({ ...person, rank: 2 }),
  (person) => ({ ...person, name: person.name!.slice(0, 1) + person.name!.slice(1).split('').reverse().join('') }),
]

interface Draw {
  readonly person: number
  readonly damage: number
}

const draw: fc.Arbitrary<Draw> = fc.record({ person: fc.nat(11), damage: fc.nat(DAMAGES.length - 1) })
const known = invented(12)
const personOf = ({ person, damage }: Draw): Person => DAMAGES[damage]!(known[person]!)
const rows = fc.array(draw, { minLength: 0, maxLength: 16 })
/** Row numbers up to 20: those of the first table and new ones; null: gone. */
const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.option(draw)), { maxLength: 6 })
const decision = fc.record({
  a: fc.integer({ min: 1, max: 16 }),
  b: fc.integer({ min: 1, max: 16 }),
  isSame: fc.boolean(),
})

async function prepared(folder: string, side: 'left' | 'right', table: Table, file: string): Promise<string> {
  const people = [...table].sort(([a], [b]) => a - b).map(([row, person]) => ({ ...person, row }))
  return preparePeople(folder, side, people, file)
}

async function hashes(files: ResultFiles): Promise<readonly string[]> {
  const bytes = await Promise.all([files.links, files.repeatsLeft, files.repeatsRight].map((file) => readFile(file)))
  return bytes.map((part) => createHash('sha256').update(part).digest('hex'))
}

test('[LINK-16] a list of changes gives the bytes of a whole run with what was learnt before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        left: rows,
        right: rows,
        leftChanges: changes,
        rightChanges: changes,
        before: fc.array(decision, { maxLength: 1 }),
        after: fc.array(decision, { maxLength: 1 }),
      }),
      (drawn) =>
        inFolder(async (folder) => {
          const of = (side: 'left' | 'right') => {
            const old = new Map(drawn[side].map((one, index) => [index + 1, personOf(one)] as const))
            const list = new Map(drawn[`${side}Changes`])
            const now = new Map(old)
            for (const [row, one] of list) one === null ? now.delete(row) : now.set(row, personOf(one))
            const other = new Map(
              [...list.keys()].flatMap((row) => (now.has(row) ? [[row, now.get(row)!] as const] : [])),
            )
            return { old, now, other, gone: [...list.keys()].filter((row) => old.has(row) && !now.has(row)) }
          }
          const left = of('left')
          const right = of('right')
          const sides = async (which: 'old' | 'now' | 'other') => ({
            left: await prepared(folder, 'left', left[which], `left-${which}`),
            right: await prepared(folder, 'right', right[which], `right-${which}`),
          })
          const options = { definition: narrow, workDir: folder, memoryLimitMb: 300, threads: 1 }
          const place = async (name: string) => {
            await mkdir(join(folder, name))
            return join(folder, name)
          }
          const decided = (pairs: Decisions['pairs']): Decisions => ({
            pairs,
            left: pairs.filter(({ a, b }) => a < b),
            right: [],
          })
          const first = await place('kept')
          const old = await sides('old')
          await linkFiles({
            ...options,
            ...old,
            decisions: decided(drawn.before),
            out: await place('out-old'),
            keep: first,
          })
          const frozen = await openRun(narrow, first)
          const decisions = decided(drawn.after)
          const now = await sides('now')
          const second = await place('kept-whole')
          const whole = await linkFiles({
            ...options,
            ...now,
            decisions,
            frozen,
            out: await place('out-whole'),
            keep: second,
          })
          const other = await sides('other')
          const again = {
            left: { prepared: old.left, changes: other.left, gone: left.gone },
            right: { prepared: old.right, changes: other.right, gone: right.gone },
          }
          const part = await relinkFiles({
            ...options,
            ...again,
            decisions,
            kept: first,
            out: await place('out-part'),
            keep: await place('kept-part'),
          })
          expect(await hashes(part)).toEqual(await hashes(whole))
          // What is kept of it serves the next change: nothing changes, and the same comes out.
          const next = { left: { prepared: now.left }, right: { prepared: now.right } }
          const still = await relinkFiles({
            ...options,
            ...next,
            decisions,
            kept: join(folder, 'kept-part'),
            out: await place('out-next'),
          })
          expect(await hashes(still)).toEqual(await hashes(whole))
        }),
    ),
    { numRuns: Number(process.env['RELINK_RUNS'] ?? 6), interruptAfterTimeLimit: 50_000, endOnFailure: true },
  )
})

test('[LINK-16] a folder without a run, or with that of another definition, is refused', async () => {
  await inFolder(async (folder) => {
    await expect(openRun(families, folder)).rejects.toThrow(RangeError)
    const left = await preparePeople(folder, 'left', invented(3))
    const right = await preparePeople(folder, 'right', invented(3))
    await linkFiles({
      definition: families,
      left,
      right,
      workDir: folder,
      out: folder,
      keep: folder,
      memoryLimitMb: 300,
      threads: 1,
    })
    await expect(openRun({ ...families, version: '2' }, folder)).rejects.toThrow(/families@1/)
  })
})
