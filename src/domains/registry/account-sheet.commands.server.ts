import { randomBytes } from 'node:crypto'
import { Problem } from '../../kernel/problem.ts'
import { type Tx, violatedConstraint } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { Download, Upload } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import { hashPassword } from '../../platform/session/index.ts'
import type { AccountSheet, AccountSheetLine } from './account-sheet-contract.ts'
import { openRows, openWhole, readUpload, stageRows, workbookDownload } from './account-sheet-files.server.ts'
import { drawPasswords, PASSWORDS_JOB } from './account-sheet-job.commands.server.ts'
import {
  decideSheet,
  loginOf,
  personOf,
  type SheetDecision,
  type SheetFacts,
  type SheetRow,
} from './account-sheet-rules.ts'
import * as store from './account-sheet-store.server.ts'
import { templateSheets } from './account-sheet-template.server.ts'
import { countsOf, keepUntil, lineOf, passwordsUntil, sheetView } from './account-sheet-view.server.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'
import { branchIndex } from './branch-index.ts'
import type { Asker } from './commands.ts'
import { loginStem } from './login-name.ts'
import { isInForce, type Manager } from './rules.ts'
import { retieStaff } from './staff-store.server.ts'
import { findRole, listRoles } from './store.ts'

export type SheetServices = Pick<Services, 'db' | 'clock' | 'ids' | 'files' | 'workFolders' | 'jobs' | 'log'>

/** Of those that one person uploaded. */
const SHEETS_LISTED = 20
/** A login that another officer took in the same second is made anew. */
const TRIES = 3

/**
 * Accounts by sheet: read ─► checked ─► written whole or not at all ─► first passwords drawn (a job) ─► taken once.
 * Each step is decided anew by the rules of a single account, in the scope of who asks.
 */
