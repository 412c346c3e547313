import { valueOn } from '../../engines/policy/index.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, Download } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { formArchive, formFile, formRowId } from '../../platform/sheets/index.ts'
import { findPersons, findUnit } from '../registry/server.ts'
import type { Asked } from './commands.ts'
import { FORM, type FormLine, formSheets } from './form-columns.server.ts'
import { formRows } from './form-rows.server.ts'
import { formWords as words } from './form-words.ts'
import { listProgress } from './list.store.server.ts'
import { blankLines } from './policy.ts'
import type { PrintForm, PrintRow } from './sheet-contract.ts'
import { listPlaceNames } from './store.ts'

export interface FormOrder {
  readonly unitId?: number | undefined
  readonly reason: string
}

/** [CHECK-9] [CHECK-12] One unit's form, or an archive of all; for a purpose that stands in the log and on the form. */
export async function downloadForm(services: Services, { actor, audit }: Asked, order: FormOrder): Promise<Download> {
  const reason = decideLoggedReason(order.reason, 'CHECK.REASON_NEEDED')
  const { db, clock } = services
  const today = clock.today()
  const { own, person, units } = await db.inScope(actor.scope, async (tx) => ({
    own: (await findUnit(tx, actor.unitId))?.name ?? '',
    person: await personOf(tx, actor),
    units: await unitsOf(services, tx, actor, order.unitId),
  }))
  if (units.length === 0) throw new Problem('CHECK.NO_TASKS')
  const bookOf = async ({ unitId, name }: { readonly unitId: number; readonly name: string }) => {
    const rows = await db.inScope(actor.scope, (tx) => formRows(tx, services, actor, { unitId, today }))
    const stamp = words.stamp(name, person, today, reason)
    return formSheets(
      rows.map((row) => lineOf(services, row)),
      { blank: valueOn(blankLines, today), stamp },
    )
  }
  const [only] = units
  const file =
    order.unitId !== undefined && only !== undefined
      ? await formFile(services, words.file(only.name, today), await bookOf(only))
      : await formArchive(services, words.archive(own, today), booksOf(units, bookOf, today))
  audit.note({ kind: 'export', target: `unit:${order.unitId ?? actor.unitId}`, reason })
  return file
}

async function* booksOf<Unit extends { readonly name: string }>(
  units: readonly Unit[],
  bookOf: (unit: Unit) => ReturnType<typeof Promise.resolve<ReturnType<typeof formSheets>>>,
  today: string,
) {
  const names = new Map<string, number>()
  for (const unit of units) {
    const before = names.get(unit.name) ?? 0
    names.set(unit.name, before + 1)
    const name = words.file(before === 0 ? unit.name : `${unit.name}${before + 1}`, today)
    yield { name, sheets: await bookOf(unit) }
  }
}

/** [CHECK-9] The same rows as a page to print. */
export async function printForm(
  services: Services,
  { actor, audit }: Asked,
  order: { readonly unitId: number; readonly reason: string },
): Promise<PrintForm> {
  const reason = decideLoggedReason(order.reason, 'CHECK.REASON_NEEDED')
  const { db, clock } = services
  const day = clock.today()
  const printed = await db.inScope(actor.scope, async (tx) => {
    const [unit] = await unitsOf(services, tx, actor, order.unitId)
    if (unit === undefined) throw new Problem('CHECK.NO_TASKS')
    const rows = await formRows(tx, services, actor, { unitId: unit.unitId, today: day })
    return { unit: unit.name, person: await personOf(tx, actor), rows: [...rows] }
  })
  audit.note({ kind: 'export', target: `unit:${order.unitId}`, reason })
  return { ...printed, day, blank: valueOn(blankLines, day) }
}

/** Units at or below the own one with which tasks lie that somebody goes for. */
async function unitsOf(services: Services, tx: Tx, actor: Actor, wanted: number | undefined) {
  const today = services.clock.today()
  if (wanted !== undefined) {
    const unit = await findUnit(tx, wanted as Actor['unitId'])
    if (unit === undefined || !unit.path.includes(actor.unitId)) throw new Problem('REQUEST.NOT_FOUND')
  }
  const progress = await listProgress(tx, { isVisiting: true, today, doneSince: today })
  const places = await listPlaceNames(
    tx,
    progress.map(({ unitId }) => unitId),
  )
  const below = []
  for (const { unitId, visits } of progress) {
    const name = places.get(unitId)?.name
    if (visits === 0 || name === undefined || (wanted !== undefined && unitId !== wanted)) continue
    const unit = await findUnit(tx, unitId as Actor['unitId'])
    if (unit?.path.includes(actor.unitId) === true) below.push({ unitId, name })
  }
  return below
}

async function personOf(tx: Tx, actor: Actor): Promise<string> {
  return (await findPersons(tx, [actor.accountId])).get(actor.accountId) ?? actor.login
}

function lineOf({ keys }: Pick<Services, 'keys'>, { caseId, ...row }: PrintRow): FormLine {
  return { ...row, rowId: formRowId(keys, FORM, caseId) }
}
