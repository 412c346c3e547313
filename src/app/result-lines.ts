import type { BalanceLine, RunSummary } from '../domains/reconcile/contract.ts'
import { commandWords as words } from './command-words.ts'

const NUMBER_WIDTH = 12

/** Bridge, balance and place of the result, as the terminal prints them. */
export function describeResult(summary: RunSummary, out: string, seconds: number): readonly string[] {
  return [
    '',
    words.bridge,
    ...bridgeLines(summary.bridge),
    '',
    words.population,
    ...summary.population.map(({ count, label }) => line(count, label)),
    line(summary.unexplained, words.unexplained),
    '',
    words.roll,
    ...summary.roll.filter(({ count }) => count !== 0).map(({ count, label }) => line(count, label)),
    '',
    summary.balances ? words.closes : words.doesNotClose,
    words.caution,
    words.written(out, timeOf(seconds)),
  ]
}

/** 42 秒, 3 分 5 秒. */
export function timeOf(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 60 ? words.seconds(whole) : words.minutes(Math.floor(whole / 60), whole % 60)
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** First line and last line are sums; what is taken away in between carries its sign. */
function bridgeLines(bridge: readonly BalanceLine[]): string[] {
  return bridge.map(({ count, label }, index) =>
    line(index === 0 || index === bridge.length - 1 ? count : -count, label),
  )
}

function line(count: number, label: string): string {
  return `${grouped(count === 0 ? 0 : count).padStart(NUMBER_WIDTH)}  ${label}`
}