export function accountSheetCommands(services: SheetServices) {
  const { db, clock, ids, files, jobs } = services

  async function managerOf(tx: Tx, actor: Actor): Promise<Manager> {
    const role = await findRole(tx, actor.roleId)
    if (role === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return { accountId: actor.accountId, unitId: actor.unitId, role }
  }

  /** As the system and before the scope's own transaction, since transactions do not nest. */
  function listTaken(rows: readonly SheetRow[]): Promise<ReadonlySet<string>> {
    const logins = rows.map(loginOf)
    const stems = [...new Set(rows.map((row) => loginStem(personOf(row))))]
    return db.asSystem('registry.logins-taken', (tx) => store.listTakenLogins(tx, { logins, stems }))
  }

  async function decide(
    tx: Tx,
    actor: Actor,
    rows: readonly SheetRow[],
    takenLogins: ReadonlySet<string>,
  ): Promise<SheetDecision> {
    const units = await store.listBranch(tx, actor.unitId, actor.unitPath)
    const facts: SheetFacts = {
      manager: await managerOf(tx, actor),
      mayGivePosts: actor.permissions.has('role.assign'),
      today: clock.today(),
      roles: await listRoles(tx),
      units: branchIndex(units, actor.unitId),
      accounts: await store.listKnownAccounts(tx, {
        persons: rows.map(personOf),
        logins: rows.map(loginOf),
      }),
      takenLogins,
    }
    return decideSheet(rows, facts)
  }

  async function getSheet(tx: Tx, id: string): Promise<store.AccountSheetFound> {
    const sheet = await store.findAccountSheet(tx, id)
    if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return sheet
  }

  /** The rows of a sheet that is not written yet. */
  async function rowsOf(actor: Actor, id: string): Promise<readonly SheetRow[] | undefined> {
    const file = await db.inScope(actor.scope, async (tx) => {
      const { rowsFileId, committedAt } = await getSheet(tx, id)
      return rowsFileId === null || committedAt !== null ? undefined : await files.get(tx, rowsFileId)
    })
    return file && (await openRows(services, file))
  }

  async function view(tx: Tx, sheet: store.AccountSheetFound, decision?: SheetDecision): Promise<AccountSheet> {
    const job = sheet.jobId === null ? undefined : await jobs.find(tx, sheet.jobId)
    return sheetView(sheet, { decision, job, now: clock.now(), unused: await store.countUnused(tx, sheet.made) })
  }

  /** One try to write the whole sheet; a login that was taken meanwhile fails it. */
  async function write(asker: Asker, id: string, rows: readonly SheetRow[], passwordHash: string) {
    const { actor } = asker
    const taken = await listTaken(rows)
    return await db.inScope(actor.scope, async (tx) => {
      await store.lockAccountSheets(tx)
      const sheet = await store.lockAccountSheet(tx, id)
      if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
      if (sheet.committedAt !== null) return await view(tx, sheet)
      const decision = await decide(tx, actor, rows, taken)
      const counts = countsOf(decision)
      if (counts.refused > 0) throw new Problem('ACCOUNT.SHEET_REFUSED', { count: counts.refused })
      const { made, staff } = await store.insertPersons(tx, decision.persons, { passwordHash, at: clock.now() })
      await retieStaff(tx, staff, clock.today())
      await store.updateAccountSheet(tx, id, { committedAt: clock.now(), counts, made })
      if (made.length > 0) await sendDrawing(tx, actor, id)
      await asker.audit.record(tx, { target: `account-sheet:${id}` })
      return await view(tx, await getSheet(tx, id))
    })
  }

  async function sendDrawing(tx: Tx, actor: Actor, id: string): Promise<void> {
    const jobId = ids.uuid()
    await store.updateAccountSheet(tx, id, { jobId, passwordsFileId: null, passwordsAt: null, takenAt: null })
    await jobs.send(tx, PASSWORDS_JOB, {
      scope: actor.scope,
      units: actor.unitPath,
      payload: { sheetId: id },
      jobId,
    })
  }

  return {
    template: async ({ actor }: Asker): Promise<Download> => {
      const sheets = await db.inScope(actor.scope, async (tx) => {
        const units = await store.listBranch(tx, actor.unitId, actor.unitPath)
        const inBranch = units.filter((unit) => unit.path.includes(actor.unitId) && isInForce(unit, clock.today()))
        return templateSheets({
          manager: await managerOf(tx, actor),
          roles: await listRoles(tx),
          units: inBranch,
          index: branchIndex(units, actor.unitId),
        })
      })
      return await workbookDownload(services, words.template.file, sheets)
    },

    /** [REG-20] The dry run: of the upload only its rows are kept, sealed, for a day; no account is written. */
    upload: async (asker: Asker, upload: Upload, signal: AbortSignal): Promise<AccountSheet> => {
      const { actor } = asker
      const rows = await readUpload(services, upload, signal)
      const taken = await listTaken(rows)
      const staged = await stageRows(services, rows)
      try {
        return await db.inScope(actor.scope, async (tx) => {
          const file = await files.keep(tx, staged, {
            units: actor.unitPath,
            accountId: actor.accountId,
            purpose: 'account-sheet',
            name: words.rowsFile,
            mediaType: 'application/json',
            keepUntil: keepUntil(clock.now()),
          })
          const sheetId = ids.uuid()
          await store.insertAccountSheet(tx, {
            sheetId,
            unitId: actor.unitId,
            units: actor.unitPath,
            createdBy: actor.accountId,
            createdAt: clock.now(),
            rowsFileId: file.fileId,
          })
          await asker.audit.record(tx, { target: `account-sheet:${sheetId}` })
          return await view(tx, await getSheet(tx, sheetId), await decide(tx, actor, rows, taken))
        })
      } catch (error) {
        await files.discard(staged)
        throw error
      }
    },

    list: ({ actor }: Asker): Promise<{ rows: AccountSheetLine[] }> =>
      db.inScope(actor.scope, async (tx) => {
        const sheets = await store.listAccountSheets(tx, SHEETS_LISTED)
        return { rows: sheets.map((sheet) => lineOf(sheet, clock.now())) }
      }),

    /** Checked anew at every reading: what was mended elsewhere meanwhile no longer stands against it. */
    read: async ({ actor }: Asker, id: string): Promise<AccountSheet> => {
      const rows = await rowsOf(actor, id)
      const taken = rows && (await listTaken(rows))
      return await db.inScope(actor.scope, async (tx) => {
        const sheet = await getSheet(tx, id)
        const decision = rows && taken && (await decide(tx, actor, rows, taken))
        return await view(tx, sheet, decision)
      })
    },

    /** [REG-20] All rows or none. [REG-23] Until passwords are drawn nobody can sign in: the one hash is of a word that is forgotten here. */
    commit: async (asker: Asker, id: string): Promise<AccountSheet> => {
      const rows = await rowsOf(asker.actor, id)
      if (rows === undefined) {
        return await db.inScope(asker.actor.scope, async (tx) => {
          const sheet = await getSheet(tx, id)
          if (sheet.committedAt === null) throw new Problem('ACCOUNT.SHEET_GONE')
          return await view(tx, sheet)
        })
      }
      const passwordHash = await hashPassword(randomBytes(32).toString('base64'))
      for (let tried = 1; ; tried += 1) {
        try {
          return await write(asker, id, rows, passwordHash)
        } catch (error) {
          const constraint = violatedConstraint(error)
          if (constraint === 'post_once') throw new Problem('ACCOUNT.POST_HELD')
          if (constraint === 'post_duties_apart') throw new Problem('ACCOUNT.DUTIES_CLASH')
          if (constraint !== 'account_login_unique' || tried === TRIES) throw error
        }
      }
    },

    /** [REG-23] The row forgets the file before the bytes leave: of two who ask at once, one is answered. */
    takePasswords: async (asker: Asker, id: string): Promise<Download> => {
      const { actor } = asker
      const taken = await db.inScope(actor.scope, async (tx) => {
        const sheet = await store.lockAccountSheet(tx, id)
        if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
        const until = passwordsUntil(sheet)
        const file =
          sheet.passwordsFileId === null || until === undefined || until <= clock.now()
            ? undefined
            : await files.find(tx, sheet.passwordsFileId)
        if (file === undefined) throw new Problem('ACCOUNT.PASSWORDS_GONE')
        const download = await openWhole(services, file)
        await store.updateAccountSheet(tx, id, { passwordsFileId: null, takenAt: clock.now() })
        await asker.audit.record(tx, { kind: 'export', target: `account-sheet:${id}` })
        return { file, download }
      })
      await files.remove(actor.scope, taken.file.fileId)
      return taken.download
    },

    redraw: async (asker: Asker, id: string): Promise<AccountSheet> => {
      const { actor } = asker
      const { sheet, before } = await db.inScope(actor.scope, async (tx) => {
        const locked = await store.lockAccountSheet(tx, id)
        if (locked === undefined) throw new Problem('REQUEST.NOT_FOUND')
        const job = locked.jobId === null ? undefined : await jobs.find(tx, locked.jobId)
        const isBusy = job?.state === 'waiting' || job?.state === 'running'
        if (!isBusy) {
          if ((await store.countUnused(tx, locked.made)) === 0) throw new Problem('ACCOUNT.ALL_SIGNED_IN')
          await sendDrawing(tx, actor, id)
        }
        await asker.audit.record(tx, { target: `account-sheet:${id}` })
        return { sheet: await view(tx, await getSheet(tx, id)), before: isBusy ? null : locked.passwordsFileId }
      })
      if (before !== null) await files.remove(actor.scope, before)
      return sheet
    },

    defineJobs: (): void => {
      jobs.define({
        name: PASSWORDS_JOB,
        permission: 'account.write',
        // Nothing is written before the last step, so a worker that died begins again.
        retries: 2,
        maxMinutes: 30,
        run: (job) => drawPasswords(services, job),
      })
    },
  }
}
