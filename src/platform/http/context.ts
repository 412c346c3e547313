import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Route } from '../../kernel/route.ts'
import type { AuditKind } from '../audit.ts'
import type { Tx } from '../db/index.ts'
import type { Actor } from './actor.ts'

/** What only the handler knows about the request's audit line. Ids and codes only, beside the reason the officer typed. */
export interface AuditNote {
  readonly kind?: AuditKind
  /** `account:17`, `run:0190…`. The ids in the path when left out. */
  readonly target?: string
  readonly reason?: string
}

/** Every request leaves exactly one audit line. */
export interface AuditPen {
  /** Adds to the line, which is written when the handler has answered. */
  note(note: AuditNote): void
  /** Writes the line in the handler's transaction: the change and its trace stand or fall together. */
  record(tx: Tx, note?: AuditNote): Promise<void>
}

/** The session cookie of the answer. */
export interface SessionCookie {
  /** The token the request came with, live or not. */
  readonly current: string | undefined
  set(token: string): void
  clear(): void
}

export interface RouteContext<R extends Route> {
  readonly params: z.output<R['params']>
  readonly query: z.output<R['query']>
  readonly body: z.output<R['body']>
  /** On a `public` route without a session, reading it throws `SESSION.REQUIRED`. */
  readonly actor: Actor
  readonly audit: AuditPen
  readonly cookie: SessionCookie
  /** Network address of the caller, for the audit. */
  readonly address: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** The one file of a multipart request. */
export interface Upload {
  /** As the browser named it: may hold a person's name, so it is stored sealed and never logged. */
  readonly fileName: string
  readonly mediaType: string
  /** Ends only when the whole form has arrived; fails with `FILE.TRUNCATED` or `REQUEST.TOO_LARGE`. Read it to the end. */
  readonly content: Readable
}

export interface UploadContext<R extends Route> extends RouteContext<R> {
  readonly upload: Upload
}

export interface Download {
  readonly fileName: string
  readonly mediaType: string
  /** Length, when known before the first byte. */
  readonly bytes?: number
  readonly content: Readable
}
