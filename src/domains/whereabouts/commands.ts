import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { Services } from '../../platform/services.ts'
import { refuseUnaskedReading } from '../persons/server.ts'
import type { Base } from './accounts.ts'
import { sumTotal } from './balance-store.server.ts'
import * as store from './children-store.server.ts'
import type { BookBalance, BookDays, BookMap, BookMatrix, BookMovements, ChildTimeline } from './contract.ts'
import { namesOf, readDistricts, readPlaces, readTrialBalance, unitName } from './figures.server.ts'
import { sumFlows } from './movement-store.server.ts'
import { type Asked, type ChildQuery, getStanding, getUnitWithin, listStanding } from './standing.server.ts'
import { findClosedDays, listDays, listPostings } from './standing-store.server.ts'
import { timelineOf } from './timeline.server.ts'

type Deps = Pick<Services, 'db' | 'clock'>

/** Reading the books: each figure in the scope of who asks, of a closed day, as known at a posting. */
export function bookCommands({ db, clock }: Deps) {
  return {
    readDays: (actor: Actor): Promise<BookDays> =>
      db.inScope(actor.scope, async (tx) => {
        const closed = await findClosedDays(tx, undefined)
        if (closed === undefined) return { opening: null, lastClosed: null, days: [], postings: [], latest: 0 }
        const days = await listDays(tx)
        const postings = await listPostings(tx)
        return {
          opening: closed.opening,
          lastClosed: closed.last,
          days: days.map((row) => ({
            day: row.day,
            closedAt: row.closed_at.toISOString(),
            postingId: row.posting_id,
          })),
          postings: postings.map((row) => ({
            postingId: row.posting_id,
            postedAt: row.posted_at.toISOString(),
            source: row.source,
          })),
          latest: closed.latest,
        }
      }),

    readBalance: (actor: Actor, asked: Asked & { readonly base: Base }): Promise<BookBalance> =>
      db.inScope(actor.scope, async (tx) => {
        const unit = await getUnitWithin(tx, actor, asked.unitId)
        return readTrialBalance(tx, unit, asked.base, await getStanding(tx, asked))
      }),

    readMatrix: (actor: Actor, asked: Asked): Promise<BookMatrix> =>
      db.inScope(actor.scope, async (tx) => {
        const unit = await getUnitWithin(tx, actor, asked.unitId)
        return readPlaces(tx, unit, await getStanding(tx, asked))
      }),

    readMap: (actor: Actor, asked: Omit<Asked, 'unitId'> & { readonly base: Base }): Promise<BookMap> =>
      db.inScope(actor.scope, async (tx) => readDistricts(tx, asked.base, await getStanding(tx, asked))),

    readMovements: async (
      actor: Actor,
      asked: {
        readonly unitId?: number | undefined
        readonly base: Base
        readonly from?: PlainDate | undefined
        readonly until?: PlainDate | undefined
        readonly knownAt?: number | undefined
      },
    ): Promise<BookMovements> => {
      const { base } = asked
      const { unit, from, until } = await db.inScope(actor.scope, async (tx) => {
        const last = await getStanding(tx, { asOf: asked.until, knownAt: asked.knownAt })
        const first = await getStanding(tx, { asOf: asked.from ?? last.before ?? last.asOf, knownAt: asked.knownAt })
        return { unit: await getUnitWithin(tx, actor, asked.unitId), from: first, until: last }
      })
      // Who left the unit is out of its sight: the counts are made as the system, of a unit that was found in scope.
      return db.asSystem('whereabouts.movements', async (tx) => {
        const flows = await sumFlows(tx, unit, base, { from: from.asOf, until: until.asOf, knownAt: until.knownAt })
        const before = await sumTotal(tx, unit, base, { ...from, knownAt: until.knownAt })
        const after = await sumTotal(tx, unit, base, until)
        return {
          unit: unitName(unit),
          base,
          from: from.asOf,
          until: until.asOf,
          knownAt: until.knownAt,
          flows: [...flows],
          totalBefore: before.total,
          totalAfter: after.total,
          unexplainedBefore: before.unexplained,
          unexplainedAfter: after.unexplained,
        }
      })
    },

    listChildren: (actor: Actor, query: ChildQuery) => db.inScope(actor.scope, (tx) => listStanding(tx, actor, query)),

    /** Where a child is and was says as much as its file, and asks for the same reason. */
    readTimeline: async (actor: Actor, childId: ChildId, knownAt: number | undefined): Promise<ChildTimeline> => {
      const seen = await db.inScope(actor.scope, async (tx) => {
        const child = await store.findChild(tx, childId)
        if (child === undefined) throw new Problem('REQUEST.NOT_FOUND')
        await refuseUnaskedReading(tx, clock, actor, childId)
        const at = knownAt ?? Number.MAX_SAFE_INTEGER
        const spans = await store.listSpans(tx, childId, at)
        const claims = await store.listClaims(tx, childId, at)
        const names = await namesOf(tx, [
          ...spans.flatMap((row) => [row.r_unit_id, row.p_unit_id, row.s_school_id, row.evidence_unit]),
          ...claims.flatMap((row) => [row.unit_id, row.evidence_unit]),
        ])
        return { child, spans, claims, names }
      })
      const ids = seen.spans.flatMap((row) => [row.posted_by, row.superseded_by]).filter((id) => id !== null)
      // A posting may have moved the child for another unit; what was shown of the child tells its number already.
      const postings = await db.asSystem('whereabouts.timeline', (tx) => store.listPostingsById(tx, ids))
      return timelineOf(childId, seen, postings)
    },
  }
}
