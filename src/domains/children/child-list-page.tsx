import { isCode } from '../../web/api/api-problem.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { ACCOUNT_CODES, AGES, accountWords, BASES } from '../whereabouts/index.ts'
import { ChildTable } from './child-table.tsx'
import { listChildLines } from './contract.ts'
import { words } from './page-words.web.ts'
import './children.css'

const SIZE = 50

/** Which children does this figure count? */
export default function ChildListPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const base = BASES.find((one) => one === address.base) ?? 'R'
  const account = ACCOUNT_CODES.find((one) => one === address.account)
  const age = AGES.find((one) => one === address.age)
  const group = address.group === undefined ? undefined : Number(address.group)
  const query = {
    page,
    size: SIZE,
    base,
    ...(address.unit === undefined ? {} : { unitId: Number(address.unit) }),
    ...(account === undefined ? {} : { account }),
    ...(group === undefined || account !== undefined ? {} : { group }),
    ...(age === undefined ? {} : { age }),
    ...(address.asOf === undefined ? {} : { asOf: address.asOf }),
    ...(address.knownAt === undefined ? {} : { knownAt: Number(address.knownAt) }),
  }
  const answer = useAnswer(listChildLines, { query })
  const title =
    account !== undefined
      ? accountWords.accounts[account]
      : group === undefined
        ? words.list.title
        : accountWords.groups[group as 1 | 2 | 3 | 4 | 5]
  const data = answer.data
  return (
    <div className="stack">
      <PageHead
        title={title}
        note={
          data === undefined ? undefined : (
            <>
              <b className="figure">{showCount(data.total)}</b> ·{' '}
              {words.list.note(data.unit, accountWords.bases[base], data.asOf)}
            </>
          )
        }
      >
        <Choice
          label={words.list.account}
          none={words.list.all}
          value={account ?? ''}
          options={ACCOUNT_CODES.map((code) => ({ value: code, label: accountWords.accounts[code] }))}
          onChange={(code) => change({ account: code, group: undefined, page: undefined })}
        />
        <Choice
          label={words.list.age}
          none={words.list.ages}
          value={age ?? ''}
          options={AGES.map((one) => ({ value: one, label: accountWords.ages[one] }))}
          onChange={(one) => change({ age: one, page: undefined })}
        />
        <Link
          to={address.unit === undefined ? '/balance' : `/balance/${address.unit}`}
          search={{ base, asOf: address.asOf, knownAt: address.knownAt }}
          className="button"
        >
          {words.list.toBalance}
        </Link>
      </PageHead>
      {address.knownAt === undefined ? null : <Notice tone="passing">{words.list.past(address.knownAt)}</Notice>}
      {isCode(answer.error, 'BOOK.NOT_OPEN') ? (
        <Notice>{words.list.empty}</Notice>
      ) : (
        <ProblemNote fault={answer.error} />
      )}
      {answer.isPending ? <Pending lines={12} /> : null}
      {data === undefined ? null : (
        <Box className={answer.isPlaceholderData ? 'is-old' : ''}>
          <ChildTable rows={data.rows} />
          <Pager page={page} size={SIZE} total={data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
    </div>
  )
}
