import { showCount } from '../../web/format.ts'
import { Link } from '../../web/kit/link.tsx'
import type { ListName, RunSummary } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath, runPath } from './paths.web.ts'

/** Children not accounted for stand first among the lists. */
const ORDER: readonly ListName[] = ['not-found', 'review', 'linked', 'duplicates', 'roll-only', 'outside', 'errors']

export function isUnexplained(list: ListName | null): boolean {
  return list === 'not-found' || list === 'review'
}

interface RunTabsProps {
  readonly runId: string
  readonly summary: RunSummary
  readonly current: ListName | undefined
}

export function RunTabs({ runId, summary, current }: RunTabsProps) {
  const counts = new Map(summary.lists.map(({ list, count }) => [list, count]))
  return (
    <nav className="tabs run-tabs" aria-label={words.run.tabs}>
      <Link to={runPath(runId)} isCurrent={current === undefined} isReplacing>
        {words.run.result}
      </Link>
      {ORDER.map((list) => {
        const count = counts.get(list) ?? 0
        return (
          <Link key={list} to={listPath(runId, list)} isCurrent={current === list} isReplacing>
            {words.lists[list]}
            <span className={isUnexplained(list) && count > 0 ? 'figure child' : 'second'}>{showCount(count)}</span>
          </Link>
        )
      })}
    </nav>
  )
}
