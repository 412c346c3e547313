import { join } from 'node:path'
import { DEMO_DEFAULTS } from '../../src/app/demo/index.ts'
import type { ChildRun } from '../child.ts'
import { type BenchCity, cityFor } from '../reconcile/city.ts'
import { runBaseline } from '../reconcile/methods.ts'
import { judgeOn, openTruth, type Score } from '../reconcile/score.ts'
import { percent, printLine, printTable } from '../table.ts'
import { type OfficerView, officerView } from './officer.ts'
import type { Options } from './options.ts'
import type { CompareAnswer } from './ours.ts'
import { dropDir, freshDir, runCompare, runPrepare, runStandard, type Splink } from './programs.ts'
import { bestPoint, pointAtRecall, type SweptPoint, sweep } from './sweep.ts'

/** Judged on one seed; sums of these are judged over many. */
interface SeedResult {
  readonly ours: Score
  readonly naive: Score
  readonly exact: Score
  readonly links: number
  readonly wrongLinks: number
  readonly costs: readonly CostLine[]
  readonly splink: readonly SweptPoint[] | null
}

interface CostLine {
  readonly label: string
  readonly rows: number
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly peakMb: number
  readonly note: string
}

/**
 * Who is on no roll, pooled over the seeds: linkage itself (nobody elsewhere), against the joins one would write in an
 * afternoon, and against Splink where it is given, on the same files in the same run.
 */
export async function printQuality(options: Options, scale: number, splink: Splink | null): Promise<void> {
  const results: SeedResult[] = []
  for (const seed of options.seeds) {
    const city = await cityFor(options.root, {
      ...DEMO_DEFAULTS,
      seed,
      scale,
      corruption: options.corruption,
      elsewhereShare: 0,
    })
    results.push(await judgeSeed(options, city, splink))
  }
  const head = `scale ${scale}, corruption ${options.corruption}, seeds ${options.seeds.join(', ')} pooled`
  const sum = (pick: (result: SeedResult) => Score) => pooled(results.map(pick))
  const [ours, naive, exact] = [sum((one) => one.ours), sum((one) => one.naive), sum((one) => one.exact)]
  printLine(`\n## Linkage itself, nobody elsewhere: ${head}`)
  printLine(
    `${ours.persons} persons with an open obligation; on no roll ${ours.toFind} (${percent(ours.toFind, ours.persons)}), of them truly out of school ${ours.outOfSchool} (${percent(ours.outOfSchool, ours.persons)})`,
  )
  const rows: (readonly [string, Score])[] = [
    ['Baoxue', ours],
    ['same ID, or same name and birthday', naive],
    ['exact ID join', exact],
  ]
  const swept = results.flatMap((one) => one.splink ?? [])
  if (swept.length > 0) {
    const points = pooledPoints(swept)
    const best = bestPoint(points)
    const same = pointAtRecall(points, ours.found / ours.toFind)
    rows.push([`Splink at its best F1 (${told(best)})`, best.score])
    if (same !== null) rows.push([`Splink at our recall (${told(same)})`, same.score])
    else printLine('Splink reaches our recall at no threshold')
  }
  printTable(
    'Who is on no roll',
    HEAD,
    rows.map(([label, score]) => scoreCells(label, score)),
  )
  const [links, wrong] = [total(results, (one) => one.links), total(results, (one) => one.wrongLinks)]
  printLine(`our links ${links}, wrong ${wrong} (${percent(wrong, links, 4)})`)
  printRatios(ours, rows.slice(1))
  printCosts(results)
}

const HEAD = [
  'method',
  'listed',
  'right',
  'false alarms',
  'precision',
  'recall (95 % interval)',
  'missed',
  'of them in review',
  'truly out: recall',
  'F1',
] as const

function scoreCells(label: string, score: Score): readonly (string | number)[] {
  const [low, high] = wilson(score.found, score.toFind)
  return [
    label,
    score.listed,
    score.found,
    score.listed - score.found,
    ratio(score.found, score.listed),
    `${ratio(score.found, score.toFind)} (${low}-${high})`,
    score.toFind - score.found,
    score.inReview,
    ratio(score.outFound, score.outOfSchool),
    ((2 * score.found) / (score.listed + score.toFind)).toFixed(4),
  ]
}

function printRatios(ours: Score, others: readonly (readonly [string, Score])[]): void {
  const times = (other: number, own: number) => (own === 0 ? `${other} against none` : `${(other / own).toFixed(1)} x`)
  printTable(
    'How many times fewer than',
    ['method', 'missed', 'false alarms'],
    others.map(([label, score]) => [
      label,
      times(score.toFind - score.found, ours.toFind - ours.found),
      times(score.listed - score.found, ours.listed - ours.found),
    ]),
  )
}

function printCosts(results: readonly SeedResult[]): void {
  printTable(
    'What each of these runs cost (once a seed, process start included)',
    ['run', 'rows', 'CPU-s', 'wall s', 'peak MB', 'CPU-s a million population rows', 'by stage'],
    results.flatMap((result) =>
      result.costs.map(({ label, rows, cpuSeconds, wallSeconds, peakMb, note }) => [
        label,
        rows,
        cpuSeconds.toFixed(1),
        wallSeconds.toFixed(1),
        Math.round(peakMb),
        (cpuSeconds / (rows / 2e6)).toFixed(1),
        note,
      ]),
    ),
  )
}

