import { Button } from 'antd'
import { useCallback, useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showInstant, showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { AccountActions } from './account-actions.tsx'
import { AccountCreate } from './account-create.tsx'
import { sheetWords } from './account-sheet-page-words.web.ts'
import { AccountTabs } from './account-tabs.tsx'
import { type AccountLine, listAccounts } from './contract.ts'
import { words } from './page-words.web.ts'
import { ACCOUNT_SHEETS, unitPath } from './paths.web.ts'
import { showTerm } from './term.web.ts'

const SIZE = 50

/** Who may sign in here and below, in which posts, and what can be done about it. */
export default function AccountPage() {
  const [address, change] = useAddressState()
  const [isCreating, setIsCreating] = useState(false)
  const mayWrite = useMay('account.write')
  const page = Number(address.page ?? 1)
  const q = address.q ?? ''
  const unitId = address.unitId === undefined ? undefined : Number(address.unitId)
  const accounts = useAnswer(listAccounts, {
    query: { page, size: SIZE, ...(q === '' ? {} : { q }), ...(unitId === undefined ? {} : { unitId }) },
  })
  const search = useCallback((text: string) => change({ q: text, page: undefined }), [change])
  return (
    <div className="stack">
      <PageHead
        title={words.accounts.title}
        primary={
          mayWrite ? (
            <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setIsCreating(true)}>
              {words.accounts.create}
            </Button>
          ) : null
        }
      >
        {mayWrite ? (
          <Link to={ACCOUNT_SHEETS} className="button">
            {sheetWords.entry}
          </Link>
        ) : null}
      </PageHead>
      <Box>
        <AccountTabs current="accounts" />
        <div className="filters">
          <SearchBox label={words.accounts.search} value={q} onSearch={search} />
          {unitId === undefined ? null : (
            <Button onClick={() => change({ unitId: undefined, page: undefined })}>
              {words.accounts.onlyUnit} · {kit.clear}
            </Button>
          )}
        </div>
        <ProblemNote fault={accounts.error} />
        {accounts.isPending ? <Pending lines={10} /> : null}
        {accounts.data === undefined ? null : (
          <>
            <DataTable
              label={words.accounts.title}
              columns={mayWrite ? [...COLUMNS, ACTIONS] : COLUMNS}
              rows={accounts.data.rows}
              keyOf={({ accountId }) => accountId}
              empty={q === '' && unitId === undefined ? words.accounts.empty : words.accounts.noneFound}
            />
            <Pager page={page} size={SIZE} total={accounts.data.total} onPage={(next) => change({ page: next })} />
          </>
        )}
      </Box>
      <AccountCreate isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </div>
  )
}

const STATE_TONES: Readonly<Record<AccountLine['state'], TagTone>> = {
  active: 'plain',
  locked: 'passing',
  disabled: 'plain',
}

const COLUMNS: readonly Column<AccountLine>[] = [
  { id: 'person', head: words.accounts.person, width: '128px', isTitle: true, cell: ({ person }) => <b>{person}</b> },
  { id: 'login', head: words.accounts.login, width: '150px', cell: ({ login }) => login },
  {
    id: 'posts',
    head: words.accounts.posts,
    cell: ({ posts }) => (
      <ul className="account-posts">
        {posts.map((post) => (
          <li key={post.postId}>
            <Link to={unitPath(post.unitId)}>{post.unit}</Link> {post.role}
            {post.until === null ? null : <span className="note"> {showTerm(post.from, post.until)}</span>}
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: 'state',
    head: words.accounts.state,
    width: '168px',
    cell: ({ state, lockedUntil }) => (
      <>
        <Tag tone={STATE_TONES[state]}>{words.accounts.states[state]}</Tag>{' '}
        {lockedUntil === null || state !== 'locked' ? null : (
          <span className="note">{words.accounts.lockedUntil(showShortInstant(lockedUntil))}</span>
        )}
      </>
    ),
  },
  {
    id: 'last',
    head: words.accounts.lastSignIn,
    width: '150px',
    cell: ({ lastSignInAt }) => (
      <span className="second">{lastSignInAt === null ? words.accounts.never : showInstant(lastSignInAt)}</span>
    ),
  },
]

/** Only what the server lets who looks do [REG-26]; one's own password is changed on its own page. */
const ACTIONS: Column<AccountLine> = {
  id: 'actions',
  head: words.accounts.actions,
  width: '250px',
  cell: (account) => <AccountActions account={account} />,
}
