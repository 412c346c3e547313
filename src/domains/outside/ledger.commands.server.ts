import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import { type Tx, violatedConstraint } from '../../platform/db/index.ts'
import type { Actor, AuditPen, Download, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { formFile, formSheet, readFormUpload } from '../../platform/sheets/index.ts'
import { reverseLedger } from '../cases/server.ts'
import { matchPersons, undoBatchRecords } from '../persons/server.ts'
import { lockBooks } from '../whereabouts/server.ts'
import { decideRows, type LedgerVerdict, readRows, type StoredRows } from './ledger-check.server.ts'
import { ledgerColumns, templateColumns } from './ledger-columns.server.ts'
import type { LedgerLine, LedgerSheet } from './ledger-contract.ts'
import type { LedgerKind } from './ledger-kinds.ts'
import { isLedgerColumn, type LedgerFinding } from './ledger-rules.ts'
import * as store from './ledger-store.server.ts'
import { countsOf, keepUntil, linesOf, sheetView } from './ledger-view.server.ts'
import { ledgerWords as words } from './ledger-words.ts'
import { writeLedger } from './ledger-write.server.ts'
import { insertEvent, listLinesOfSheet, updateEnded } from './store.ts'

/** On whose behalf, and the audit line of the request. */
interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
}

/** A district has a few thousand lines in all ledgers; a sheet beyond that is cut in two. */
const MOST_ROWS = 5_000
const LEDGERS_LISTED = 50
/** Five thousand rows with their entries, lines and evidence. */
const STATEMENT = { statementSeconds: 300 }

/** [OUT-20] An empty sheet of a kind with its drop-downs, and what to write. */
export async function ledgerTemplate(services: Services, kind: LedgerKind): Promise<Download> {
  const { template } = words
  return await formFile(services, template.file(words.kinds[kind]), [
    formSheet(template.rows, templateColumns(kind), []),
    formSheet(
      template.how,
      [{ id: 'how', heading: template.how, width: 90 }],
      template.howLines.split('\n').map((how) => ({ how })),
    ),
  ])
}

export interface GivenLedger {
  readonly kind: LedgerKind
  readonly asOf: PlainDate
}

/** [OUT-20] The dry run: of the upload only its rows are kept, sealed, for a day; nothing is posted. */
export async function uploadLedger(
  services: Services,
  { actor, audit }: Asked,
  { kind, asOf }: GivenLedger,
  upload: Upload,
  signal: AbortSignal,
): Promise<LedgerSheet> {
  const { db, files, ids, clock, keys } = services
  const form = await readFormUpload(services, upload, ledgerColumns(kind), { signal, mostRows: MOST_ROWS })
  if (asOf > clock.today()) {
    throw new Problem('REQUEST.MALFORMED', { where: words.columns.proofDay, advice: words.find.dayFuture })
  }
  const rows: StoredRows = {
    rows: form.rows.map(({ row, cells }) => ({ row, cells })),
    findings: form.findings.map(({ row, column, reason }) => ({
      row,
      finding: findingOf(column, reason),
    })),
  }
  const text = JSON.stringify(rows)
  const contentKey = keys
    .contentHash()
    .update(`ledger\n${kind}\n${asOf}\n${JSON.stringify(rows.rows)}`)
    .digest()
  const staged = await files.stage(Readable.from([text]))
  const sheetId = ids.uuid()
  try {
    await db.asSystem('outside.ledger', async (tx) => {
      const same = await store.findSameLedger(tx, actor.unitId, contentKey)
      if (same !== undefined) throw new Problem('LEDGER.SAME', { day: same.toISOString().slice(0, 10) })
      const file = await files.keep(tx, staged, {
        units: actor.unitPath,
        accountId: actor.accountId,
        purpose: 'ledger',
        name: words.rowsFile,
        mediaType: 'application/json',
        keepUntil: keepUntil(clock.now()),
      })
      await store.insertLedger(tx, {
        sheetId,
        kind,
        unitId: actor.unitId,
        units: actor.unitPath,
        asOf,
        contentKey,
        createdBy: actor.accountId,
        createdAt: clock.now(),
        rowsFileId: file.fileId,
      })
      await audit.record(tx, { target: `ledger:${sheetId}` })
    })
  } catch (error) {
    await files.discard(staged)
    throw error
  }
  return readLedger(services, actor, sheetId)
}

function findingOf(column: string | null, reason: string): LedgerFinding {
  return { column: column !== null && isLedgerColumn(column) ? column : 'name', reason, isRefusing: true }
}

export async function listLedgers(
  { db, clock }: Services,
  actor: Actor,
): Promise<{ rows: LedgerLine[]; today: PlainDate }> {
  return db.inScope(actor.scope, async (tx) => ({
    rows: await linesOf(tx, await store.listLedgersOf(tx, LEDGERS_LISTED), clock.now()),
    today: clock.today(),
  }))
}

/** Checked anew at every reading: what was mended elsewhere meanwhile no longer stands against it. */
export async function readLedger(services: Services, actor: Actor, id: string): Promise<LedgerSheet> {
  const { db, clock } = services
  const rows = await storedRows(services, actor, id)
  const verdicts = rows && (await check(services, actor, rows.kind, rows.stored))
  return db.inScope(actor.scope, async (tx) => {
    const sheet = await getLedger(tx, id)
    const mayUndo = sheet.unitId === actor.unitId && actor.permissions.has('outside.write')
    return sheetView(tx, sheet, { verdicts, now: clock.now(), mayUndo })
  })
}

async function getLedger(tx: Tx, id: string): Promise<store.LedgerFound> {
  const sheet = await store.findLedger(tx, id)
  if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return sheet
}

