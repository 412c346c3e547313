import { showCount } from '../../web/format.ts'
import { Count } from '../../web/kit/count.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import type { ListName, RunSummary } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath } from './paths.web.ts'

/** The children first: how many are not accounted for, where they stand, and what two sheets cannot prove. */
export function UnexplainedBox({ runId, summary }: { readonly runId: string; readonly summary: RunSummary }) {
  const countOf = (list: ListName) => summary.lists.find((line) => line.list === list)?.count ?? 0
  const notFound = countOf('not-found')
  const review = countOf('review')
  const isNone = summary.unexplained === 0
  return (
    <section className="box unexplained" aria-label={words.run.unexplained}>
      <div className="unexplained-head">
        <div>
          <div className="note">
            {words.run.unexplained} · {words.run.unexplainedOf(showCount(summary.personsToAccountFor))}
          </div>
          <p className={isNone ? 'big figure checked' : 'big figure child'}>
            {isNone ? <Icon name="check" size={24} /> : null}
            {showCount(summary.unexplained)}
            <span className="unit">{words.persons}</span>
          </p>
        </div>
        <dl>
          <div>
            <dt>{words.lists['not-found']}</dt>
            <dd>
              <Count
                count={notFound}
                unit={words.persons}
                tone="child"
                to={listPath(runId, 'not-found')}
                label={words.lists['not-found']}
              />
            </dd>
          </div>
          <div>
            <dt>{words.lists.review}</dt>
            <dd>
              <Count
                count={review}
                unit={words.persons}
                tone="child"
                to={listPath(runId, 'review')}
                label={words.lists.review}
              />
            </dd>
          </div>
        </dl>
      </div>
      <p className="note proof">{isNone ? words.run.none : words.proof}</p>
      {isNone ? null : (
        <div className="next-action unexplained-next">
          <Link to={listPath(runId, notFound > 0 ? 'not-found' : 'review')} className="button button-primary">
            {notFound > 0 ? words.run.seeNotFound : words.run.seeReview}
            <Icon name="right" size={14} />
          </Link>
        </div>
      )}
    </section>
  )
}
