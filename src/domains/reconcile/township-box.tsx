import { Button } from 'antd'
import { useState } from 'react'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import type { ListName, RunSummary } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath } from './paths.web.ts'

type TownshipRow = RunSummary['byTownship'][number]

/** As many as stand beside the balances without a scroll at 800 px. */
const FIRST_ROWS = 10

interface TownshipBoxProps {
  readonly runId: string
  readonly rows: readonly TownshipRow[]
}

/** Where the children not accounted for are registered; the most first. */
export function TownshipBox({ runId, rows }: TownshipBoxProps) {
  const [isAll, setIsAll] = useState(false)
  const sorted = [...rows].sort((a, b) => b.notFound + b.review - (a.notFound + a.review) || b.persons - a.persons)
  const shown = isAll ? sorted : sorted.slice(0, FIRST_ROWS)
  const total = (member: keyof Omit<TownshipRow, 'township'>) => rows.reduce((so, row) => so + row[member], 0)
  return (
    <Box title={words.run.byTownship} note={words.persons} className="townships">
      <table className="table" aria-label={words.run.byTownship}>
        <thead>
          <tr>
            <th scope="col">{words.run.township}</th>
            <th scope="col" className="number">
              {words.run.persons}
            </th>
            <th scope="col" className="number">
              {words.run.linked}
            </th>
            <th scope="col" className="number">
              {words.run.review}
            </th>
            <th scope="col" className="number">
              {words.run.notFound}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.township}>
              <th scope="row">{row.township === '' ? words.run.noTownship : row.township}</th>
              <td className="number">{showCount(row.persons)}</td>
              <Cell runId={runId} row={row} list="linked" count={row.linked} />
              <Cell runId={runId} row={row} list="review" count={row.review} />
              <Cell runId={runId} row={row} list="not-found" count={row.notFound} />
            </tr>
          ))}
          <tr className="row-total">
            <th scope="row">{words.run.total}</th>
            <td className="number">{showCount(total('persons'))}</td>
            <td className="number">{showCount(total('linked'))}</td>
            <td className="number">{showCount(total('review'))}</td>
            <td className="number">{showCount(total('notFound'))}</td>
          </tr>
        </tbody>
      </table>
      {sorted.length <= FIRST_ROWS ? null : (
        <div className="townships-more">
          <Button type="link" onClick={() => setIsAll(!isAll)}>
            {isAll ? words.run.showLess : words.run.showAll(sorted.length)}
          </Button>
        </div>
      )}
    </Box>
  )
}

interface CellProps {
  readonly runId: string
  readonly row: TownshipRow
  readonly list: ListName
  readonly count: number
}

function Cell({ runId, row, list, count }: CellProps) {
  return (
    <td className="number">
      <Count
        count={count}
        tone={list === 'linked' ? 'quiet' : 'child'}
        to={listPath(runId, list)}
        search={{ township: row.township }}
        label={`${row.township} ${words.lists[list]}`}
      />
    </td>
  )
}
