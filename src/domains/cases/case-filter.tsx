import { showCount } from '../../web/format.ts'
import { Choice } from '../../web/kit/choice.tsx'
import type { Search } from '../../web/router/search.ts'
import { accountsOfGroup, accountWords } from '../whereabouts/index.ts'
import type { ListFilter } from './case-list-page.tsx'
import { type CaseList, DUES } from './contract.ts'
import { words } from './page-words.web.ts'
import { STAGES } from './rules.ts'

interface CaseFilterProps {
  readonly cases: CaseList
  readonly filter: ListFilter
  readonly onChange: (members: Search) => void
}

export function CaseFilter({ cases, filter, onChange }: CaseFilterProps) {
  const { counts, holders } = cases
  const tabs = [
    { due: undefined, word: words.list.tabs.all, count: counts.all },
    ...DUES.map((due) => ({
      due,
      word: words.list.tabs[due],
      count: due === 'week' ? undefined : counts[due],
    })),
  ]
  return (
    <>
      <fieldset className="tabs case-tabs" aria-label={words.list.due}>
        {tabs.map(({ due, word, count }) => (
          <button key={word} type="button" aria-pressed={filter.due === due} onClick={() => onChange({ due })}>
            {word} {count === undefined ? null : <span className={toneOf(due, count)}>{showCount(count)}</span>}
          </button>
        ))}
      </fieldset>
      <div className="filters">
        <Choice
          label={words.list.stage}
          none={words.list.allStages}
          value={filter.stage ?? ''}
          options={STAGES.map((value) => ({ value, label: words.stages[value] }))}
          onChange={(stage) => onChange({ stage })}
        />
        <Choice
          label={words.list.account}
          none={words.list.allAccounts}
          value={filter.account ?? ''}
          options={accountsOfGroup(4).map((value) => ({ value, label: accountWords.accounts[value] }))}
          onChange={(account) => onChange({ account })}
        />
        {holders.length < 2 && filter.unitId === undefined ? null : (
          <Choice
            label={words.list.unit}
            none={words.list.allUnits}
            value={filter.unitId === undefined ? '' : String(filter.unitId)}
            options={holders.map(({ unitId, name, count }) => ({
              value: String(unitId),
              label: words.list.unitCount(name, showCount(count)),
            }))}
            onChange={(unit) => onChange({ unit })}
          />
        )}
        <span className="filters-end key-help note">
          <kbd>j</kbd> <kbd>k</kbd> {words.list.keysMove} <kbd>Enter</kbd> {words.list.keysOpen}
        </span>
      </div>
    </>
  )
}

/** A day that has passed is amber; how many there are in all is no alarm. */
function toneOf(due: string | undefined, count: number): string {
  return due === 'overdue' && count > 0 ? 'case-due passing' : 'second'
}
