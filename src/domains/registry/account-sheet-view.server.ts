import type { JobStatus } from '../../platform/jobs.ts'
import type { AccountSheet, AccountSheetLine, AccountSheetRow, SheetCounts } from './account-sheet-contract.ts'
import type { RowVerdict, SheetDecision } from './account-sheet-rules.ts'
import type { AccountSheetFound } from './account-sheet-store.server.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'

/** A page shows what must be mended; who has more wrong rows mends the first five hundred and asks again. */
const ROWS_SHOWN = 500
/** A day is enough to hand passwords out, and short enough that a forgotten book of them is no treasure. */
const KEEP_MS = 24 * 3600_000

export function keepUntil(now: Date): Date {
  return new Date(now.getTime() + KEEP_MS)
}

/** [REG-23] First passwords that were drawn can be taken for a day. */
export function passwordsUntil({ passwordsAt }: AccountSheetFound): Date | undefined {
  return passwordsAt === null ? undefined : keepUntil(passwordsAt)
}

export function countsOf({ rows }: SheetDecision): SheetCounts {
  const count = (outcome: RowVerdict['outcome']) => rows.filter((row) => row.outcome === outcome).length
  return {
    rows: rows.length,
    opened: count('opened'),
    given: count('given'),
    held: count('held'),
    refused: count('refused'),
  }
}

export function lineOf(sheet: AccountSheetFound, now: Date): AccountSheetLine {
  return {
    sheetId: sheet.sheetId,
    createdAt: sheet.createdAt.toISOString(),
    committedAt: sheet.committedAt?.toISOString() ?? null,
    counts: sheet.counts,
    isGone: sheet.committedAt === null && (sheet.rowsFileId === null || keepUntil(sheet.createdAt) <= now),
    hasPasswords: stateOf(sheet, undefined, now) === 'ready',
  }
}

interface Company {
  readonly decision: SheetDecision | undefined
  readonly job: JobStatus | undefined
  readonly now: Date
  readonly unused: number
}

export function sheetView(sheet: AccountSheetFound, { decision, job, now, unused }: Company): AccountSheet {
  const state = stateOf(sheet, job, now)
  return {
    sheetId: sheet.sheetId,
    createdAt: sheet.createdAt.toISOString(),
    committedAt: sheet.committedAt?.toISOString() ?? null,
    counts: sheet.counts ?? (decision === undefined ? null : countsOf(decision)),
    rows: sheet.committedAt === null && decision !== undefined ? rowsShown(decision) : [],
    passwords: {
      state,
      done: state === 'drawing' ? Number(job?.progress?.done ?? 0) : 0,
      total: state === 'drawing' ? Number(job?.progress?.total ?? sheet.made.length) : sheet.made.length,
      until: state === 'ready' ? (passwordsUntil(sheet)?.toISOString() ?? null) : null,
      takenAt: sheet.takenAt?.toISOString() ?? null,
      problem: state === 'failed' ? (job?.problem?.message ?? null) : null,
      unused,
    },
  }
}

function stateOf(sheet: AccountSheetFound, job: JobStatus | undefined, now: Date): AccountSheet['passwords']['state'] {
  if (sheet.made.length === 0) return 'none'
  if (sheet.takenAt !== null) return 'taken'
  if (sheet.passwordsAt === null) return job?.state === 'failed' || job?.state === 'cancelled' ? 'failed' : 'drawing'
  const until = passwordsUntil(sheet)
  return sheet.passwordsFileId !== null && until !== undefined && until > now ? 'ready' : 'gone'
}

/** What must be mended stands first, each part in the order of the sheet. */
function rowsShown({ rows }: SheetDecision): AccountSheetRow[] {
  const refused = rows.filter(({ outcome }) => outcome === 'refused')
  const others = rows.filter(({ outcome }) => outcome !== 'refused')
  return [...refused, ...others].slice(0, ROWS_SHOWN).map(({ row, login, place, outcome, note, findings }) => ({
    row: row.row,
    person: row.person,
    login: login === '' ? row.login : login,
    role: row.role,
    unit: row.unit,
    place,
    from: row.from,
    outcome,
    note,
    findings: findings.map(({ column, reason }) => ({ column, heading: words.columns[column], reason })),
  }))
}
