import { Button } from 'antd'
import { useState } from 'react'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useMay } from '../../web/viewer.tsx'
import { accountWords, type BookSpan, type ChildTimeline, readTimeline } from '../whereabouts/index.ts'
import { Account } from './child-table.tsx'
import { words } from './page-words.web.ts'
import { WhereaboutsBar } from './whereabouts-bar.tsx'

/** Where the child was on every day, and what was corrected of it. */
export function TimelineBox({ childId }: { readonly childId: number }) {
  const answer = useAnswer(readTimeline, { params: { childId }, query: {} })
  const [isAll, setIsAll] = useState(false)
  const spans = answer.data?.spans ?? []
  const superseded = spans.filter((span) => span.superseded !== null).length
  return (
    <Box title={words.file.timeline}>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? <Pending lines={4} /> : null}
      {answer.data === undefined ? null : spans.length === 0 ? (
        <p className="box-body note">{words.file.notInBooks}</p>
      ) : (
        <>
          <WhereaboutsBar spans={spans} />
          <Spans spans={isAll ? spans : spans.filter((span) => span.superseded === null)} />
          {superseded === 0 ? null : (
            <div className="box-body">
              <Button type="link" onClick={() => setIsAll(!isAll)}>
                {isAll ? words.file.hideChanges : words.file.showChanges(superseded)}
              </Button>
            </div>
          )}
          <Claims claims={answer.data.claims} />
        </>
      )}
    </Box>
  )
}

function Spans({ spans }: { readonly spans: readonly BookSpan[] }) {
  const seesPostings = useMay('book.read')
  const columns: readonly Column<BookSpan>[] = [
    {
      id: 'days',
      head: words.file.from,
      width: '190px',
      isTitle: true,
      // The last day it holds, as people speak of it.
      cell: ({ from, until }) => `${from} – ${until === null ? words.file.ongoing : addDays(plainDate(until), -1)}`,
    },
    { id: 'account', head: words.file.account, width: '180px', cell: (span) => <Account child={span} /> },
    {
      id: 'unit',
      head: words.file.unit,
      cell: ({ school, registered, living }) => school?.name ?? living?.name ?? registered?.name,
    },
    {
      id: 'evidence',
      head: words.file.evidence,
      width: '200px',
      cell: ({ evidence, confirmed }) => (
        <>
          {accountWords.evidence[evidence]} <span className="second">{confirmed ?? words.list.never}</span>
        </>
      ),
    },
    {
      id: 'posted',
      head: words.file.posted,
      width: '220px',
      isHiddenOnPhone: !seesPostings,
      cell: ({ posted, superseded }) => (
        <>
          {accountWords.sources[posted.source]} #{posted.postingId}{' '}
          <span className="second">
            {superseded === null
              ? showShortInstant(posted.postedAt)
              : `${words.file.superseded} #${superseded.postingId}`}
          </span>
        </>
      ),
    },
  ]
  return <DataTable label={words.file.timeline} columns={columns} rows={spans} keyOf={({ spanId }) => spanId} />
}

function Claims({ claims }: { readonly claims: ChildTimeline['claims'] }) {
  if (claims.length === 0) return null
  return (
    <div className="box-body claims">
      <b>{words.file.claims}</b>
      <ul>
        {claims.map(({ account, unit, from, evidence, evidenceUnit, postingId, recordId }) => (
          <li key={`${postingId}-${recordId}-${account}-${unit?.unitId}`}>
            {accountWords.evidence[evidence]}
            {evidenceUnit === null ? null : `（${evidenceUnit.name}）`}：{accountWords.accounts[account]}
            {unit === null ? null : ` · ${unit.name}`} <span className="second">{from}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
