import { Button } from 'antd'
import { useAnswer } from '../../web/api/query.ts'
import { showShortInstant } from '../../web/format.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { listPairs, type ReviewPairLine } from './review-contract.ts'
import { words } from './review-page-words.web.ts'
import { PAIR_STATES, type PairState } from './review-rules.ts'

const SIZE = 50

interface ReviewListProps {
  readonly runId: string
  readonly onDecision: (decisionId: number) => void
}

/** Every pair of the run, by where it stands; a decided one opens its decision. */
export function ReviewList({ runId, onDecision }: ReviewListProps) {
  const [address, change] = useAddressState()
  const page = Number(address['page'] ?? 1)
  const state = PAIR_STATES.find((one) => one === address['state'])
  const answer = useAnswer(listPairs, {
    params: { runId },
    query: { page, size: SIZE, ...(state === undefined ? {} : { state }) },
  })
  return (
    <section className="box" aria-label={words.list.label}>
      <div className="filters">
        <div className="filters-end filters-controls">
          <Choice
            label={words.list.state}
            none={words.list.all}
            value={state ?? ''}
            options={PAIR_STATES.map((value) => ({ value, label: words.states[value] }))}
            onChange={(value) => change({ state: value === '' ? undefined : value, page: undefined })}
          />
        </div>
      </div>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? <Pending lines={8} /> : null}
      {answer.data === undefined ? null : (
        <>
          <DataTable
            label={words.list.label}
            columns={columnsOf(onDecision)}
            rows={answer.data.rows}
            keyOf={({ pairId }) => pairId}
            empty={words.list.empty}
          />
          <Pager page={page} size={SIZE} total={answer.data.total} onPage={(next) => change({ page: next })} />
        </>
      )}
    </section>
  )
}

function columnsOf(onDecision: (decisionId: number) => void): readonly Column<ReviewPairLine>[] {
  return [
    {
      id: 'names',
      head: words.list.names,
      isTitle: true,
      cell: ({ name, rollName }) => `${name ?? words.missing} / ${rollName ?? words.missing}`,
    },
    { id: 'birth', head: words.list.birth, width: '110px', cell: ({ birth }) => birth },
    { id: 'school', head: words.list.school, cell: ({ school }) => school },
    { id: 'kind', head: words.list.kind, width: '180px', cell: ({ kind }) => words.kinds[kind] },
    {
      id: 'state',
      head: words.list.state,
      width: '150px',
      cell: ({ state }) => <Tag tone={toneOf(state)}>{words.states[state]}</Tag>,
    },
    {
      id: 'by',
      head: words.list.by,
      width: '230px',
      cell: ({ decisionId, decidedBy, decidedAt }) =>
        decisionId === null ? null : (
          <Button type="link" size="small" onClick={() => onDecision(decisionId)}>
            {words.decidedBy(decidedBy ?? '', decidedAt === null ? '' : showShortInstant(decidedAt))}
          </Button>
        ),
    },
  ]
}

function toneOf(state: PairState) {
  if (state === 'dispute' || state === 'unsure') return 'passing'
  return state === 'same' || state === 'different' ? 'checked' : 'plain'
}
