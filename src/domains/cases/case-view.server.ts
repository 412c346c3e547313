import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { shownChildren } from '../persons/server.ts'
import { accountCodeOf } from '../whereabouts/index.ts'
import { listHolders } from './chain.store.server.ts'
import type { Candidate, CaseDetail, CaseLine, CaseList, ChildStanding, Holder } from './contract.ts'
import { findOpenEntry } from './entry.store.server.ts'
import { readNotes } from './notes.server.ts'
import {
  type CaseQuery,
  type FileFound,
  listClasses,
  listFiles,
  listPlaceNames,
  listStaffNames,
  listUnitsOfChild,
  type PlaceName,
} from './store.ts'

/** [CASE-14] One page of the open files in sight. */
export async function caseList(tx: Tx, { keys, clock }: Services, query: CaseQuery): Promise<CaseList> {
  const today = clock.today()
  const { total, rows, counts, holders } = await listFiles(tx, query, today)
  const children = rows.map(({ childId }) => childId)
  const shown = await shownChildren(tx, keys, children)
  const classes = await listClasses(tx, children)
  const places = await listPlaceNames(
    tx,
    [
      ...rows.flatMap((row) => [row.ownerUnitId, row.livingId, row.registeredId, row.schoolId]),
      ...holders.map(({ unitId }) => unitId),
    ].filter((id) => id !== null),
  )
  const staff = await listStaffNames(
    tx,
    rows.map(({ ownerId }) => ownerId),
  )
  return {
    total,
    page: query.page,
    size: query.size,
    counts,
    holders: holders.flatMap(({ unitId, count }) => {
      const unit = places.get(unitId)
      return unit === undefined ? [] : [{ ...unit, count }]
    }),
    today,
    rows: rows.map(
      (row): CaseLine => ({
        caseId: row.caseId,
        childId: row.childId,
        stage: row.stage,
        name: shown.get(row.childId)?.name ?? '',
        birthDay: shown.get(row.childId)?.birth ?? null,
        place: classes.get(row.childId) ?? nameOf(places, row.schoolId ?? row.livingId ?? row.registeredId),
        account: accountCodeOf(row.accountId),
        since: row.since,
        holder: holderOf(row, places, staff),
        dueDay: row.dueDay,
        evidence: row.evidenceKind,
        confirmed: row.confirmed,
      }),
    ),
  }
}

export async function caseDetail(tx: Tx, services: Services, actor: Actor, file: FileFound): Promise<CaseDetail> {
  const { keys, clock } = services
  const today = clock.today()
  const entry = await findOpenEntry(tx, file.childId)
  const shown = (await shownChildren(tx, keys, [file.childId])).get(file.childId)
  if (shown === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const places = await listPlaceNames(
    tx,
    [file.ownerUnitId, entry?.registeredId, entry?.livingId, entry?.schoolId].filter((id) => typeof id === 'number'),
  )
  const staff = await listStaffNames(tx, [file.ownerId])
  const place = (id: number | null | undefined) => (id == null ? null : (places.get(id) ?? null))
  const className = (await listClasses(tx, [file.childId])).get(file.childId)
  return {
    caseId: file.caseId,
    childId: file.childId,
    stage: file.stage,
    isOpen: file.isOpen,
    name: shown.name,
    birthDay: shown.birth,
    place: className ?? null,
    account: entry === undefined ? null : accountCodeOf(entry.accountId),
    since: entry?.since ?? null,
    evidence: entry?.evidenceKind ?? null,
    confirmed: entry?.confirmed ?? null,
    expires: entry?.expires ?? null,
    holder: holderOf(file, places, staff),
    openedDay: file.openedDay,
    dueDay: file.isOpen ? file.dueDay : null,
    closedDay: file.closedDay,
    outcome: file.outcome,
    registered: place(entry?.registeredId),
    living: place(entry?.livingId),
    school: place(entry?.schoolId),
    notes: await readNotes(tx, services, actor, file.childId),
    candidates: file.isOpen && actor.permissions.has('book.post') ? await candidatesOf(tx, file.childId, today) : null,
    today,
  }
}

function holderOf(
  file: { readonly ownerUnitId: number; readonly ownerId: number; readonly isStandIn: boolean },
  places: ReadonlyMap<number, PlaceName>,
  staff: ReadonlyMap<number, string>,
): Holder {
  const unit = places.get(file.ownerUnitId)
  if (unit === undefined) throw new Error(`a file lies with unit ${file.ownerUnitId}, which is not there`)
  return { unit, person: staff.get(file.ownerId) ?? null, isStandIn: file.isStandIn }
}

export async function childStanding(tx: Tx, { keys, clock }: Services, childId: ChildId): Promise<ChildStanding> {
  const shown = (await shownChildren(tx, keys, [childId])).get(childId)
  if (shown === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const entry = await findOpenEntry(tx, childId)
  if (entry === undefined) throw new Problem('ENTRY.NOT_IN_BOOKS')
  const places = await listPlaceNames(
    tx,
    [entry.registeredId, entry.livingId, entry.schoolId].filter((id) => id !== null),
  )
  const place = (id: number | null) => (id === null ? null : (places.get(id) ?? null))
  return {
    childId,
    name: shown.name,
    birthDay: shown.birth,
    account: accountCodeOf(entry.accountId),
    since: entry.since,
    obligedFrom: entry.obligedFrom,
    caseId: entry.caseId,
    registered: place(entry.registeredId),
    living: place(entry.livingId),
    school: place(entry.schoolId),
    today: clock.today(),
  }
}

/** Everybody who may answer at a unit the child is tied to, or above it. */
async function candidatesOf(tx: Tx, childId: number, today: PlainDate): Promise<Candidate[]> {
  const units = await listUnitsOfChild(tx, childId)
  const places = await listPlaceNames(tx, units)
  return (await listHolders(tx, units, today)).flatMap(({ unit_id, staff_id, name }) => {
    const unit = places.get(unit_id)
    return unit === undefined ? [] : [{ unit, staffId: staff_id, person: name }]
  })
}

function nameOf(places: ReadonlyMap<number, PlaceName>, id: number | null): string | null {
  return id === null ? null : (places.get(id)?.name ?? null)
}
