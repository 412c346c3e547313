import type { ReactNode } from 'react'
import { showCount, showDay } from '../../web/format.ts'
import { Link } from '../../web/kit/link.tsx'
import { BOOK_KINDS, type BookKind } from '../persons/index.ts'
import { type Run, type RunInput, SHEET_ROLES } from './contract.ts'
import { words } from './page-words.web.ts'
import { batchPath, listPath } from './paths.web.ts'

/** What went in, whether it is what went in the last time, and how the result stands against that one. */
export function SheetsStrip({ run }: { readonly run: Run }) {
  const { sheets, inputs } = run
  return (
    <div className="box strip">
      {sheets === null
        ? null
        : SHEET_ROLES.map((role) => <SheetCell key={role} run={run} role={role} sheet={sheets[role]} />)}
      {inputs === null
        ? null
        : BOOK_KINDS.map((kind) => {
            const own = inputs.filter((input) => input.kind === kind)
            return own.length === 0 ? null : <BatchesCell key={kind} run={run} kind={kind} batches={own} />
          })}
      <Before run={run} />
    </div>
  )
}

function SheetCell({
  run,
  role,
  sheet,
}: {
  readonly run: Run
  readonly role: 'population' | 'roll'
  readonly sheet: NonNullable<Run['sheets']>['population']
}) {
  return (
    <div>
      <div className="strip-name">
        <b>{words.sheets[role]}</b>{' '}
        <span className="note" title={sheet.fileName}>
          {sheet.fileName}
        </span>
      </div>
      <Rows count={sheet.rows} run={run} kind={role}>
        <span className="mono" title={`${words.run.fingerprint} ${sheet.fingerprint}`}>
          {sheet.fingerprint}
        </span>
      </Rows>
    </div>
  )
}

function BatchesCell({
  run,
  kind,
  batches,
}: {
  readonly run: Run
  readonly kind: BookKind
  readonly batches: readonly RunInput[]
}) {
  const [only] = batches
  const days = batches.map(({ asOf }) => asOf).sort()
  return (
    <div>
      <div className="strip-name">
        <b>{words.kinds[kind]}</b>{' '}
        <span className="note">
          {batches.length === 1 && only !== undefined ? (
            <Link to={batchPath(only.batchId)}>{only.giver}</Link>
          ) : (
            words.books.batches(showCount(batches.length))
          )}{' '}
          {showDay(days.at(-1) ?? '')}
        </span>
      </div>
      <Rows count={batches.reduce((sum, { rows }) => sum + rows, 0)} run={run} kind={kind} />
    </div>
  )
}

function Rows({
  count,
  run,
  kind,
  children,
}: {
  readonly count: number
  readonly run: Run
  readonly kind: BookKind
  readonly children?: ReactNode
}) {
  const change = run.previous?.inputs.find((input) => input.kind === kind)
  return (
    <div>
      {showCount(count)} <span className="unit">{words.rows}</span> {children}
      {change === undefined ? null : (
        <span className="note">
          {' '}
          {change.isSame ? words.books.sameInput : words.books.otherInput(showCount(change.rowsBefore))}
        </span>
      )}
    </div>
  )
}

function Before({ run: { previous, unexplained } }: { readonly run: Run }) {
  if (previous === null || unexplained === null) return null
  return (
    <div>
      <div className="note" title={previous.isSameModel ? undefined : words.books.otherModel}>
        {words.run.previous(previous.number)}
        {previous.isSameModel ? null : ` · ${words.books.otherModel}`}
      </div>
      <div>
        <Link to={listPath(previous.runId, 'not-found')} className="count-link second">
          {showCount(previous.unexplained)}
        </Link>{' '}
        <span className="second">→</span>{' '}
        <b className={unexplained > 0 ? 'figure child' : 'figure checked'}>{showCount(unexplained)}</b>{' '}
        <span className="unit">{words.persons}</span>
      </div>
    </div>
  )
}