/** The rows of a sheet that is not posted yet. */
async function storedRows(
  { db, files }: Services,
  actor: Actor,
  id: string,
): Promise<{ readonly kind: LedgerKind; readonly stored: StoredRows } | undefined> {
  const found = await db.inScope(actor.scope, async (tx) => {
    const { rowsFileId, committedAt, kind } = await getLedger(tx, id)
    if (rowsFileId === null || committedAt !== null) return undefined
    const file = await files.find(tx, rowsFileId)
    return file && { kind, file }
  })
  return found && { kind: found.kind, stored: (await json(files.open(found.file))) as StoredRows }
}

/** In three steps, because transactions do not nest: what the cells mean, whom they speak of, what stands already. */
async function check(
  services: Services,
  actor: Actor,
  kind: LedgerKind,
  stored: StoredRows,
): Promise<readonly LedgerVerdict[]> {
  const { db, clock } = services
  const verdicts = await db.inScope(actor.scope, (tx) => readRows(tx, actor, kind, stored, clock.today()))
  const readings = verdicts.flatMap(({ reading }) => reading ?? [])
  // As the system: a child that stands elsewhere is not made a second time.
  const matched = await db.asSystem('outside.match', (tx) => matchPersons(tx, services.keys, readings))
  await db.inScope(actor.scope, (tx) => decideRows(tx, services, verdicts, matched))
  return verdicts
}

/** [OUT-25] Entries, lines and the children that were made are one transaction. Where somebody posted since the check, nothing is written. */
export async function commitLedger(
  services: Services,
  { actor, audit }: Asked,
  id: string,
  { mode }: { readonly mode: 'whole' | 'good-rows' },
): Promise<LedgerSheet> {
  const { db, clock } = services
  const rows = await storedRows(services, actor, id)
  if (rows === undefined) {
    const sheet = await db.inScope(actor.scope, (tx) => getLedger(tx, id))
    if (sheet.committedAt === null) throw new Problem('LEDGER.GONE')
    return readLedger(services, actor, id)
  }
  const verdicts = await check(services, actor, rows.kind, rows.stored)
  const counts = countsOf(verdicts)
  if (counts.refused > 0 && mode === 'whole') throw new Problem('LEDGER.REFUSED', { count: counts.refused })
  try {
    await db.asSystem(
      'outside.ledger-commit',
      async (tx) => {
        const sheet = await store.lockLedger(tx, id)
        if (sheet === undefined || sheet.unitId !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
        if (sheet.committedAt !== null) return
        await lockBooks(tx)
        await refuseMoved(tx, verdicts)
        const writing = {
          sheet,
          units: actor.unitPath,
          contentKey: Buffer.from(id),
          authorId: actor.accountId,
          today: clock.today(),
        }
        const batchId = await writeLedger(tx, services, verdicts, writing)
        await store.markPosted(tx, id, { at: clock.now(), counts, batchId })
        await audit.record(tx, { target: `ledger:${id}` })
      },
      STATEMENT,
    )
  } catch (error) {
    if (violatedConstraint(error) === 'ledger_sheet_once') throw new Problem('LEDGER.SAME', { day: clock.today() })
    throw error
  }
  return readLedger(services, actor, id)
}

/** As it was checked, so it stands: two ledgers at once that speak of one child are posted one after the other. */
async function refuseMoved(tx: Tx, verdicts: readonly LedgerVerdict[]): Promise<void> {
  const known = verdicts.flatMap(({ childId, standing }) => (childId === null ? [] : [{ childId, standing }]))
  const now = await store.listStandings(
    tx,
    known.map(({ childId }) => childId),
  )
  for (const { childId, standing } of known) {
    const stands = now.get(childId)
    if (
      stands?.accountId !== standing?.accountId ||
      stands?.since !== standing?.since ||
      stands?.hasLine !== standing?.hasLine
    ) {
      throw new Problem('REQUEST.NOT_SAVED')
    }
  }
}

/** [OUT-26] By the unit that gave it, for a reason that is kept: entries, lines and children that were made, in one transaction. */
export async function undoLedger(
  services: Services,
  { actor, audit }: Asked,
  id: string,
  given: string,
): Promise<LedgerSheet> {
  const { db, clock } = services
  await db.inScope(actor.scope, async (tx) => {
    const sheet = await getLedger(tx, id)
    if (sheet.unitId !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
  })
  const reason = decideLoggedReason(given, 'RUN.REASON_NEEDED')
  const act = { now: clock.now(), accountId: actor.accountId, today: clock.today() }
  await db.asSystem(
    'outside.ledger-undo',
    async (tx) => {
      const sheet = await store.lockLedger(tx, id)
      if (sheet?.committedAt == null || sheet.undoneAt !== null) throw new Problem('LEDGER.NOT_POSTED')
      await reverseLedger(tx, { sheetId: id, authorId: actor.accountId, today: act.today })
      for (const lineId of await listLinesOfSheet(tx, id)) {
        await updateEnded(tx, lineId, { ending: 'mistaken', day: act.today })
        await insertEvent(tx, {
          lineId,
          kind: 'undone',
          day: act.today,
          answer: null,
          unitId: actor.unitId,
          accountId: actor.accountId,
          at: act.now,
        })
      }
      if (sheet.batchId !== null)
        await undoBatchRecords(tx, sheet.batchId as Parameters<typeof undoBatchRecords>[1], act)
      await store.markUndone(tx, id, { at: act.now, by: actor.accountId })
      await audit.record(tx, { target: `ledger:${id}`, reason })
    },
    STATEMENT,
  )
  return readLedger(services, actor, id)
}
