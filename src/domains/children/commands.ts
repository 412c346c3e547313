import type { z } from 'zod'
import { type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { nominalGrade, schoolYearOf } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type ShownChild, searchChildren, shownChildren } from '../persons/server.ts'
import { listUnitsById } from '../registry/server.ts'
import type { BookChild } from '../whereabouts/index.ts'
import { type ChildQuery, listStanding, standingOf } from '../whereabouts/server.ts'
import type { ChildLine, listChildLines } from './contract.ts'

/** More of one name is a list, not an answer. */
const MOST_FOUND = 20

/** [CHILD-1] The children behind a figure: as many as it counts, by name, in the scope of who asks. */
export async function readChildLines(
  { db, keys, clock }: Services,
  actor: Actor,
  query: ChildQuery,
): Promise<z.output<typeof listChildLines.answer>> {
  return db.inScope(actor.scope, async (tx) => {
    const { rows, unit, ...page } = await listStanding(tx, actor, query)
    const shown = await shownChildren(
      tx,
      keys,
      rows.map((row) => row.childId),
    )
    const today = clock.today()
    const places = await placesOf(tx, rows)
    return {
      ...page,
      unit: unit.name,
      rows: rows.map((row) => lineOf(row.childId, shown.get(childId(row.childId)), row, { today, places })),
    }
  })
}

/** [CHILD-2] Exactly this name, ID or student number, among the children in scope; whoever is not in the books too. */
export async function findChildren({ db, keys, clock }: Services, actor: Actor, text: string): Promise<ChildLine[]> {
  return db.inScope(actor.scope, async (tx) => {
    const found = await searchChildren(tx, keys, text, MOST_FOUND)
    return linesOf(tx, keys, found, clock.today())
  })
}

async function linesOf(
  tx: Tx,
  keys: Services['keys'],
  found: readonly ChildId[],
  today: PlainDate,
): Promise<ChildLine[]> {
  const shown = await shownChildren(tx, keys, found)
  const rows = await standingOf(tx, found)
  const standing = new Map(rows.map((row) => [row.childId as number, row]))
  const places = await placesOf(tx, rows)
  return found.filter((id) => shown.has(id)).map((id) => lineOf(id, shown.get(id), standing.get(id), { today, places }))
}

/** What an office adds to the name of its place. */
const OFFICE = /(办事处|人民政府)$/u

/** A village is known by its township: names of communities repeat all over the city. */
async function placesOf(tx: Tx, rows: readonly BookChild[]): Promise<ReadonlyMap<number, string>> {
  const leaves = rows.flatMap(({ registered, living }) => registered ?? living ?? [])
  const units = await listUnitsById(tx, [...new Set(leaves.map(({ unitId }) => unitId))])
  const above = units.flatMap(({ kind, parentId }) => (kind === 'village' && parentId !== null ? [parentId] : []))
  const names = new Map(
    (await listUnitsById(tx, [...new Set(above)])).map(({ unitId, name }) => [unitId as number, shortOf(name)]),
  )
  return new Map(
    units.map(({ unitId, parentId, name }) => {
      const township = parentId === null ? undefined : names.get(parentId)
      return [unitId, township === undefined ? shortOf(name) : `${township} ${name}`]
    }),
  )
}

function shortOf(name: string): string {
  return name.replace(OFFICE, '')
}

function lineOf(
  id: number,
  shown: ShownChild | undefined,
  standing: BookChild | undefined,
  { today, places }: { readonly today: PlainDate; readonly places: ReadonlyMap<number, string> },
): ChildLine {
  const home = standing?.registered ?? standing?.living
  const birth = shown?.birth ?? null
  return {
    childId: id,
    name: shown?.name ?? '',
    sex: shown?.sex ?? null,
    birthDay: birth,
    nominalGrade: birth === null ? null : nominalGrade(schoolYearOf(today), birth),
    account: standing?.account ?? null,
    since: standing?.since ?? null,
    place: home == null ? null : (places.get(home.unitId) ?? home.name),
    school: standing?.school?.name ?? null,
    evidence: standing?.evidence ?? null,
    confirmed: standing?.confirmed ?? null,
    caseId: standing?.caseId ?? null,
  }
}
