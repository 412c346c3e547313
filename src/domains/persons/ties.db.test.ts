import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { childId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { BookKind } from './kinds.ts'
import { onRoll, TODAY, testPersons, tiesOf } from './persons.test.server.ts'
import { addTie, endTies, retie } from './server.ts'

const world = await testPersons()
const { admin, places, store, childOf, undo, system } = world

beforeEach(async () => {
  await admin(
    'truncate source_batch, child, source_record, person_identity, person_contact, tie, roll_entry, person_tag, batch_cover, child_merge, record_move, tag_move cascade',
  )
})

interface Word {
  readonly kind: BookKind
  readonly day: number
  /** Null: the child is not in the sheet. */
  readonly place: 0 | 1 | null
  readonly holds: boolean
  readonly isUndone: boolean
}

const PLACES = {
  population: [places.village, places.village2],
  floating: [places.village, places.village2],
  roll: [places.school, places.school2],
}
const TIE = { population: 'registered', floating: 'living', roll: 'roll' } as const
const dayOf = (day: number) => plainDate(`2026-11-${String(day).padStart(2, '0')}`)

const LAST = 30

/**
 * The same by another way: for every day, the last word of the kind so far. Every register and roll covers both places (two
 * other children stand there), so that a sheet without the child says that it is gone; floating residents are only added.
 */
function expectedTies(words: readonly Word[]): readonly string[] {
  const live = words.filter(({ isUndone }) => !isUndone).sort((a, b) => a.day - b.day)
  return (['population', 'floating', 'roll'] as const).flatMap((kind) =>
    ([0, 1] as const).flatMap((place) => {
      const told = live.filter((word) => word.kind === kind && (kind !== 'floating' || word.place !== null))
      const holdsOn = (day: number) => {
        const last = told.filter((word) => word.day <= day).at(-1)
        return last?.place === place && (kind !== 'roll' || last.holds || last.day === day)
      }
      const spans: string[] = []
      for (let day = 1; day <= LAST; day++) {
        if (!holdsOn(day) || (day > 1 && holdsOn(day - 1))) continue
        let end = day
        while (end <= LAST && holdsOn(end)) end++
        spans.push(`${TIE[kind]} ${PLACES[kind][place]} [${dayOf(day)},${end > LAST ? '' : dayOf(end)})`)
      }
      return spans
    }),
  )
}

const sheet = (kind: Word['kind'], day: number, place: Word['place']): Word => ({
  kind,
  day,
  place,
  holds: true,
  isUndone: false,
})

describe('[PERS-8] ties are worked out from the live records alone', () => {
  test('any sheets in any order, some undone, give what a day-by-day count gives; units follow', async () => {
    const word: fc.Arbitrary<Word> = fc.record({
      kind: fc.constantFrom('population', 'floating', 'roll'),
      day: fc.integer({ min: 1, max: 20 }),
      place: fc.constantFrom(0, 1, null),
      holds: fc.boolean(),
      isUndone: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
        await admin(
          'truncate source_batch, child, source_record, person_identity, person_contact, tie, roll_entry, batch_cover cascade',
        )
        let child: number | undefined
        for (const { kind, day, place, holds, isUndone } of words) {
          const at = (unit: number, status: 'in-school' | 'finished' = 'in-school') =>
            kind === 'roll' ? { roll: onRoll(unit, { statusGroup: status }) } : { unitId: unit }
          const rows = [
            ...(place === null
              ? []
              : [
                  {
                    name: '张小明',
                    citizenId: '500119201503140012',
                    tags: ['orphan'],
                    ...at(PLACES[kind][place]!, holds ? 'in-school' : 'finished'),
                  },
                ]),
            { name: '甲', citizenId: '500119201503140020', ...at(PLACES[kind][0]!) },
            { name: '乙', citizenId: '500119201503140039', ...at(PLACES[kind][1]!) },
          ]
          const stored = await store(kind, dayOf(day), rows)
          if (place !== null) child = await childOf(stored, 1)
          if (isUndone) await undo(stored.batchId)
        }
        if (child === undefined) return
        expect(await tiesOf(world, child)).toEqual([...expectedTies(words)].sort())
        await expectUnits(child)
      }),
      {
        numRuns: 25,
        // Two sheets of one day, the second undone; and a pupil of one day whom the second sheet of that day no longer names.
        examples: [
          [[sheet('population', 12, 0), { ...sheet('population', 12, null), isUndone: true }]],
          [[{ ...sheet('roll', 12, 0), holds: false }, sheet('roll', 12, null)]],
        ],
      },
    )
  }, 120_000)
})

/** `units` by hand: of the ties that live today, else of those that began last. */
async function expectUnits(child: number): Promise<void> {
  const ties = await admin<{ kind: string; path: number[]; live: boolean; begin: string }>(
    'select tie.kind, path, valid @> $2::date as live, lower(valid)::text as begin from tie join unit using (unit_id) where child_id = $1',
    [child, TODAY],
  )
  const live = ties.filter((tie) => tie.live)
  const newest = ties
    .map(({ begin }) => begin)
    .sort()
    .at(-1)
  const seen = live.length > 0 ? live : ties.filter(({ begin }) => begin === newest)
  const hasHome = live.some(({ kind }) => kind === 'living')
  const unitsOf = (some: typeof ties) => [...new Set(some.flatMap(({ path }) => path))].sort((a, b) => a - b)
  const [row] = await admin<{ units: number[] }>('select units from child where child_id = $1', [child])
  expect(row!.units).toEqual(unitsOf(seen))
  const duty = unitsOf(seen.filter(({ kind }) => !(hasHome && kind === 'registered')))
  const tags = await admin<{ units: number[] }>('select units from person_tag where child_id = $1', [child])
  for (const { units } of tags) expect(units).toEqual(duty)
}

describe('[PERS-9] what a person found goes before the batches', () => {
  test('until it is ended; then they speak again', async () => {
    const rows = [{ name: '张小明', citizenId: '500119201503140012' }]
    const first = await store('population', '2026-11-01', rows)
    const child = childId(await childOf(first, 1))
    const tie = {
      childId: child,
      kind: 'registered',
      unitId: unitId(places.village2),
      from: plainDate('2026-11-10'),
      source: 'officer',
    } as const
    await system(async (tx) => {
      await addTie(tx, tie)
      await addTie(tx, tie)
      await retie(tx, [child], TODAY)
    })
    const found = [
      `registered ${places.village} [2026-11-01,2026-11-10)`,
      `registered ${places.village2} [2026-11-10,)`,
    ].sort()
    expect(await tiesOf(world, child)).toEqual(found)
    await store('population', '2026-11-15', rows)
    expect(await tiesOf(world, child)).toEqual(found)
    await system((tx) => endTies(tx, { childIds: [child], kinds: ['registered'] }, plainDate('2026-11-20')))
    expect(await tiesOf(world, child)).toContain(`registered ${places.village} [2026-11-01,)`)
  })
})
