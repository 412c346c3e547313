import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { DECIDED } from '../pattern.ts'
import { linkFiles } from './files.ts'
import { families, idOf, inFolder, invented, linkPeople, type Person, preparePeople } from './link-testing.ts'

const home = { parent1: '郝金明', parent2: '胡永燕', parentId: idOf('19850101', 7), phone: '13900002222' }
const child: Person = { name: '郝佳欣', id: idOf('20160504', 12), birth: '2016-05-04', sex: '女', ...home }
const without = (person: Person, ...keys: (keyof Person)[]): Person =>
  Object.fromEntries(Object.entries(person).filter(([key]) => !keys.includes(key as keyof Person)))

test.each<[string, Person]>([
  ['a number with one wrong digit', { ...child, id: `${child.id!.slice(0, 16)}9${child.id!.slice(17)}` }],
  ['two digits swapped', { ...child, id: `${child.id!.slice(0, 8)}61${child.id!.slice(10)}` }],
  ['fifteen digits', { ...child, id: child.id!.slice(0, 6) + child.id!.slice(8, 17), birth: '' }],
  ['no number', without(child, 'id')],
  ['a sister’s number, the own birthday', { ...child, id: idOf('20140203', 12) }],
  ['a number that a spreadsheet destroyed', { ...child, id: '5.00103E+17' }],
  ['a homophone', { ...child, name: '郝嘉欣' }],
  ['traditional characters and a space', { ...child, name: '郝 佳欣' }],
  ['characters changed over', { ...child, name: '郝欣佳' }],
  ['the mother’s surname', { ...child, name: '胡佳欣' }],
  ['a former name', { ...child, name: '郝雨桐', former: '郝佳欣' }],
  ['no number and no birthday', without(child, 'id', 'birth')],
])('[LINK-6] a child is found with %s', async (_, written) => {
  const others = invented(120)
  const { said } = await linkPeople([...others, child], [...others, written])
  expect(said).toContain('121=121')
})

test('[LINK-3] a sister with her own number is not the child', async () => {
  const sister: Person = { ...home, name: '郝佳怡', id: idOf('20180909', 14), birth: '2018-09-09', sex: '女' }
  const twin: Person = { ...home, name: '郝佳怡', id: idOf('20160504', 14), birth: '2016-05-04', sex: '女' }
  const others = invented(60)
  for (const other of [sister, twin]) {
    const { said, repeats } = await linkPeople([...others, child], [...others, other])
    expect(said).not.toContain('61=61')
    expect(repeats.left).toEqual([])
  }
})

test('[LINK-7] an entry that has ended gives way to a damaged one in force', async () => {
  const others = invented(60)
  const ended = { ...child, rank: 2 }
  const { said, repeats } = await linkPeople([...others, child], [...others, ended, without(child, 'id')])
  expect(said.filter((pair) => /^61/.test(pair))).toEqual(['61=62'])
  expect(repeats.right.map(({ row, same_as }) => [row, same_as])).toEqual([[61, 62]])
  const alone = await linkPeople([...others, child], [...others, ended])
  expect(alone.said.filter((pair) => /^61/.test(pair))).toEqual(['61=61'])
})

test('[LINK-2] an entry under the child’s name and a sister’s number is the child’s, not the sister’s', async () => {
  const sister: Person = { ...home, name: '郝雨桐', id: idOf('20120908', 14), birth: '2012-09-08', sex: '女' }
  const mistaken = { ...sister, name: child.name! }
  const others = invented(60)
  const { said } = await linkPeople([...others, sister, child], [...others, mistaken])
  expect(said.filter((pair) => /=61$/.test(pair))).toEqual(['62=61'])
})

test('[LINK-3] twins who would both fit one entry are not one child', async () => {
  const twins = ['郝若曦', '郝子墨'].map(
    (name, n): Person => ({
      ...home,
      name,
      id: idOf('20160504', 12 + 2 * n),
      birth: '2016-05-04',
      sex: '女',
    }),
  )
  const others = invented(60)
  const entry = { ...without(twins[0]!, 'id'), sex: '女' }
  const { said, repeats } = await linkPeople([...others, ...twins], [...others, entry])
  expect(said).toContain('61=61')
  expect(repeats.left).toEqual([])
})

test('[LINK-14] what a person decided overrides every score, on both sides and between them', async () => {
  const others = invented(40)
  const stranger: Person = { name: '欧阳春晓', id: idOf('20100101', 11), birth: '2010-01-01' }
  const people = [...others, child, stranger]
  const plain = await linkPeople(people, people)
  expect(plain.said).toContain('41=41')
  const decided = await linkPeople(people, people, {
    decisions: {
      pairs: [
        { a: 41, b: 41, isSame: false },
        { a: 42, b: 1, isSame: true },
      ],
      left: [],
      right: [],
    },
  })
  expect(decided.said).toContain('42=1')
  expect(decided.said.filter((pair) => /^41|[=?]41$|^1[=?]|[=?]42$/.test(pair))).toEqual([])
  expect(decided.links.find(({ l }) => l === 42)?.['pattern']).toBe(DECIDED)
})

