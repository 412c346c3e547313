import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { type AccountCode, BOOK_ACCOUNTS, whereaboutsWords } from '../whereabouts/index.ts'
import type { PostedChange, RunPosting } from './contract.ts'
import { words } from './page-words.web.ts'
import { BALANCE } from './paths.web.ts'

/** What the run moved in the books, from account to account; or that it was taken back. */
export function PostingBox({ posting }: { readonly posting: RunPosting }) {
  const { state, asOf, changes, merged } = posting
  const moved = changes.filter(({ from, to }) => from !== to)
  const stayed = changes.reduce((sum, { from, to, count }) => (from === to ? sum + count : sum), 0)
  const said = [
    stayed === 0 ? undefined : words.books.stayed(showCount(stayed)),
    merged === 0 ? undefined : words.books.merged(showCount(merged)),
  ]
  return (
    <Box
      title={words.books.posting}
      note={
        <>
          <Tag tone={state === 'posted' ? 'checked' : 'passing'}>{words.books.state[state]}</Tag>{' '}
          {words.books.asOfDay(showDay(asOf))}
        </>
      }
    >
      {state === 'reversed' ? <Notice tone="passing">{words.books.reversed}</Notice> : null}
      <div className="books-changes">
        <DataTable
          label={words.books.posting}
          columns={COLUMNS}
          rows={moved}
          keyOf={({ from, to }) => `${from} ${to}`}
          empty={words.books.nothing}
        />
      </div>
      <div className="box-body books-after">
        <span className="second">{said.filter((part) => part !== undefined).join(words.books.and)}</span>
        <Link to={BALANCE} className="button">
          {words.books.toBalance}
        </Link>
      </div>
    </Box>
  )
}

const COLUMNS: readonly Column<PostedChange>[] = [
  {
    id: 'to',
    head: words.books.to,
    isTitle: true,
    cell: ({ to }) => <span className={isUnexplained(to) ? 'child' : undefined}>{whereaboutsWords.account[to]}</span>,
  },
  {
    id: 'from',
    head: words.books.from,
    cell: ({ from }) => (
      <span className="second">{from === null ? words.books.entered : whereaboutsWords.account[from]}</span>
    ),
  },
  {
    id: 'count',
    head: words.books.count,
    width: '110px',
    isNumber: true,
    cell: ({ count, to }) => <span className={isUnexplained(to) ? 'figure child' : 'figure'}>{showCount(count)}</span>,
  },
]

function isUnexplained(account: AccountCode): boolean {
  return BOOK_ACCOUNTS[account].isUnexplained
}
