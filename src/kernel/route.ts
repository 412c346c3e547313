import { z } from 'zod'
import type { ProblemCode } from './problem.ts'
import type { Permission } from './scope.ts'

/** `public`: no session. `signed-in`: any session. Otherwise the role of the session's post must have the permission. */
export type RouteAccess = 'public' | 'signed-in' | Permission

/**
 * A route as data: the server mounts it, the typed client calls it, the OpenAPI
 * document and the rights table are made from it. Paths are relative to `/api/v1`
 * and name parameters as `/runs/:runId`.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  /** Unique over the product: `run.list`. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: `/${string}`
  /** One Chinese line for the reader page. */
  readonly summary: string
  readonly access: RouteAccess
  /** `upload` takes one multipart file named `file` (streamed) and no JSON body; `download` answers with bytes. */
  readonly kind: 'json' | 'upload' | 'download'
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly answer: Answer
  /** Problems a caller should expect beside the common ones (session, rights, malformed input). */
  readonly problems: readonly ProblemCode[]
}

const nothing = z.object({})

interface RouteDraft<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly id: string
  readonly method: Route['method']
  readonly path: `/${string}`
  readonly summary: string
  readonly access: RouteAccess
  readonly kind?: Route['kind']
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly answer?: A
  readonly problems?: readonly ProblemCode[]
}

export function defineRoute<
  P extends z.ZodType = typeof nothing,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType = typeof nothing,
  A extends z.ZodType = typeof nothing,
>(draft: RouteDraft<P, Q, B, A>): Route<P, Q, B, A> {
  return {
    id: draft.id,
    method: draft.method,
    path: draft.path,
    summary: draft.summary,
    access: draft.access,
    kind: draft.kind ?? 'json',
    params: (draft.params ?? nothing) as P,
    query: (draft.query ?? nothing) as Q,
    body: (draft.body ?? nothing) as B,
    answer: (draft.answer ?? nothing) as A,
    problems: draft.problems ?? [],
  }
}

/** Ids of tables are whole numbers of four bytes. */
const MOST_ID = 2_147_483_647
export const givenId = z.number().int().positive().max(MOST_ID)
export const idInPath = z.coerce.number().int().positive().max(MOST_ID)

/** A page of a list: 1-based page, at most 200 rows. */
export const pageQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
})

export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ total: z.number().int(), page: z.number().int(), size: z.number().int(), rows: z.array(row) })
}