test('[LINK-14] rows of one side that a person called one, or two, are that', async () => {
  const twice = [child, child, { name: '欧阳春晓', id: idOf('20100101', 11), birth: '2010-01-01' }]
  const plain = await linkPeople(twice, [])
  expect(plain.repeats.left.map(({ row, same_as }) => [row, same_as])).toEqual([[2, 1]])
  const decided = await linkPeople(twice, [], {
    decisions: {
      pairs: [],
      left: [
        { a: 1, b: 2, isSame: false },
        { a: 3, b: 2, isSame: true },
      ],
      right: [],
    },
  })
  expect(decided.repeats.left.map(({ row, same_as }) => [row, same_as])).toEqual([[3, 2]])
})

test('[LINK-4] two runs over the same files give the same bytes', async () => {
  const left = [...invented(300), child]
  const right = [...invented(280, 10), without(child, 'id')]
  const hashes = []
  for (const threads of [1, 2]) {
    hashes.push(
      await inFolder(async (folder) => {
        const files = await linkFiles({
          definition: families,
          left: await preparePeople(folder, 'left', left),
          right: await preparePeople(folder, 'right', right),
          workDir: folder,
          out: folder,
          memoryLimitMb: 300,
          threads,
        })
        const bytes = await Promise.all(
          [files.links, files.repeatsLeft, files.repeatsRight].map((file) => readFile(file)),
        )
        return bytes.map((part) => createHash('sha256').update(part).digest('hex'))
      }),
    )
  }
  expect(hashes[0]).toEqual(hashes[1])
})

const many = invented(400)
test.each<[string, readonly Person[], readonly Person[], number]>([
  ['the left side is empty', [], many, 0],
  ['the right side is empty', many, [], 0],
  ['both sides are empty', [], [], 0],
  ['every number is empty', many.map((one) => without(one, 'id')), many.map((one) => without(one, 'id')), 400],
  [
    'every name is the same',
    many.map((one) => ({ ...one, name: '张伟' })),
    many.map((one) => ({ ...one, name: '张伟' })),
    400,
  ],
  [
    'one side tells names and birthdays only',
    many.map((one) => without(one, 'id', 'sex', 'parent1', 'parentId', 'phone')),
    many,
    400,
  ],
  ['half of the rows are there twice', [...many, ...many], many, 400],
])('[LINK-2] when %s, everybody is linked once or not at all', async (_, left, right, expected) => {
  const { links } = await linkPeople(left, right)
  expect(new Set(links.map(({ l }) => l)).size).toBe(links.length)
  expect(new Set(links.map(({ r }) => r)).size).toBe(links.length)
  expect(links.length).toBeGreaterThanOrEqual(expected * 0.98)
})

test('[LINK-6] foreigners and people of Hong Kong, Macao and Taiwan are linked by the numbers of their papers', async () => {
  const papers = ['H12345678', '810000201601010018', '12345678', 'EA1234567', 'CHN123456789012']
  const people = papers.map((id, index) => ({ name: `陈思${'甲乙丙丁戊'[index]}`, id, birth: `2016-0${index + 1}-01` }))
  const { said } = await linkPeople([...invented(50), ...people], [...invented(50), ...people])
  for (const index of papers.keys()) expect(said).toContain(`${51 + index}=${51 + index}`)
})

test('[LINK-5] a block of all rows is left out and counted, and the run ends', async () => {
  const crowd = Array.from({ length: 3000 }, (_, n) => ({
    name: '张伟',
    birth: '2016-01-01',
    phone: String(13_700_000_000 + n),
  }))
  const { dropped, links } = await linkPeople(crowd, crowd)
  expect(dropped.find(({ rule }) => rule === 'sound-birth')).toMatchObject({ blocks: 1, pairs: 9_000_000 })
  // What is left over is found by telephone and name.
  expect(links.length).toBe(3000)
})

test('[LINK-8] a run that is cancelled half-way ends and leaves nothing but its sheets', async () => {
  await inFolder(async (folder) => {
    const stop = new AbortController()
    const options = {
      definition: families,
      left: await preparePeople(folder, 'left', many),
      right: await preparePeople(folder, 'right', many),
      workDir: folder,
      out: folder,
      memoryLimitMb: 300,
      threads: 1,
      signal: stop.signal,
      onStage: (stage: string) => {
        if (stage === 'score') stop.abort()
      },
    }
    await expect(linkFiles(options)).rejects.toThrow(/abort/i)
    const { readdir } = await import('node:fs/promises')
    expect((await readdir(folder)).sort()).toEqual(['left.parquet', 'right.parquet'])
  })
})

test('[LINK-8] two runs at once do not disturb one another', async () => {
  const [one, other] = await Promise.all([linkPeople(many, many.slice(0, 200)), linkPeople(many.slice(100), many)])
  expect([one.links.length, other.links.length]).toEqual([200, 300])
})

test('[LINK-9] a run with little memory spills and ends the same', async () => {
  const people = invented(6000).map((one, n) => (n % 3 === 0 ? without(one, 'id') : one))
  const roomy = await linkPeople(people, people, { memoryLimitMb: 500 })
  const narrow = await linkPeople(people, people, { memoryLimitMb: 60 })
  expect(narrow.links).toEqual(roomy.links)
})
