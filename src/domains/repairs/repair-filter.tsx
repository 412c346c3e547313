import { showCount } from '../../web/format.ts'
import { Choice } from '../../web/kit/choice.tsx'
import type { Search } from '../../web/router/search.ts'
import { type RepairCounts, type RepairPage, WORKS, type Work } from './contract.ts'
import { FIELDS, type RepairField, SIDES, type Side } from './kinds.ts'
import { words } from './page-words.web.ts'
import { repairWords } from './words.ts'

export interface RepairListFilter {
  readonly mends: Side
  readonly work: Work
  readonly field?: RepairField
  readonly schoolId?: number
}

interface RepairFilterProps {
  readonly counts: Readonly<Record<Side, RepairCounts>>
  readonly schools: RepairPage['schools']
  readonly mayDecide: boolean
  readonly filter: RepairListFilter
  readonly onChange: (members: Search) => void
}

export function RepairFilter({ counts, schools, mayDecide, filter, onChange }: RepairFilterProps) {
  const own = counts[filter.mends]
  return (
    <>
      <fieldset className="tabs repair-tabs" aria-label={words.sides}>
        {SIDES.map((side) => (
          <button
            key={side}
            type="button"
            aria-pressed={filter.mends === side}
            onClick={() => onChange({ mends: side, school: undefined })}
          >
            {words.tabs[side]} <span className="second">{showCount(counts[side].open)}</span>
          </button>
        ))}
      </fieldset>
      <div className="filters">
        <Choice
          label={words.work}
          value={filter.work}
          options={WORKS.map((value) => ({
            value,
            label: words.workCount(words.works[value], showCount(countOf(own, value))),
          }))}
          onChange={(work) => onChange({ work: work === 'open' ? undefined : work })}
        />
        <Choice
          label={words.field}
          none={words.allFields}
          value={filter.field ?? ''}
          options={FIELDS.map((value) => ({ value, label: repairWords.fields[value] }))}
          onChange={(field) => onChange({ field })}
        />
        {schools.length < 2 && filter.schoolId === undefined ? null : (
          <Choice
            label={words.school}
            none={words.allSchools}
            value={filter.schoolId === undefined ? '' : String(filter.schoolId)}
            options={schools.map(({ unitId, name, count }) => ({
              value: String(unitId),
              label: words.workCount(name, showCount(count)),
            }))}
            onChange={(school) => onChange({ school })}
          />
        )}
        {mayDecide ? (
          <span className="filters-end key-help note">
            <kbd>j</kbd> <kbd>k</kbd> {words.keys.move} <kbd>1</kbd> {words.keys.register} <kbd>2</kbd>{' '}
            {words.keys.roll} <kbd>u</kbd> {words.keys.undo} <kbd>Enter</kbd> {words.keys.open}
          </span>
        ) : null}
      </div>
    </>
  )
}

function countOf(counts: RepairCounts, work: Work): number {
  switch (work) {
    case 'to-decide':
      return counts.toDecide
    case 'to-send':
      return counts.toSend
    default:
      return counts[work]
  }
}
