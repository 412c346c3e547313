import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { accountWords } from './account-words.ts'
import type { AccountCode } from './accounts.ts'
import { signed } from './bridge-line.tsx'
import { type BookBalance, readMovements } from './contract.ts'
import { words } from './page-words.web.ts'

const MOST = 12

/** What moved since the closed day before, account to account. */
export function MovesBox({ balance }: { readonly balance: BookBalance }) {
  const { unit, base, asOf, before, knownAt } = balance
  const answer = useAnswer(
    readMovements,
    { query: { unitId: unit.unitId, base, until: asOf, knownAt } },
    { isEnabled: before !== null },
  )
  if (before === null) return null
  const moves = answer.data
  return (
    <Box title={words.moves.title(before.slice(5))}>
      <ProblemNote fault={answer.error} />
      {moves === undefined ? null : (
        <dl className="moves">
          {moves.flows.length === 0 ? <p className="box-body note">{words.moves.none}</p> : null}
          {moves.flows.slice(0, MOST).map(({ from, to, count }) => (
            <div key={`${from}-${to}`}>
              <dt>
                {nameOf(from, words.moves.in)} → {nameOf(to, words.moves.out)}
              </dt>
              <dd className="figure">{showCount(count)}</dd>
            </div>
          ))}
          <div className="moves-sum">
            <dt>
              {words.moves.unexplained} {showCount(moves.unexplainedBefore)} →{' '}
              <b className={moves.unexplainedAfter > 0 ? 'child' : undefined}>{showCount(moves.unexplainedAfter)}</b>
            </dt>
            <dd className="figure">{signed(moves.unexplainedAfter - moves.unexplainedBefore)}</dd>
          </div>
          <div>
            <dt>
              {words.moves.total} {showCount(moves.totalBefore)} → {showCount(moves.totalAfter)}
            </dt>
            <dd className="figure">{signed(moves.totalAfter - moves.totalBefore)}</dd>
          </div>
        </dl>
      )}
    </Box>
  )
}

function nameOf(account: AccountCode | null, outside: string): string {
  return account === null ? outside : accountWords.accounts[account]
}
