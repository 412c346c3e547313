import { randomBytes } from 'node:crypto'
import type { AccountId } from '../../kernel/ids.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { StagedFile } from '../../platform/files.ts'
import type { RunningJob } from '../../platform/jobs.ts'
import { hashPassword } from '../../platform/session/index.ts'
import type { SheetServices } from './account-sheet.commands.server.ts'
import { outSheet, stageWorkbook, XLSX } from './account-sheet-files.server.ts'
import * as store from './account-sheet-store.server.ts'
import { keepUntil } from './account-sheet-view.server.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'
import { firstPassword, isInForce, type Manager, mayManage } from './rules.ts'
import { type HeldPost, listPostsOfAccount, listPostsOfAccounts } from './staff-store.server.ts'
import { findUnit, listRoles } from './store.ts'

export const PASSWORDS_JOB = 'registry.first-passwords'

/** Of the four threads that all hashing shares: who signs in meanwhile must not wait. 35 ms each, so 3,000 take 55 s. */
const HASHERS = 2

interface Drawn {
  readonly accountId: AccountId
  readonly login: string
  readonly person: string
  readonly posts: readonly HeldPost[]
  readonly password: string
  readonly hash: string
}

/**
 * [REG-9] [REG-23] Draws first passwords for the accounts of a sheet in which nobody has signed in. The hashes are written and the
 * words sealed in one transaction: no account has a password that nobody can be told. [REG-8] is asked for each account again.
 */
export async function drawPasswords(services: SheetServices, job: RunningJob): Promise<void> {
  const { db, files, clock } = services
  const sheetId = String(job.payload.sheetId)
  const chosen = await db.inScope(job.scope, async (tx) => {
    const sheet = await store.findAccountSheet(tx, sheetId)
    return isOpen(sheet, job) ? await chooseAccounts(tx, job.scope, sheet.made, clock.today()) : undefined
  })
  if (chosen === undefined) return
  const drawn = await drawAll(chosen, job)
  const staged: StagedFile[] = []
  try {
    await db.inScope(job.scope, async (tx) => {
      const sheet = await store.lockAccountSheet(tx, sheetId)
      if (!isOpen(sheet, job)) return
      const changed = await store.setFirstPasswords(tx, drawn)
      const file = await stageWorkbook(
        services,
        passwordSheets(drawn.filter(({ accountId }) => changed.has(accountId))),
      )
      staged.push(file)
      const kept = await files.keep(tx, file, {
        units: (await findUnit(tx, job.scope.unitId))?.path ?? [],
        accountId: job.scope.accountId,
        purpose: 'first-passwords',
        name: words.passwords.file(clock.today()),
        mediaType: XLSX,
        keepUntil: keepUntil(clock.now()),
      })
      await store.updateAccountSheet(tx, sheetId, { passwordsFileId: kept.fileId, passwordsAt: clock.now() })
    })
  } catch (error) {
    for (const file of staged) await files.discard(file)
    throw error
  }
}

/** A later drawing has taken over, or this one was written before its worker died. */
function isOpen(sheet: store.AccountSheetFound | undefined, job: RunningJob): sheet is store.AccountSheetFound {
  return sheet !== undefined && sheet.jobId === job.jobId && sheet.passwordsAt === null
}

type Chosen = Omit<Drawn, 'password' | 'hash'>

async function chooseAccounts(
  tx: Tx,
  scope: Scope,
  made: readonly number[],
  today: Parameters<typeof mayManage>[2],
): Promise<readonly Chosen[]> {
  const managers = await managersOf(tx, scope, today)
  const unused = await store.listUnused(tx, made)
  const posts = await listPostsOfAccounts(
    tx,
    unused.map(({ accountId }) => accountId),
  )
  return unused.flatMap(({ units, ...account }) => {
    const held = posts.get(account.accountId) ?? []
    const seen = new Set(held.flatMap(({ unitPath }) => unitPath))
    const facts = { accountId: account.accountId, posts: held, elsewhere: units.some((unit) => !seen.has(unit)) }
    return managers.some((manager) => mayManage(manager, facts, today)) ? [{ ...account, posts: held }] : []
  })
}

/** The posts in which the job's sender may keep accounts in this unit now. */
async function managersOf(
  tx: Tx,
  { accountId, unitId }: Scope,
  today: Parameters<typeof mayManage>[2],
): Promise<readonly Manager[]> {
  const roles = await listRoles(tx)
  return (await listPostsOfAccount(tx, accountId))
    .filter((post) => post.unitId === unitId && isInForce(post, today))
    .flatMap(({ roleId }) => roles.find((role) => role.roleId === roleId) ?? [])
    .filter(({ permissions }) => permissions.includes('account.write'))
    .map((role) => ({ accountId, unitId, role }))
}

async function drawAll(chosen: readonly Chosen[], job: RunningJob): Promise<readonly Drawn[]> {
  const drawn: Drawn[] = []
  const waiting = chosen.values()
  const hasher = async () => {
    for (const account of waiting) {
      job.signal.throwIfAborted()
      const password = firstPassword(randomBytes)
      drawn.push({ ...account, password, hash: await hashPassword(password) })
      job.report({ done: drawn.length, total: chosen.length })
    }
  }
  await Promise.all(Array.from({ length: HASHERS }, hasher))
  return drawn
}

/** By unit, so that each unit's lines are cut off and handed over together. */
function passwordSheets(drawn: readonly Drawn[]) {
  const { sheet, headings } = words.passwords
  const rows = drawn
    .map(({ person, login, password, posts }) => {
      const roles = [...new Set(posts.map(({ role }) => role))].join('、')
      const units = [...new Set(posts.map(({ unit }) => unit))].join('、')
      return [units, person, login, password, roles]
    })
    .toSorted((a, b) => a[0]!.localeCompare(b[0]!, 'zh-CN') || a[2]!.localeCompare(b[2]!))
  return [
    outSheet(
      sheet,
      [
        [headings.unit, 30],
        [headings.person, 14],
        [headings.login, 22],
        [headings.password, 20],
        [headings.role, 16],
      ],
      rows,
    ),
  ]
}
