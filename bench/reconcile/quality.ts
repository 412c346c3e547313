import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { percent, printLine, printTable } from '../table.ts'
import type { BenchCity } from './city.ts'
import { runBaseline, runProduct } from './methods.ts'
import { type CauseLine, openJudge, type Score } from './score.ts'

/** Runs the product and two baselines over one city and judges their lists against its truth. */
export async function printQuality(root: string, city: BenchCity, title: string): Promise<void> {
  const workDir = join(root, `judge-${process.pid}`)
  try {
    const { lists, summary } = (await runProduct(city, workDir, false)).answer
    const naive = (await runBaseline(city, workDir, 'id-or-name-birth')).answer.out
    const exact = (await runBaseline(city, workDir, 'id')).answer.out
    const judge = await openJudge(city.truth)
    const score = await judge.score(lists['not-found'].parquet, lists.review.parquet)
    printLine(`\n## ${title}`)
    printLine(
      `${score.persons} persons with an open obligation, ${score.toFind} on no roll (${percent(score.toFind, score.persons)}), of them truly out of school ${score.outOfSchool} (${percent(score.outOfSchool, score.persons)}); bridge balances: ${summary.balances}`,
    )
    printScores([
      ['Baoxue', score],
      ['ID or name and birthday', await judge.score(naive)],
      ['exact ID join', await judge.score(exact)],
    ])
    const links = await judge.links(lists)
    printLine(
      `links ${links.links}, wrong ${links.wrongLinks} (${percent(links.wrongLinks, links.links, 4)}); review rows ${links.reviewRows}, the same child in ${links.reviewRight}`,
    )
    printCauses(
      'False alarms by planted cause (a row with two faults counts under both)',
      'persons with it',
      await judge.falseAlarmsByCause(lists['not-found'].parquet),
    )
    printCauses(
      'Persons on no roll who are not on the list, by where they went',
      'persons to find',
      await judge.missedByCause(lists),
    )
    printCauses(
      'Where the listed really are',
      'of all in the city',
      await judge.whereabouts(lists['not-found'].parquet),
    )
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
}

function printScores(scores: readonly (readonly [string, Score])[]): void {
  printTable(
    'The list 名册上未见 against the truth',
    [
      'method',
      'listed',
      'right',
      'false alarms',
      'precision',
      'recall',
      'missed',
      'in review',
      'recall of truly out of school',
      'besides: over age, unfinished',
    ],
    scores.map(([label, score]) => [
      label,
      score.listed,
      score.found,
      score.listed - score.found,
      ratio(score.found, score.listed),
      ratio(score.found, score.toFind),
      score.toFind - score.found - score.inReview,
      score.inReview,
      `${ratio(score.outFound, score.outOfSchool)} (+ ${score.outInReview} in review)`,
      score.overAgeListed,
    ]),
  )
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(4)
}

const SHOWN = 24

function printCauses(title: string, base: string, lines: readonly CauseLine[]): void {
  printTable(
    title,
    ['cause', 'rows', base, 'share'],
    lines.slice(0, SHOWN).map(({ cause, base: of, rows }) => [cause, rows, of, percent(rows, of)]),
  )
  const rest = lines.slice(SHOWN)
  if (rest.length > 0)
    printLine(`and ${rest.length} more causes with ${rest.reduce((sum, line) => sum + line.rows, 0)} rows`)
}
