import { childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { nominalGrade, schoolYearOf } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { AuditPen } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import { gradesOfSchool } from '../imports/index.ts'
import { shownChildren } from '../persons/server.ts'
import { findPersons, listUnitsById, type Unit } from '../registry/server.ts'
import { accountCodeOf, BASES, type Base, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { findLastClosedDay, getUnitWithin, standingOf } from '../whereabouts/server.ts'
import * as compare from './compare.commands.server.ts'
import type { BaseCount, Check, FOUND_CLASSES, FoundChild, Overview, RosterRun } from './contract.ts'
import * as overview from './overview.store.server.ts'
import { placesOf } from './places.server.ts'
import type { Ground } from './rules.ts'
import * as store from './store.ts'
import { rostersWords as words } from './words.ts'

/** Names of schools that a page lists; the number tells the rest. */
const MISSING_TOLD = 200
const STATEMENT = { statementSeconds: 60 }

/** [ROST-19] The four checks, the bases of the books, and the newest comparison, of the own unit or one below it. */
export async function readOverview(services: Services, actor: Actor, asked: number | undefined): Promise<Overview> {
  const { db, clock } = services
  const today = clock.today()
  const found = await db.inScope(actor.scope, async (tx) => {
    const unit = await getUnitWithin(tx, actor, asked)
    const run = await store.findNewestRun(tx, unit.unitId)
    const below = await store.listNewestBelow(tx, unit.unitId)
    const runs = await runsOf(tx, [...(run === undefined ? [] : [run]), ...below])
    return { unit, run: run === undefined ? null : runs[0]!, below: run === undefined ? runs : runs.slice(1) }
  })
  const { unit, run, below } = found
  const figures = await db.asSystem(
    'rosters.overview',
    async (tx) => {
      const booksDay = (await findLastClosedDay(tx)) ?? null
      return {
        checks: await checksOf(tx, unit, today),
        booksDay,
        bases: booksDay === null ? [] : await basesOf(tx, unit.unitId, booksDay),
        isOld: run === null ? false : await overview.hasNewerLists(tx, unit.unitId, new Date(run.madeAt)),
      }
    },
    STATEMENT,
  )
  const { isOld, ...rest } = figures
  return {
    unit: { unitId: unit.unitId, name: unit.name, kind: unit.kind },
    today,
    month: today.slice(0, 7),
    ...rest,
    run: run === null ? null : { ...run, isOld },
    below,
    mayCompare: unit.unitId === actor.unitId && actor.permissions.has('roster.compare'),
    mayExport: actor.permissions.has('roster.export'),
  }
}

/** [ROST-11] */
export async function compareLists(
  services: Services,
  { actor, audit }: { readonly actor: Actor; readonly audit: AuditPen },
): Promise<RosterRun> {
  const runId = await compare.compareLists(services, actor)
  audit.note({ target: `roster:${runId}` })
  return services.db.inScope(actor.scope, async (tx) => getRun(tx, runId))
}

async function getRun(tx: Tx, runId: string): Promise<RosterRun> {
  const row = await store.findRun(tx, runId)
  if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const [run] = await runsOf(tx, [row])
  return run!
}

async function runsOf(tx: Tx, rows: readonly store.RunRow[]): Promise<RosterRun[]> {
  const names = await namesOf(
    tx,
    rows.map(({ unitId }) => unitId),
  )
  const persons = await findPersons(tx, [...new Set(rows.map(({ madeBy }) => madeBy))])
  return rows.map((row) => ({
    runId: row.runId,
    unit: { unitId: row.unitId, name: names.get(row.unitId) ?? '' },
    madeBy: persons.get(row.madeBy) ?? words.unknownPerson,
    madeAt: row.madeAt.toISOString(),
    day: row.day,
    counts: row.counts,
    posted: row.posted,
    opened: row.opened,
    isUndone: row.isUndone,
    isOld: false,
  }))
}

async function namesOf(tx: Tx, ids: readonly (number | null)[]): Promise<ReadonlyMap<number, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  return new Map((await listUnitsById(tx, wanted)).map((unit) => [unit.unitId as number, unit.name]))
}

/** [ROST-12] A school reports its classes every month: a list of another month is none. */
async function checksOf(tx: Tx, { unitId }: Unit, today: PlainDate): Promise<Check[]> {
  const ask = { unitId, today }
  const month = `${today.slice(0, 7)}-01`
  const teaches = ({ type }: overview.HandedIn) => {
    const [first, last] = gradesOfSchool(type ?? '')
    return first <= 9 && last >= 1
  }
  const classes = (await overview.listSchoolCovers(tx, { ...ask, kind: 'attendance' })).filter(teaches)
  const rolls = (await overview.listSchoolCovers(tx, { ...ask, kind: 'roll' })).filter(teaches)
  return [
    checkOf('population', await overview.listPlaceCovers(tx, { ...ask, kind: 'population' })),
    checkOf('roll', rolls),
    checkOf('attendance', classes, month),
    checkOf('poverty', await overview.listPlaceCovers(tx, { ...ask, kind: 'poverty' })),
  ]
}

function checkOf(check: Check['check'], due: readonly overview.HandedIn[], since = ''): Check {
  const isIn = ({ day }: overview.HandedIn) => day !== null && day >= since
  const given = due.filter(isIn)
  const days = given.flatMap(({ day }) => day ?? []).sort()
  return {
    check,
    from: days[0] ?? null,
    until: days.at(-1) ?? null,
    rows: given.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    due: due.length,
    handedIn: given.length,
    missing: due
      .filter((one) => !isIn(one))
      .slice(0, MISSING_TOLD)
      .map(({ unitId, name }) => ({ unitId, name })),
  }
}

async function basesOf(tx: Tx, unitId: number, day: PlainDate): Promise<BaseCount[]> {
  const sums = await overview.sumAccounts(tx, unitId, day)
  const persons = await overview.countPersons(tx, unitId, day)
  return BASES.map((base) => baseOf(base, sums, persons[base]))
}

const OUT: readonly string[] = ['suspected', 'never-enrolled', 'dropped-out']

function baseOf(base: Base, sums: readonly overview.Sum[], persons: number): BaseCount {
  const own = sums.filter((sum) => sum.base === base)
  const of = (group: number) =>
    own.reduce((sum, one) => sum + (BOOK_ACCOUNTS[accountCodeOf(one.accountId)].group === group ? one.count : 0), 0)
  return {
    base,
    schooled: of(1),
    paused: of(2),
    closed: of(3),
    unexplained: of(4),
    rollOnly: of(5),
    out: own.reduce((sum, one) => sum + (OUT.includes(accountCodeOf(one.accountId)) ? one.count : 0), 0),
    persons,
  }
}

export interface FoundQuery extends store.FindingQuery {
  readonly runId: string
}

/** The children of one class of one comparison, as they stand now. */
export async function listFound(services: Services, actor: Actor, { runId, ...query }: FoundQuery) {
  const { db, keys, clock } = services
  const today = clock.today()
  return db.inScope(actor.scope, async (tx) => {
    const run = await getRun(tx, runId)
    const { total, rows } = await store.listFindings(tx, runId, query)
    const ids = rows.map((row) => childId(row.childId))
    const shown = await shownChildren(tx, keys, ids)
    const standing = new Map((await standingOf(tx, ids)).map((row) => [row.childId as number, row]))
    const places = await placesOf(
      tx,
      rows.flatMap(({ schoolId, otherId, unitId }) => [schoolId, otherId, unitId]),
    )
    const households = [...new Set(rows.flatMap(({ household }) => household ?? []))]
    return {
      total,
      page: query.page,
      size: query.size,
      run,
      rows: rows.map((row): FoundChild => {
        const child = shown.get(childId(row.childId))
        const stands = standing.get(row.childId)
        const birth = child?.birth ?? null
        return {
          childId: row.childId,
          name: child?.name ?? '',
          sex: child?.sex ?? null,
          birthDay: birth,
          nominalGrade: birth === null ? null : nominalGrade(schoolYearOf(today), birth),
          class: row.class as (typeof FOUND_CLASSES)[number],
          ground: row.ground as Ground | null,
          school: places.nameOf(row.schoolId),
          other: places.nameOf(row.otherId),
          absentDays: row.absentDays,
          place: places.lineOf(row.unitId) ?? stands?.registered?.name ?? stands?.living?.name ?? null,
          household: row.household === null ? null : households.indexOf(row.household) + 1,
          stood: row.stood === null ? null : accountCodeOf(row.stood),
          account: stands?.account ?? null,
          caseId: stands?.caseId ?? null,
        }
      }),
    }
  })
}
