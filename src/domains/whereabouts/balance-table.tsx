import { useState } from 'react'
import { showCount } from '../../web/format.ts'
import { Count, type Tone } from '../../web/kit/count.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { useNarrow } from '../../web/kit/use-narrow.ts'
import type { Search } from '../../web/router/search.ts'
import { useViewer } from '../../web/viewer.tsx'
import { accountWords } from './account-words.ts'
import type { BookGroup } from './accounts.ts'
import { Ages } from './ages-box.tsx'
import { type ColumnUnit, columnsOf, type GroupSum, groupSums, type LineSum, sumLines } from './balance-sums.ts'
import { signed } from './bridge-line.tsx'
import type { BookBalance } from './contract.ts'
import { words } from './page-words.web.ts'
import { balancePath, CHILDREN, searchOf } from './paths.web.ts'

/** Lower units beside the sums; with the rest they fill 1,280 pixels. */
const COLUMNS = 6

interface TableProps {
  readonly balance: BookBalance
}

/** Accounts by lower units: the unexplained first and open, the others folded, and a sum that has to close. */
export function BalanceTable({ balance }: TableProps) {
  const isNarrow = useNarrow()
  const units = columnsOf(balance, isNarrow ? 0 : COLUMNS)
  const groups = groupSums(balance, units)
  const shown = ([4, 1, 2, 3] as const).map((group) => groups.get(group)!)
  const fifth = groups.get(5)!
  const isRoll = balance.base === 'S'
  const summed = isRoll ? [...shown, fifth] : shown
  return (
    <section className="box balance-box" aria-label={words.title}>
      <div className="balance-scroll">
        <table className="table balance-table">
          <thead>
            <tr>
              <th scope="col">{words.table.account}</th>
              <th scope="col" className="number">
                {words.table.total}
              </th>
              <th scope="col" className="number">
                {words.table.change}
              </th>
              <th scope="col" className="ages-column">
                {words.table.ages}
              </th>
              {units.map((unit) => (
                <th key={unit.key} scope="col" className="number">
                  <UnitHead unit={unit} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((sum) => (
              <GroupRows key={sum.group} balance={balance} sum={sum} units={units} />
            ))}
            {isRoll ? <GroupRows balance={balance} sum={fifth} units={units} /> : null}
            <TotalRow balance={balance} sum={sumLines(summed)} units={units} />
            {isRoll || fifth.total === 0 ? null : <GroupRows balance={balance} sum={fifth} units={units} />}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function UnitHead({ unit }: { readonly unit: ColumnUnit }) {
  if (unit.unitId === null) return words.table.rest(unit.members)
  if (!unit.isOpening) return words.table.here
  return (
    <Link to={balancePath(unit.unitId)} label={unit.name}>
      {shortName(unit.name)}
    </Link>
  )
}

const OFFICE = new RegExp(`(${words.table.officeEndings})$`, 'u')

/** The office is plain from the page: what is left is the place. */
function shortName(name: string): string {
  return name.replace(OFFICE, '')
}

interface GroupRowsProps {
  readonly balance: BookBalance
  readonly sum: GroupSum
  readonly units: readonly ColumnUnit[]
}

function GroupRows({ balance, sum, units }: GroupRowsProps) {
  const isUnexplained = sum.group === 4
  const [isOpen, setIsOpen] = useState(isUnexplained)
  const { group } = sum
  const lines = sum.lines.filter(({ total, change }) => total !== 0 || change !== 0 || isUnexplained)
  return (
    <>
      <tr className="group-row">
        <th scope="row">
          <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            <Icon name={isOpen ? 'down' : 'right'} size={14} />
            <b>
              {accountWords.ordinals[group]} {accountWords.groups[group]}
            </b>{' '}
            <span className="note">{accountWords.groupNotes[group]}</span>
          </button>
        </th>
        <Figures balance={balance} sum={sum} units={units} group={group} isUnexplained={isUnexplained} />
      </tr>
      {isOpen
        ? lines.map((line) => (
            <tr key={line.account} className="account-row">
              <th scope="row">{accountWords.accounts[line.account]}</th>
              <Figures
                balance={balance}
                sum={line}
                units={units}
                account={line.account}
                isUnexplained={isUnexplained}
              />
            </tr>
          ))
        : null}
    </>
  )
}

interface FiguresProps {
  readonly balance: BookBalance
  readonly sum: LineSum
  readonly units: readonly ColumnUnit[]
  readonly isUnexplained?: boolean
  readonly account?: string
  readonly group?: BookGroup
}

function Figures({ balance, sum, units, isUnexplained = false, account, group }: FiguresProps) {
  const mayRead = useViewer().permissions.includes('child.read')
  const label = account === undefined ? undefined : accountWords.accounts[account as keyof typeof accountWords.accounts]
  const behind = (unitId: number) =>
    mayRead
      ? {
          to: CHILDREN,
          search: searchOf({
            unitId,
            base: balance.base,
            account,
            group,
            asOf: balance.asOf,
            knownAt: balance.isPast ? balance.knownAt : undefined,
          }),
          ...(label === undefined ? {} : { label }),
        }
      : {}
  const tone = isUnexplained ? 'child' : 'quiet'
  return (
    <>
      <td className="number">
        <Cell count={sum.total} tone={tone} link={behind(balance.unit.unitId)} />
      </td>
      <td className="number second figure">{signed(sum.change)}</td>
      <td className="ages-column">
        <Ages counts={sum.ages} />
      </td>
      {units.map((unit) => (
        <td key={unit.key} className="number">
          <Cell
            count={sum.cells.get(unit.key) ?? 0}
            tone={tone}
            link={unit.unitId === null ? {} : behind(unit.unitId)}
          />
        </td>
      ))}
    </>
  )
}

interface CellProps {
  readonly count: number
  readonly tone: Tone
  readonly link: { readonly to?: string; readonly search?: Search; readonly label?: string }
}

/** A nil is a dot: a page of noughts hides the few figures that matter. */
function Cell({ count, tone, link }: CellProps) {
  if (count === 0) return <span className="figure nil">·</span>
  return <Count count={count} tone={tone} {...link} />
}

function expectedOf({ bridge }: BookBalance): number {
  return bridge === null ? 0 : bridge.persons + bridge.carried
}

function TotalRow({ balance, sum, units }: { balance: BookBalance; sum: LineSum; units: readonly ColumnUnit[] }) {
  const difference = balance.closes === false ? Math.abs(expectedOf(balance) - (balance.bridge?.booked ?? 0)) : 0
  return (
    <tr className="row-total">
      <th scope="row">
        {balance.base === 'S' ? words.table.sumS : words.table.sum}{' '}
        {balance.closes === true ? (
          <span className="closes">
            <Icon name="check" size={14} /> {words.table.closes}
          </span>
        ) : null}
        {difference === 0 ? null : <span className="figure child">{words.table.differs(showCount(difference))}</span>}
      </th>
      <Figures balance={balance} sum={sum} units={units} />
    </tr>
  )
}
