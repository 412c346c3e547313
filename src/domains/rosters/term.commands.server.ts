import { childId } from '../../kernel/ids.ts'
import { mustStart, schoolYear, schoolYearOf } from '../../kernel/school-year.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { Download } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import type { OutCell } from '../../platform/sheets/index.ts'
import { readContact, readIdentity, shownChildren } from '../persons/server.ts'
import { getUnitWithin } from '../whereabouts/server.ts'
import type { TermChild, TermPlace } from './contract.ts'
import { placesOf } from './places.server.ts'
import { countTerm, listTermRows, type TermCount, type TermFilter } from './term.store.server.ts'
import { rostersWords } from './words.ts'
import { type Asked, workbookOf } from './workbook.commands.server.ts'

const words = rostersWords.workbook
const heads = rostersWords.term
/** Rows opened at once. */
const ROWS_A_PAGE = 1_000

interface TermAsked {
  readonly unitId?: number | undefined
  readonly year?: number | undefined
}

/** [ROST-18] Who reaches school age by 31 August of the asked year, the coming one where none is asked. */
export async function readTerm(
  services: Services,
  actor: Actor,
  {
    unitId,
    year: askedYear,
    page,
    size,
    ...filter
  }: TermAsked & TermFilter & { readonly page: number; readonly size: number },
) {
  const { db, keys } = services
  const year = yearOf(services, askedYear)
  const cohort = mustStart(year)
  const unit = await db.inScope(actor.scope, (tx) => getUnitWithin(tx, actor, unitId))
  const query = { unitId: unit.unitId, cohort }
  const { counts, rows } = await db.asSystem('rosters.term', async (tx) => ({
    counts: await countTerm(tx, query),
    rows: await listTermRows(tx, query, { ...filter, limit: size, offset: (page - 1) * size }),
  }))
  return db.inScope(actor.scope, async (tx) => {
    const shown = await shownChildren(
      tx,
      keys,
      rows.map((row) => row.childId),
    )
    const places = await placesOf(tx, [
      ...rows.flatMap(({ registeredId, livingId, schoolId }) => [registeredId, livingId, schoolId]),
      ...counts.map(({ placeId }) => placeId),
    ])
    return {
      total: counts.reduce((sum, one) => sum + (isAsked(one, filter) ? one.count : 0), 0),
      page,
      size,
      unit: { unitId: unit.unitId, name: unit.name, kind: unit.kind },
      year,
      ...cohort,
      places: placeSums(counts, (id) => places.nameOf(id) ?? ''),
      mayExport: actor.permissions.has('roster.export'),
      rows: rows.map((row): TermChild => {
        const child = shown.get(childId(row.childId))
        return {
          childId: row.childId,
          name: child?.name ?? '',
          sex: child?.sex ?? null,
          birthDay: child?.birth ?? null,
          base: row.base,
          state: row.state,
          registered: places.lineOf(row.registeredId),
          living: places.lineOf(row.livingId),
          school: places.nameOf(row.schoolId),
        }
      }),
    }
  })
}

function yearOf({ clock }: Services, asked: number | undefined) {
  return schoolYear(asked ?? schoolYearOf(clock.today()) + 1)
}

function isAsked(one: TermCount, { base, state }: TermFilter): boolean {
  return (base === undefined || one.base === base) && (state === undefined || one.state === state)
}

function placeSums(counts: readonly TermCount[], nameOf: (id: number) => string): TermPlace[] {
  const sums = new Map<number, TermPlace>()
  for (const { placeId, base, state, count } of counts) {
    const before = sums.get(placeId) ?? { unitId: placeId, name: nameOf(placeId), registered: 0, migrant: 0, none: 0 }
    sums.set(placeId, {
      ...before,
      [base]: before[base] + count,
      none: before.none + (state === 'none' ? count : 0),
    })
  }
  return [...sums.values()].sort((a, b) => b.registered + b.migrant - a.registered - a.migrant || a.unitId - b.unitId)
}

/** [ROST-18] [ROST-20] For 告知入学: with numbers, guardians and addresses in full, and room for who signed. */
export async function downloadTerm(
  services: Services,
  asked: Asked,
  { unitId, year: askedYear, reason }: TermAsked & { readonly reason: string },
): Promise<Download> {
  const { actor } = asked
  const year = yearOf(services, askedYear)
  const unit = await services.db.inScope(actor.scope, (tx) => getUnitWithin(tx, actor, unitId))
  return workbookOf(services, asked, {
    fileName: words.termFile(unit.name, year),
    sheetName: words.termSheet,
    columns: Object.values(heads).map((heading) => ({ heading, width: heading.length > 4 ? 22 : 14 })),
    rows: termRows(services, actor, { unitId: unit.unitId, cohort: mustStart(year) }),
    target: `unit:${unit.unitId}/term-${year}`,
    unit: unit.name,
    reason,
  })
}

async function* termRows(
  { db, keys }: Services,
  actor: Actor,
  query: Parameters<typeof listTermRows>[1],
): AsyncGenerator<readonly (readonly OutCell[])[]> {
  for (let offset = 0; ; offset += ROWS_A_PAGE) {
    const found = await db.asSystem('rosters.term', (tx) => listTermRows(tx, query, { limit: ROWS_A_PAGE, offset }))
    const rows = await db.inScope(actor.scope, async (tx) => {
      const ids = found.map((row) => row.childId)
      const identities = await readIdentity(tx, keys, ids, 'plain')
      const contacts = await readContact(tx, keys, ids, 'plain')
      const places = await placesOf(
        tx,
        found.flatMap(({ registeredId, livingId, placeId, schoolId }) => [registeredId, livingId, placeId, schoolId]),
      )
      return found.map((row, index): readonly OutCell[] => {
        const identity = identities.get(childId(row.childId))
        const contact = contacts.get(childId(row.childId))
        const { township, village } = places.placeOf(row.placeId)
        const cells: Readonly<Record<keyof typeof heads, OutCell>> = {
          number: offset + index + 1,
          township,
          village,
          name: identity?.name ?? null,
          sex: identity?.sex == null ? null : (words.sex[identity.sex] ?? null),
          birth: identity?.birth ?? null,
          citizenId: identity?.citizenId ?? identity?.otherId ?? null,
          base: words.base[row.base],
          registered: places.lineOf(row.registeredId),
          living: places.lineOf(row.livingId),
          address: contact?.address ?? null,
          guardian: contact?.guardians[0]?.name ?? null,
          phone: contact?.phones[0] ?? contact?.guardians[0]?.phone ?? null,
          state: words.state[row.state],
          school: places.nameOf(row.schoolId),
          notified: null,
          signed: null,
          remark: null,
        }
        return (Object.keys(heads) as (keyof typeof heads)[]).map((column) => cells[column])
      })
    })
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_A_PAGE) return
  }
}
