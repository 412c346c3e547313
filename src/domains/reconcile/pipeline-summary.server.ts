import { text } from '../../engines/linkage/dialect.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { BalanceLine, ListName, RunSummary } from './contract.ts'
import { LIST_NAMES } from './contract.ts'
import type { Lists } from './pipeline-lists.server.ts'
import { reasonWords } from './reason-words.ts'
import { ROLL_ONLY_CLASSES } from './rules.ts'

const words = reasonWords.summary

export interface SummaryInput {
  readonly lists: Lists
  /** Registered here. */
  readonly populationRows: number
  /** Rows numbered beyond it live here only, and stand in no bridge and no balance of the registered. Left out: there are none. */
  readonly lastRegistered?: number | undefined
  readonly rollRows: number
  readonly schoolYear: number
  readonly engine: RunSummary['engine']
  readonly elapsedSeconds: number
}

/**
 * [RECON-8] The sums are counted from the lists that were written, not from what
 * was meant to be written, so a row that got lost shows as a balance that does not close.
 */
export async function summarise(session: Session, input: SummaryInput): Promise<RunSummary> {
  const counts = await countClasses(session, input)
  const at = (list: ListName, name: string) => counts.get(`${list} ${name}`) ?? 0
  const onRoll = (list: ListName, name: string) => counts.get(`${list} ${name} with roll`) ?? 0
  const rollLine = (id: string, label: string, list: ListName, name: string) =>
    line(id, label, list, name, onRoll(list, name))
  const line = (id: string, label: string, list: ListName, name: string, count = at(list, name)): BalanceLine => ({
    id,
    label,
    count,
    list,
    class: name,
    note: null,
  })
  const sum = (id: string, label: string, count: number): BalanceLine => ({
    id,
    label,
    count,
    list: null,
    class: null,
    note: null,
  })

  const deducted = [
    line('errors', words.errors, 'errors', 'population'),
    line('duplicates', words.duplicates, 'duplicates', 'population'),
    line('cancelled', words.cancelled, 'outside', 'cancelled'),
    line('not-begun', words.notBegun, 'outside', 'not-begun'),
    line('not-begun-on-roll', words.notBegunOnRoll, 'linked', 'not-begun'),
    line('finished', words.finished, 'outside', 'finished'),
    line('beyond-nine', words.beyondNine, 'linked', 'closed'),
    line('over-age', words.overAge, 'outside', 'over-age'),
  ]
  const persons = input.populationRows - total(deducted)
  const population = [
    line('in-school', words.linkedInSchool, 'linked', 'in-school'),
    line('paused', words.linkedPaused, 'linked', 'paused'),
    line('review', words.review, 'review', 'possible'),
    line('absent', words.absent, 'not-found', 'absent'),
    line('left', words.left, 'not-found', 'left'),
  ]
  const roll = [
    rollLine('linked-in-school', words.linkedInSchool, 'linked', 'in-school'),
    rollLine('linked-paused', words.linkedPaused, 'linked', 'paused'),
    rollLine('linked-not-begun', words.notBegunOnRoll, 'linked', 'not-begun'),
    rollLine('linked-closed', words.beyondNine, 'linked', 'closed'),
    rollLine('roll-review', words.review, 'review', 'possible'),
    rollLine('roll-left', words.rollLeft, 'not-found', 'left'),
    ...['finished', 'not-begun', 'over-age'].map((name) =>
      rollLine(`roll-outside-${name}`, words.rollOutside[name as 'finished'], 'outside', name),
    ),
    ...ROLL_ONLY_CLASSES.map((name) => rollLine(name, words[name], 'roll-only', name)),
    rollLine('roll-duplicates', words.rollDuplicates, 'duplicates', 'roll'),
    rollLine('roll-errors', words.rollErrors, 'errors', 'roll'),
  ]
  const notFound = at('not-found', 'absent') + at('not-found', 'left')
  return {
    bridge: [
      sum('received', words.received, input.populationRows),
      ...deducted,
      sum('persons', words.persons, persons),
    ],
    population,
    roll,
    personsToAccountFor: persons,
    unexplained: notFound + at('review', 'possible'),
    balances: total(population) === persons && total(roll) === input.rollRows,
    byTownship: await countTownships(session, input),
    lists: LIST_NAMES.map((list) => ({ list, label: reasonWords.lists[list], count: input.lists[list].count })),
    schoolYear: input.schoolYear,
    populationRows: input.populationRows,
    rollRows: input.rollRows,
    engine: input.engine,
    elapsedSeconds: input.elapsedSeconds,
  }
}

function total(lines: readonly BalanceLine[]): number {
  return lines.reduce((sum, line) => sum + line.count, 0)
}

async function countClasses(
  session: Session,
  { lists, lastRegistered }: SummaryInput,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const list of LIST_NAMES) {
    const rows = await session.rows(
      `SELECT class, count(*) FILTER (${isRegistered(lastRegistered)})::INTEGER AS n, count(roll_row)::INTEGER AS with_roll
        FROM ${parquet(lists[list].parquet)} GROUP BY class`,
    )
    for (const row of rows) {
      counts.set(`${list} ${row['class']}`, Number(row['n']))
      counts.set(`${list} ${row['class']} with roll`, Number(row['with_roll']))
    }
  }
  return counts
}

/** Numbers of rows have gaps where the sheet has blank lines: only a run over batches numbers them itself. */
function isRegistered(last: number | undefined): string {
  return last === undefined ? 'true' : `coalesce(population_row, 0) <= ${last}`
}

async function countTownships(
  session: Session,
  { lists, lastRegistered }: SummaryInput,
): Promise<RunSummary['byTownship']> {
  const part = (list: ListName) =>
    `SELECT township, ${text(list)} AS list FROM ${parquet(lists[list].parquet)} WHERE obligation = 'open' AND ${isRegistered(lastRegistered)}`
  const rows =
    await session.rows(`SELECT coalesce(township, ${text(words.noTownship)}) AS township, count(*)::INTEGER AS persons,
      count(*) FILTER (list = 'linked')::INTEGER AS linked, count(*) FILTER (list = 'review')::INTEGER AS review,
      count(*) FILTER (list = 'not-found')::INTEGER AS not_found
    FROM (${part('linked')} UNION ALL ${part('review')} UNION ALL ${part('not-found')}) GROUP BY 1 ORDER BY not_found DESC, persons DESC, 1`)
  return rows.map((row) => ({
    township: String(row['township']),
    persons: Number(row['persons']),
    linked: Number(row['linked']),
    review: Number(row['review']),
    notFound: Number(row['not_found']),
  }))
}
