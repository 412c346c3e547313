import { showCount } from '../../web/format.ts'
import { Choice } from '../../web/kit/choice.tsx'
import type { Search } from '../../web/router/search.ts'
import { DIRECTIONS, type Direction, type LineFilter, type OutsideList } from './contract.ts'
import { words } from './page-words.web.ts'

interface FilterProps {
  readonly list: OutsideList
  readonly direction: Direction
  readonly filter: LineFilter | undefined
  readonly place: string | undefined
  readonly isQueue: boolean
  readonly onChange: (members: Search) => void
}

/** Two directions as tabs; what asks for work first among the states. */
export function OutsideFilter({ list, direction, filter, place, isQueue, onChange }: FilterProps) {
  const { counts, places, expiringDays } = list
  return (
    <>
      <fieldset className="tabs outside-tabs" aria-label={words.list.directionLabel}>
        {DIRECTIONS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={direction === one}
            onClick={() => onChange({ direction: one, filter: undefined, place: undefined })}
          >
            {words.list.directions[one]} <span className="second">{showCount(counts[one])}</span>
          </button>
        ))}
      </fieldset>
      <div className="filters">
        <Choice
          label={words.list.filterLabel}
          none={words.list.all}
          value={filter ?? ''}
          options={optionsOf(direction, counts, expiringDays)}
          onChange={(next) => onChange({ filter: next === '' ? undefined : next })}
        />
        {places.length < 2 && place === undefined ? null : (
          <Choice
            label={words.list.place}
            none={words.list.allPlaces}
            value={place ?? ''}
            options={places.map(({ place: code, name, count }) => ({
              value: code,
              label: words.list.placeCount(name, showCount(count)),
            }))}
            onChange={(next) => onChange({ place: next === '' ? undefined : next })}
          />
        )}
        <span className="filters-end key-help note">
          <kbd>j</kbd> <kbd>k</kbd> {words.list.keysMove}{' '}
          {isQueue ? (
            <>
              <kbd>y</kbd> {words.list.keysYes} <kbd>n</kbd> {words.list.keysNo}
            </>
          ) : (
            <>
              <kbd>Enter</kbd> {words.list.keysOpen}
            </>
          )}
        </span>
      </div>
    </>
  )
}

function optionsOf(direction: Direction, counts: OutsideList['counts'], days: number) {
  const counted = (value: LineFilter, word: string, count: number) => ({
    value,
    label: count === 0 ? word : words.list.placeCount(word, showCount(count)),
  })
  const plain = (value: LineFilter, word: string) => ({ value, label: word })
  return [
    ...(direction === 'in' ? [counted('to-answer', words.list.toAnswer, counts.toAnswer)] : []),
    counted('silent', words.list.silent, counts.silent),
    counted('denied', words.list.denied, counts.denied),
    counted('open', words.list.open, counts.open),
    ...(direction === 'out' ? [plain('asked', words.list.asked)] : []),
    counted('expiring', words.list.expiring(days), counts.expiring),
    counted('expired', words.list.expired, counts.expired),
    plain('confirmed', words.list.confirmed),
    plain('ended', words.list.ended),
  ]
}
