import type { FastifyInstance } from 'fastify'
import type { Route } from '../../kernel/route.ts'
import type { Services } from '../services.ts'
import type { ResolveActor } from './actor.ts'
import type { Limiters } from './limits.ts'

export type HttpServices = Pick<Services, 'db' | 'clock' | 'log' | 'sessions'>

export interface Http extends HttpServices, Limiters {
  readonly app: FastifyInstance
  readonly resolveActor: ResolveActor
  readonly isCookieSecure: boolean
  readonly uploadLimitBytes: number
  /** Every mounted route, for the rights test and the OpenAPI document. */
  readonly routes: readonly Route[]
  register(route: Route): void
  listen(options: { readonly host: string; readonly port: number }): Promise<string>
  /** Answers what is being asked, takes nothing new; after `seconds` (5 when left out) connections are cut. */
  close(seconds?: number): Promise<void>
}
