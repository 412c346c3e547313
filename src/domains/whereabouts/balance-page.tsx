import { isCode } from '../../web/api/api-problem.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { useMay, useViewer } from '../../web/viewer.tsx'
import { BASES, type Base } from './accounts.ts'
import { AgesBox } from './ages-box.tsx'
import { BalanceTable } from './balance-table.tsx'
import { BookBridgeLine } from './bridge-line.tsx'
import { type BookBalance, readBalance, readDays } from './contract.ts'
import { MatrixBox } from './matrix-box.tsx'
import { MovesBox } from './moves-box.tsx'
import { words } from './page-words.web.ts'
import { BALANCE } from './paths.web.ts'
import { Standing } from './standing.tsx'
import './whereabouts.css'

/** Does every child stand in exactly one account, and who is unexplained? */
export default function BalancePage() {
  const viewer = useViewer()
  const part = usePathPart('unitId')
  const unitId = part === '' ? viewer.unitId : Number(part)
  const [address] = useAddressState()
  const base: Base = BASES.find((one) => one === address.base) ?? (viewer.unitKind === 'school' ? 'S' : 'R')
  const query = {
    unitId,
    base,
    ...(address.asOf === undefined ? {} : { asOf: address.asOf }),
    ...(address.knownAt === undefined ? {} : { knownAt: Number(address.knownAt) }),
  }
  const days = useAnswer(readDays, {})
  const answer = useAnswer(readBalance, { query })
  if (isCode(answer.error, 'BOOK.NOT_OPEN')) return <NotOpen />
  if (answer.isPending || days.isPending) return <Pending lines={14} />
  if (answer.data === undefined || days.data === undefined) return <ProblemNote fault={answer.error ?? days.error} />
  return (
    <div className={answer.isPlaceholderData ? 'stack is-old' : 'stack'}>
      <Standing balance={answer.data} days={days.data} />
      <Balance balance={answer.data} />
    </div>
  )
}

function NotOpen() {
  const mayImport = useMay('import.write')
  return (
    <div className="stack">
      <PageHead title={words.title} />
      <Box>
        <Empty
          title={words.notOpen}
          action={
            mayImport ? (
              <Link to="/imports" className="button button-primary">
                {words.toImports}
              </Link>
            ) : undefined
          }
        >
          <p>{words.notOpenWhat}</p>
          <ol>
            {words.notOpenSteps.split('\n').map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Empty>
      </Box>
    </div>
  )
}

function Balance({ balance }: { readonly balance: BookBalance }) {
  const viewer = useViewer()
  const { waiting, isPast } = balance
  return (
    <>
      {isPast ? (
        <Notice tone="passing">
          {words.past(showCount(balance.knownAt))} <Link to={BALANCE}>{words.toLatest}</Link>
        </Notice>
      ) : null}
      {waiting.batches === 0 || viewer.unitId !== balance.unit.unitId ? null : (
        <Notice>
          {words.waiting(showCount(waiting.batches), showCount(waiting.rows))}{' '}
          {viewer.permissions.includes('book.post') ? <Link to="/runs/new">{words.toRuns}</Link> : null}
        </Notice>
      )}
      {balance.bridge === null || balance.base !== 'R' ? null : <BookBridgeLine bridge={balance.bridge} />}
      <div className="balance-parts">
        <BalanceTable balance={balance} />
        <div className="stack">
          <MatrixBox balance={balance} />
          <MovesBox balance={balance} />
          <AgesBox />
        </div>
      </div>
    </>
  )
}
