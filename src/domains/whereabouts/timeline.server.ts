import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { accountCodeOf } from './accounts.ts'
import type { ClaimRow, PostingRow, SpanRow } from './children-store.server.ts'
import type { BookSpan, ChildTimeline, UnitName } from './contract.ts'

interface Seen {
  readonly child: { readonly from_day: PlainDate | null; readonly until_day: PlainDate | null }
  readonly spans: readonly SpanRow[]
  readonly claims: readonly ClaimRow[]
  readonly names: ReadonlyMap<number, UnitName>
}

export function timelineOf(childId: ChildId, seen: Seen, postings: readonly PostingRow[]): ChildTimeline {
  const { child, spans, claims, names } = seen
  const nameOf = (id: number | null) => (id === null ? null : (names.get(id) ?? null))
  const postingOf = (id: number): BookSpan['posted'] => {
    const row = postings.find((candidate) => candidate.posting_id === id)
    if (row === undefined) throw new Error(`posting ${id} is not there`)
    return { postingId: id, postedAt: row.posted_at.toISOString(), source: row.source, sourceKey: row.source_key }
  }
  return {
    childId,
    obliged: child.from_day === null ? null : { from: child.from_day, until: child.until_day },
    spans: spans.map((row) => ({
      spanId: row.span_id,
      from: row.from_day,
      until: row.until_day,
      account: accountCodeOf(row.account_id),
      registered: nameOf(row.r_unit_id),
      living: nameOf(row.p_unit_id),
      school: nameOf(row.s_school_id),
      evidence: row.evidence,
      evidenceUnit: nameOf(row.evidence_unit),
      confirmed: row.confirmed,
      expires: row.expires,
      pauseUntil: row.pause_until,
      caseId: row.case_id,
      recordId: row.record_id,
      posted: postingOf(row.posted_by),
      superseded: row.superseded_by === null ? null : postingOf(row.superseded_by),
    })),
    claims: claims.map((row) => ({
      account: accountCodeOf(row.account_id),
      unit: nameOf(row.unit_id),
      from: row.from_day,
      evidence: row.evidence,
      evidenceUnit: nameOf(row.evidence_unit),
      recordId: row.record_id,
      postingId: row.posting_id,
      withdrawnBy: row.withdrawn_by,
    })),
  }
}
