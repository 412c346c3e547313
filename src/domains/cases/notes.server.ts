import type { AccountId, ChildId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findPersons, findUnit } from '../registry/server.ts'
import type { CaseNote } from './contract.ts'
import { insertNote, listNotes } from './store.ts'
import type { NoteKind } from './tables.server.ts'

const SEAL = 'case_note.sealed'

interface NoteDraft {
  readonly childId: ChildId
  readonly caseId: number | null
  readonly postingId: number | null
  readonly kind: NoteKind
  readonly text: string
}

/** What an officer wrote, sealed. As the system, after the officer was seen to see the child. */
export async function keepNote(
  tx: Tx,
  { keys, clock }: Services,
  authorId: AccountId,
  { text, ...note }: NoteDraft,
): Promise<void> {
  await insertNote(tx, { ...note, sealed: keys.seal(text, SEAL), authorId, at: clock.now() })
}

/** [CASE-14] Null: a village helps and reads no reasons. Who else may not, by the policy of the table, finds none. */
export async function readNotes(tx: Tx, { keys }: Services, actor: Actor, childId: number): Promise<CaseNote[] | null> {
  if ((await findUnit(tx, actor.unitId))?.kind === 'village') return null
  const rows = await listNotes(tx, childId)
  const persons = await findPersons(tx, [...new Set(rows.map((row) => row.author_id))])
  return rows.map((row) => ({
    kind: row.kind,
    text: keys.open(row.sealed, SEAL),
    person: persons.get(row.author_id) ?? null,
    at: row.written_at.toISOString(),
  }))
}
