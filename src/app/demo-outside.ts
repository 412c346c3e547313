import { addLine, answerLine, listLines, listPlaces } from '../domains/outside/contract.ts'
import { type BookChild, listChildren } from '../domains/whereabouts/index.ts'
import { addDays, type PlainDate } from '../kernel/plain-date.ts'
import { DEMO_DISTRICT, OTHER_DISTRICT } from './demo/index.ts'
import type { Visitor } from './demo-visitor.ts'

/** Provinces to which families of the demo district go, by weight. */
const PROVINCES = ['440000', '440000', '520000', '330000', '510000'] as const
const REASONS = ['with-parents', 'with-parents', 'with-parents', 'chosen-school', 'other'] as const
const AIDS = ['host', 'home', 'none'] as const
const PROVEN = 18
const ASKED = 6
const CAME = 5

interface DemoLines {
  readonly home: Visitor
  readonly other: Visitor
  readonly today: PlainDate
}

/**
 * [DEMO-17] Children at school outside, both ways: in other provinces with replies of different ages, asked of the second district,
 * confirmed and denied by it, and children of the second district that wait for an answer. Does nothing where lines stand.
 */
export async function makeDemoLines({ home, other, today }: DemoLines): Promise<void> {
  if ((await home.call(listLines, { query: { direction: 'out' } })).total > 0) return
  const { districts } = await home.call(listPlaces)
  const unitOf = (name: string) => districts.find((district) => district.name === name)?.unitId ?? 0
  const gone = await childrenIn(home, 'other-province', PROVEN)
  for (const [at, { childId }] of gone.entries()) {
    const hostPlace = PROVINCES[at % PROVINCES.length]!
    // One in six before the autumn term: its reply ends this month.
    const checkedDay = addDays(today, at % 6 === 0 ? -40 : -1 - (at % 9))
    const lastDay = addDays(today, at % 6 === 0 ? 14 : 90)
    await home.call(addLine, {
      body: {
        childId,
        hostPlace,
        school: `第${1 + (at % 4)}小学（外省）`,
        grade: 1 + (at % 9),
        sinceDay: at % 3 === 0 ? '2026-09-01' : '2025-09-01',
        reason: REASONS[at % REASONS.length]!,
        aid: AIDS[at % AIDS.length]!,
        proven: { proof: at % 2 === 0 ? 'registry-reply' : 'certificate', checkedDay, lastDay },
      },
    })
  }
  const unknown = await childrenIn(home, 'to-verify', ASKED + 2)
  const seenDay = addDays(today, -1)
  for (const [at, { childId }] of unknown.entries()) {
    if (at >= ASKED) {
      await home.call(addLine, { body: { childId, hostPlace: '520000', school: '外省小学', reason: 'with-parents' } })
      continue
    }
    const { lineId } = await home.call(addLine, {
      body: {
        childId,
        hostUnitId: unitOf(OTHER_DISTRICT.name),
        school: '万州区的学校',
        reason: REASONS[at % REASONS.length]!,
      },
    })
    if (at < 2) await other.call(answerLine, { params: { lineId }, body: { is: 'here', seenDay } })
    if (at === 2) await other.call(answerLine, { params: { lineId }, body: { is: 'not-here', answer: 'never-came' } })
  }
  for (const { childId } of await childrenIn(other, 'to-verify', CAME)) {
    await other.call(addLine, {
      body: {
        childId,
        hostUnitId: unitOf(DEMO_DISTRICT.name),
        school: '南川区的学校',
        reason: 'with-parents',
        sinceDay: '2026-09-01',
      },
    })
  }
}

async function childrenIn(
  visitor: Visitor,
  account: 'other-province' | 'to-verify',
  most: number,
): Promise<readonly BookChild[]> {
  const { rows } = await visitor.call(listChildren, { query: { account, size: 200 } })
  return rows.slice(0, most)
}
