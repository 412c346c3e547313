import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { linkOf } from './bridge.tsx'
import type { BalanceLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { isUnexplained } from './run-tabs.tsx'

interface BalanceBoxProps {
  readonly title: string
  readonly runId: string
  readonly lines: readonly BalanceLine[]
  readonly totalLabel: string
  readonly total: number
  readonly unit: string
}

/** A sum that has to close; the tick is earned by adding up here, on the screen's own figures. */
export function BalanceBox({ title, runId, lines, totalLabel, total, unit }: BalanceBoxProps) {
  const sum = lines.reduce((so, { count }) => so + count, 0)
  const closes = sum === total
  return (
    <Box title={title} note={unit}>
      <table className="table balance" aria-label={title}>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <th scope="row" title={line.note ?? undefined}>
                {line.label} {line.note === null ? null : <span className="note">{line.note}</span>}
              </th>
              <td className="number">
                <Count
                  count={line.count}
                  label={line.label}
                  tone={isUnexplained(line.list) && unit === words.persons ? 'child' : 'quiet'}
                  {...linkOf(runId, line)}
                />
              </td>
            </tr>
          ))}
          <tr className="row-total">
            <th scope="row">
              {totalLabel}{' '}
              {closes ? (
                <span className="closes">
                  <Icon name="check" size={14} /> {words.run.closes}
                </span>
              ) : (
                <span className="figure child">{words.run.differs(showCount(Math.abs(total - sum)))}</span>
              )}
            </th>
            <td className="number">{showCount(total)}</td>
          </tr>
        </tbody>
      </table>
    </Box>
  )
}
