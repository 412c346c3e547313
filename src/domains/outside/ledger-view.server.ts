import { maskCitizenId } from '../../kernel/mask.ts'
import type { Tx } from '../../platform/db/index.ts'
import { findPersons } from '../registry/server.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import type { LedgerVerdict } from './ledger-check.server.ts'
import { headingOf } from './ledger-columns.server.ts'
import type { LedgerCounts, LedgerLine, LedgerOutcome, LedgerRow, LedgerSheet } from './ledger-contract.ts'
import type { LedgerKind } from './ledger-kinds.ts'
import type { LedgerFound } from './ledger-store.server.ts'

/** A page shows what must be mended; who has more wrong rows mends the first five hundred and asks again. */
const ROWS_SHOWN = 500
/** A day is enough to look at a check, and short enough that forgotten rows are no treasure. */
const KEEP_MS = 24 * 3600_000

export function keepUntil(now: Date): Date {
  return new Date(now.getTime() + KEEP_MS)
}

export function countsOf(verdicts: readonly LedgerVerdict[]): LedgerCounts {
  const count = (outcome: LedgerOutcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const byAccount = new Map<AccountCode, number>()
  for (const { outcome, reading } of verdicts) {
    if (reading === undefined || (outcome !== 'found' && outcome !== 'made')) continue
    byAccount.set(reading.account, (byAccount.get(reading.account) ?? 0) + 1)
  }
  return {
    rows: verdicts.length,
    found: count('found'),
    made: count('made'),
    held: count('held'),
    refused: count('refused'),
    accounts: [...byAccount].map(([account, n]) => ({ account, count: n })).toSorted((a, b) => b.count - a.count),
  }
}

const RANK: Readonly<Record<LedgerOutcome, number>> = { refused: 0, held: 2, found: 3, made: 3 }

/** What must be mended first, then what is only told, then the rest. */
export function rowsOf(kind: LedgerKind, verdicts: readonly LedgerVerdict[]): LedgerRow[] {
  const rank = ({ outcome, findings }: LedgerVerdict) =>
    outcome === 'refused' ? 0 : findings.length > 0 ? 1 : RANK[outcome]
  return verdicts
    .toSorted((a, b) => rank(a) - rank(b) || a.given.row - b.given.row)
    .slice(0, ROWS_SHOWN)
    .map(({ given, reading, outcome, from, note, findings }) => ({
      row: given.row,
      name: given.cells.name ?? '',
      citizenId: (given.cells.citizenId ?? '') === '' ? '' : maskCitizenId(given.cells.citizenId ?? ''),
      birth: reading?.birth ?? null,
      outcome,
      account: reading?.account ?? null,
      from,
      until: reading === undefined ? null : (reading.pauseUntil ?? reading.expires),
      note,
      findings: findings.map((finding) => ({ ...finding, heading: headingOf(kind, finding.column) })),
    }))
}

export async function linesOf(tx: Tx, sheets: readonly LedgerFound[], now: Date): Promise<LedgerLine[]> {
  const persons = await findPersons(tx, [...new Set(sheets.map(({ createdBy }) => createdBy))])
  return sheets.map((sheet) => ({
    sheetId: sheet.sheetId,
    kind: sheet.kind,
    asOf: sheet.asOf,
    createdAt: sheet.createdAt.toISOString(),
    createdBy: persons.get(sheet.createdBy) ?? '',
    committedAt: sheet.committedAt?.toISOString() ?? null,
    undoneAt: sheet.undoneAt?.toISOString() ?? null,
    counts: sheet.counts,
    isGone: sheet.committedAt === null && (sheet.rowsFileId === null || keepUntil(sheet.createdAt) <= now),
  }))
}

export async function sheetView(
  tx: Tx,
  sheet: LedgerFound,
  {
    verdicts,
    now,
    mayUndo,
  }: { readonly verdicts: readonly LedgerVerdict[] | undefined; readonly now: Date; readonly mayUndo: boolean },
): Promise<LedgerSheet> {
  const [line] = await linesOf(tx, [sheet], now)
  const checked = sheet.committedAt === null ? verdicts : undefined
  return {
    ...line!,
    counts: sheet.counts ?? (checked === undefined ? null : countsOf(checked)),
    rows: checked === undefined ? [] : rowsOf(sheet.kind, checked),
    mayUndo: mayUndo && sheet.committedAt !== null && sheet.undoneAt === null,
  }
}
