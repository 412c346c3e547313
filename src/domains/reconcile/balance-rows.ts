import type { BalanceLine, RunSummary } from './contract.ts'
import { workbookWords } from './workbook-words.ts'

const words = workbookWords.balance

/** 部分, 项目, 数, 备注. */
export type BalanceRow = readonly [part: string, line: string, count: number | null, note: string | null]

/**
 * The page in front of the lists: what was compared, the bridge from rows to persons, where the persons and the roll
 * rows stand, each sum with its total, and the townships. `stamp` says who took the result away, when and for what.
 */
export function balanceRows(summary: RunSummary, stamp?: string): readonly BalanceRow[] {
  const note = (text: string): BalanceRow => [text, '', null, null]
  const gap: BalanceRow = ['', '', null, null]
  return [
    note(words.title(summary.schoolYear)),
    ...(stamp === undefined ? [] : [note(stamp)]),
    note(words.received(summary.populationRows, summary.rollRows)),
    note(words.caution),
    note(words.engine(summary.engine.version, summary.engine.model)),
    gap,
    ...section(words.bridge, signed(summary.bridge)),
    gap,
    ...section(words.population, summary.population),
    [words.population, words.total, summary.personsToAccountFor, summary.balances ? words.closes : words.open],
    [words.population, words.unexplained, summary.unexplained, null],
    gap,
    ...section(words.roll, summary.roll),
    [words.roll, words.total, summary.rollRows, summary.balances ? words.closes : words.open],
    gap,
    ...summary.lists.map(({ list, label, count }): BalanceRow => [words.lists, label, count, list]),
    gap,
    ...summary.byTownship.map(
      ({ township, persons, linked, review, notFound }): BalanceRow => [
        words.township,
        township,
        persons,
        words.townshipLine(linked, review, notFound),
      ],
    ),
  ]
}

function section(part: string, lines: readonly BalanceLine[]): BalanceRow[] {
  return lines.map(({ label, count, note }) => [part, label, count, note])
}

/** What the bridge takes away carries its sign: the column adds up to its last line. */
function signed(bridge: readonly BalanceLine[]): BalanceLine[] {
  return bridge.map((line, index) =>
    index === 0 || index === bridge.length - 1 || line.count === 0 ? line : { ...line, count: -line.count },
  )
}
