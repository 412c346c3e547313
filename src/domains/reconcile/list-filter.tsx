import { useCallback } from 'react'
import { Choice } from '../../web/kit/choice.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import type { Search } from '../../web/router/search.ts'
import type { ListName, RunSummary } from './contract.ts'
import { words } from './page-words.web.ts'

interface ListFilterProps {
  readonly list: ListName
  readonly summary: RunSummary
  readonly filter: {
    readonly class: string | undefined
    readonly township: string | undefined
    readonly q: string | undefined
  }
  readonly onChange: (members: Search) => void
}

/** What the list is, and how to narrow it. The classes offered are those that the sums of this run name. */
export function ListFilter({ list, summary, filter, onChange }: ListFilterProps) {
  const search = useCallback((q: string) => onChange({ q }), [onChange])
  const classes = classesOf(summary, list)
  const hasTownships = list !== 'roll-only' && list !== 'errors'
  return (
    <div className="filters">
      <span className="list-note second">{words.listNotes[list]}</span>
      <div className="filters-end filters-controls">
        {classes.length < 2 && filter.class === undefined ? null : (
          <Choice
            label={words.filter.class}
            none={words.filter.allClasses}
            value={filter.class ?? ''}
            options={classes}
            onChange={(value) => onChange({ class: value })}
          />
        )}
        {hasTownships ? (
          <Choice
            label={words.filter.township}
            none={words.filter.allTownships}
            value={filter.township ?? ''}
            options={summary.byTownship
              .filter(({ township }) => township !== '')
              .map(({ township }) => ({ value: township, label: township }))}
            onChange={(value) => onChange({ township: value })}
          />
        ) : null}
        <SearchBox label={words.filter.search} value={filter.q ?? ''} onSearch={search} />
        <span className="key-help note">
          <kbd>j</kbd> <kbd>k</kbd> {words.detail.keysMove} <kbd>Enter</kbd> {words.detail.keysOpen}
        </span>
      </div>
    </div>
  )
}

function classesOf(summary: RunSummary, list: ListName): { value: string; label: string }[] {
  const known = new Map<string, string>()
  for (const line of [...summary.bridge, ...summary.population, ...summary.roll]) {
    if (line.list === list && line.class !== null && !known.has(line.class)) known.set(line.class, line.label)
  }
  return [...known].map(([value, label]) => ({ value, label }))
}