async function judgeSeed(options: Options, city: BenchCity, splink: Splink | null): Promise<SeedResult> {
  const dir = freshDir(join(options.root, `linkage-${process.pid}`))
  const sheets = { population: city.populationParquet, roll: city.rollParquet }
  const duck = await openTruth(city.truth)
  const judge = judgeOn(duck)
  const prepared = await runPrepare(sheets, join(dir, 'prepared'))
  const linked = await runCompare(prepared.answer, join(dir, 'ours'), options)
  const { lists } = linked.answer
  const naive = await runBaseline(sheets, join(dir, 'naive'), 'id-or-name-birth')
  const exact = await runBaseline(sheets, join(dir, 'exact'), 'id')
  const rows = prepared.answer.populationRows + prepared.answer.rollRows
  const cost = (label: string, run: ChildRun<unknown>, note = ''): CostLine => ({ label, rows, ...run, note })
  const costs = [
    cost('Baoxue: preparing at import, from Parquet', prepared),
    cost('Baoxue: the whole comparison, from prepared Parquet', linked),
    cost('same ID, or same name and birthday', naive),
    cost('exact ID join', exact),
  ]
  let points: readonly SweptPoint[] | null = null
  if (splink !== null) {
    const files = { left: join(dir, 'left.parquet'), right: join(dir, 'right.parquet') }
    const standard = await runStandard({ ...sheets, ...files })
    const out = join(dir, 'pairs.parquet')
    const run = await splink({
      kind: 'city',
      ...files,
      out,
      temp: join(dir, 'splink'),
      memoryMb: options.splinkMemoryMb,
      threads: options.threads,
      seed: 1,
    })
    const { version, duckdb, pairs, stages } = run.answer
    costs.push(cost('Splink: standardising for it', standard))
    costs.push(
      cost(
        `Splink ${version} (DuckDB ${duckdb})`,
        run,
        `${pairs} pairs; ${Object.entries(stages)
          .map(([name, s]) => `${name} ${s} s`)
          .join(', ')}`,
      ),
    )
    points = await sweep(duck, { pairs: out, population: city.populationParquet, schoolYear: DEMO_DEFAULTS.schoolYear })
  }
  const { links, wrongLinks } = await judge.links(lists)
  const result: SeedResult = {
    ours: await judge.score(lists['not-found'].parquet, lists.review.parquet),
    naive: await judge.score(naive.answer.out),
    exact: await judge.score(exact.answer.out),
    links,
    wrongLinks,
    costs,
    splink: points,
  }
  duck.closeSync()
  dropDir(dir)
  return result
}

/** What the officer sees with some of the children at school outside the city, before and after these are confirmed. */
export async function printOfficer(options: Options): Promise<void> {
  const shares = [0, 0.9, 1]
  const views = new Map<number, OfficerView[]>(shares.map((share) => [share, []]))
  const scores: Score[] = []
  for (const seed of options.seeds) {
    const city = await cityFor(options.root, {
      ...DEMO_DEFAULTS,
      seed,
      scale: options.scale,
      corruption: options.corruption,
    })
    const dir = freshDir(join(options.root, `linkage-${process.pid}`))
    const prepared = await runPrepare(
      { population: city.populationParquet, roll: city.rollParquet },
      join(dir, 'prepared'),
    )
    const { lists }: CompareAnswer = (await runCompare(prepared.answer, join(dir, 'ours'), options)).answer
    const duck = await openTruth(city.truth)
    scores.push(await judgeOn(duck).score(lists['not-found'].parquet, lists.review.parquet))
    for (const share of shares) views.get(share)!.push(await officerView(duck, lists['not-found'].parquet, share))
    duck.closeSync()
    dropDir(dir)
  }
  const score = pooled(scores)
  printLine(`\n## What the officer sees: ${percent(DEMO_DEFAULTS.elsewhereShare, 1, 0)} at school outside the city`)
  printLine(
    `on no given roll ${score.toFind} of ${score.persons} (${percent(score.toFind, score.persons)}), truly out of school ${score.outOfSchool} (${percent(score.outOfSchool, score.persons)}); linkage precision ${ratio(score.found, score.listed)}, recall ${ratio(score.found, score.toFind)}`,
  )
  printTable(
    'The list, by what stands behind it',
    [
      'when',
      'listed',
      'truly out',
      'elsewhere',
      'on no roll otherwise',
      'false alarms',
      'share truly out',
      'recall of truly out',
    ],
    shares.map((share) => {
      const view = views.get(share)!
      const of = (key: keyof OfficerView) => view.reduce((sum, one) => sum + one[key], 0)
      return [
        share === 0 ? 'before any answer' : `${percent(share, 1, 0)} of those elsewhere confirmed`,
        of('listed'),
        of('out'),
        of('elsewhere'),
        of('other'),
        of('false'),
        ratio(of('out'), of('listed')),
        ratio(of('out'), score.outOfSchool),
      ]
    }),
  )
}

function told(point: SweptPoint): string {
  return `${point.way}, weight ${point.threshold}`
}

function total<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sum, item) => sum + pick(item), 0)
}

function pooled(scores: readonly Score[]): Score {
  const keys = Object.keys(scores[0]!) as (keyof Score)[]
  return Object.fromEntries(keys.map((key) => [key, total(scores, (score) => score[key])])) as unknown as Score
}

/** Points of one way and threshold added up over all seeds. */
function pooledPoints(points: readonly SweptPoint[]): readonly SweptPoint[] {
  const groups = Map.groupBy(points, ({ way, threshold }) => `${way} ${threshold}`)
  return [...groups.values()].map((group) => ({ ...group[0]!, score: pooled(group.map(({ score }) => score)) }))
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(4)
}

/** 95 % interval of a share, after Wilson. */
function wilson(part: number, whole: number): readonly [string, string] {
  if (whole === 0) return ['-', '-']
  const z = 1.96
  const [share, z2] = [part / whole, (z * z) / whole]
  const middle = (share + z2 / 2) / (1 + z2)
  const half = (z / (1 + z2)) * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole))
  return [Math.max(0, middle - half).toFixed(4), Math.min(1, middle + half).toFixed(4)]
}
