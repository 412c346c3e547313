import type { Problem } from '../../kernel/problem.ts'
import type { Route } from '../../kernel/route.ts'
import { type AuditKind, recordAudit } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/index.ts'
import type { Actor } from './actor.ts'
import type { AuditNote, AuditPen } from './context.ts'
import { isChanging } from './csrf.ts'

interface PenOptions {
  readonly route: Route
  readonly actor: Actor
  readonly address: string
  readonly params: unknown
  readonly clock: Clock
  readonly db: Database
}

export interface RequestPen extends AuditPen {
  /** After the handler: writes the line unless the handler did. */
  close(): Promise<void>
  /** A failed or refused request is a line too; what the handler recorded was rolled back with its transaction. */
  closeFailed(problem: Problem): Promise<void>
}

const REFUSED = new Set(['REQUEST.NOT_ALLOWED', 'REQUEST.NOT_FOUND', 'SESSION.CHANGE_PASSWORD'])

/** [SEC-20] One audit line a request. */
export function createPen({ route, actor, address, params, clock, db }: PenOptions): RequestPen {
  let note: AuditNote = {}
  let isRecorded = false

  async function write(tx: Tx, kind: AuditKind, outcome: 'ok' | Problem['code']): Promise<void> {
    await recordAudit(tx, {
      at: clock.now(),
      kind,
      action: route.id,
      accountId: actor.accountId,
      postId: actor.postId,
      unitId: actor.unitId,
      units: actor.unitPath,
      target: note.target ?? targetOf(params),
      reason: note.reason ?? null,
      outcome,
      address,
    })
  }

  return {
    note(more) {
      note = { ...note, ...more }
    },
    async record(tx, more = {}) {
      note = { ...note, ...more }
      await write(tx, note.kind ?? kindOf(route), 'ok')
      isRecorded = true
    },
    async close() {
      // Who asks who he is reads nothing of anybody else; pages do so at every turn.
      if (route.access === 'signed-in' && !isChanging(route.method)) return
      if (!isRecorded) await db.inScope(actor.scope, (tx) => write(tx, note.kind ?? kindOf(route), 'ok'))
    },
    async closeFailed(problem) {
      const kind = REFUSED.has(problem.code) ? 'refused' : (note.kind ?? kindOf(route))
      await db.inScope(actor.scope, (tx) => write(tx, kind, problem.code))
    },
  }
}

function kindOf({ kind, method, access }: Route): AuditKind {
  if (kind === 'download') return 'export'
  if (access.endsWith('.reveal')) return 'reveal'
  return isChanging(method) ? 'write' : 'read'
}

const ID = /^(?:\d{1,10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z-]{0,30})$/

/** [SEC-22] Ids and list names of the path, never free text: a file name in a path may be a person's. */
function targetOf(params: unknown): string | null {
  if (params === null || typeof params !== 'object') return null
  const ids = Object.entries(params).filter(([, value]) => ID.test(String(value)))
  return ids.length === 0 ? null : ids.map(([name, value]) => `${name.replace(/Id$/, '')}:${value}`).join(' ')
}
