import { valueOn } from '../../engines/policy/index.ts'
import { foldName } from '../../kernel/chinese-name.ts'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { longestPauseDays } from '../cases/index.ts'
import { type Matched, readContact } from '../persons/server.ts'
import { accountCodeOf, accountWords } from '../whereabouts/index.ts'
import type { LedgerOutcome } from './ledger-contract.ts'
import type { LedgerKind } from './ledger-kinds.ts'
import {
  decideLedgerChange,
  type LedgerCells,
  type LedgerFinding,
  type LedgerReading,
  readLedgerRow,
} from './ledger-rules.ts'
import { type ChildStanding, listStandings } from './ledger-store.server.ts'
import { ledgerWords } from './ledger-words.ts'
import { placesOf } from './places.server.ts'

const words = ledgerWords.find

export interface LedgerVerdict {
  readonly given: LedgerCells
  readonly reading: LedgerReading | undefined
  outcome: LedgerOutcome
  /** Null: the row makes a child. */
  childId: ChildId | null
  standing: ChildStanding | undefined
  /** The first day of the entry. */
  from: PlainDate | null
  note: string | null
  readonly findings: LedgerFinding[]
}

export interface StoredRows {
  readonly rows: readonly LedgerCells[]
  /** Cells that the form itself could not read. */
  readonly findings: readonly { readonly row: number; readonly finding: LedgerFinding }[]
}

/** [OUT-20] What the cells of every row mean. In the scope of who gives the sheet. */
export async function readRows(
  tx: Tx,
  actor: Actor,
  kind: LedgerKind,
  { rows, findings }: StoredRows,
  today: PlainDate,
): Promise<readonly LedgerVerdict[]> {
  const places = await placesOf(tx, actor, rows, today)
  const terms = { today, longestPause: valueOn(longestPauseDays, today) }
  return rows.map((given) => {
    const own = findings.filter(({ row }) => row === given.row).map(({ finding }) => finding)
    const read = readLedgerRow(kind, given, places, terms)
    // A cell that could not be read is empty: what is said of it being empty says nothing.
    const said = read.findings.filter(({ column }) => !own.some((one) => one.column === column))
    const isRead = own.every(({ isRefusing }) => !isRefusing)
    return {
      given,
      reading: isRead ? read.reading : undefined,
      outcome: 'refused',
      childId: null,
      standing: undefined,
      from: null,
      note: null,
      findings: [...own, ...said],
    }
  })
}

/** [OUT-23] [OUT-24] What becomes of every row that could be read: whom it speaks of, and what stands of the child already. */
export async function decideRows(
  tx: Tx,
  { keys }: Pick<Services, 'keys'>,
  verdicts: readonly LedgerVerdict[],
  matched: readonly Matched[],
): Promise<void> {
  const standings = await listStandings(tx, [...new Set(matched.map(({ childId }) => childId))])
  const byRow = Map.groupBy(matched, ({ row }) => row)
  const rowOf = new Map<string, number>()
  for (const verdict of verdicts) {
    const { reading } = verdict
    if (reading === undefined) continue
    const found = await chooseChild(tx, keys, reading, byRow.get(reading.row) ?? [], standings)
    if (typeof found === 'string') {
      verdict.findings.push({
        column: reading.citizenId === null ? 'name' : 'citizenId',
        reason: found,
        isRefusing: true,
      })
      continue
    }
    const key = found === null ? `${reading.citizenId ?? ''}/${foldName(reading.name)}/${reading.birth}` : String(found)
    const before = rowOf.get(key)
    if (before !== undefined) {
      verdict.findings.push({ column: 'name', reason: words.twice(before), isRefusing: true })
      continue
    }
    rowOf.set(key, reading.row)
    decideOne(verdict, reading, found, found === null ? undefined : standings.get(found))
  }
}

function decideOne(
  verdict: LedgerVerdict,
  reading: LedgerReading,
  found: ChildId | null,
  standing: ChildStanding | undefined,
): void {
  verdict.childId = found
  verdict.standing = standing
  const change = decideLedgerChange(standingOf(standing), reading)
  if (change.kind === 'held') {
    verdict.outcome = 'held'
    verdict.note =
      change.why === 'same'
        ? words.heldSame
        : words.heldNewer(accountWords.accounts[accountCodeOf(standing?.accountId ?? 0)], standing?.since ?? '')
    return
  }
  if (reading.outside !== null && standing?.hasLine === true) {
    verdict.outcome = 'held'
    verdict.note = words.lineHeld
    return
  }
  verdict.outcome = found === null ? 'made' : 'found'
  verdict.from = change.from
}

function standingOf(standing: ChildStanding | undefined) {
  if (standing?.accountId == null || standing.since === null) return undefined
  return { account: accountCodeOf(standing.accountId), since: standing.since, confirmed: standing.confirmed }
}

/**
 * [OUT-24] The child of a row: by its sound ID number and name; else by name and birthday, and the guardian where several have
 * both. Null: nobody, the row makes one. A text: why it cannot be told.
 */
async function chooseChild(
  tx: Tx,
  keys: Services['keys'],
  reading: LedgerReading,
  candidates: readonly Matched[],
  standings: ReadonlyMap<number, ChildStanding>,
): Promise<ChildId | string | null> {
  const byId = candidates.filter(({ by }) => by === 'id')
  const same = byId.filter(({ isSameName }) => isSameName)
  if (same.length === 1) return standings.has(same[0]!.childId) ? same[0]!.childId : words.notOurs
  if (byId.length > 0) return same.length > 1 ? words.several(same.length) : words.idOther
  const byName = candidates.filter(({ by, childId }) => by === 'name' && standings.has(childId))
  if (byName.length <= 1) return byName[0]?.childId ?? null
  if (reading.guardian === null) return words.several(byName.length)
  const wanted = foldName(reading.guardian)
  const contacts = await readContact(
    tx,
    keys,
    byName.map(({ childId }) => childId),
    'plain',
  )
  const kin = byName.filter(({ childId }) =>
    contacts.get(childId)?.guardians.some(({ name }) => name !== null && foldName(name) === wanted),
  )
  return kin.length === 1 ? kin[0]!.childId : words.several(byName.length)
}
