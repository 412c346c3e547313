import type { Tx } from '../../platform/db/index.ts'
import type { Keys } from '../../platform/keys.ts'
import { BOOK_KINDS } from '../persons/index.ts'
import { listUnitsById } from '../registry/server.ts'
import type { InputChange, Run, RunInput, RunLine } from './contract.ts'
import { isSameModel, isSameSet } from './run-rules.ts'
import { sliceWords as words } from './slice-words.ts'
import type { InputRow, RunFound, RunState } from './store.ts'

/** Where the name of an uploaded sheet is sealed. */
export const SHEET_NAME_SEAL = 'reconcile_sheet.name'

/** What stands beside a run in other slices. */
export interface RunCompany {
  readonly unitName: string
  /** Undefined when the person has left. */
  readonly person: string | undefined
}

export function lineOf(run: RunFound, company: RunCompany, keys: Keys): RunLine {
  const file = (sealed: Buffer | null, kinds: readonly InputRow['kind'][]) =>
    sealed === null ? batchesSaid(run, kinds) : keys.open(sealed, SHEET_NAME_SEAL)
  return {
    runId: run.run_id,
    purpose: run.purpose,
    number: run.number,
    unit: { unitId: run.unit_id, name: company.unitName },
    schoolYear: run.school_year,
    state: run.state,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    endedAt: run.ended_at?.toISOString() ?? null,
    createdBy: company.person ?? words.unknownPerson,
    populationFile: file(run.population_name_sealed, ['population', 'floating']),
    rollFile: file(run.roll_name_sealed, ['roll']),
    personsToAccountFor: run.summary?.personsToAccountFor ?? null,
    unexplained: run.summary?.unexplained ?? null,
  }
}

/** `2 批，截至 2026-09-10` */
function batchesSaid(run: RunFound, kinds: readonly InputRow['kind'][]): string {
  const days = (run.inputs ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ asOf }) => asOf)
  return words.batches(days.length, days.sort().at(-1) ?? '')
}

/** A batch as the page shows it. */
export async function inputsOf(tx: Tx, inputs: readonly InputRow[]): Promise<RunInput[]> {
  const ids = [...new Set(inputs.map(({ unitId }) => unitId))]
  const names = new Map((await listUnitsById(tx, ids)).map((unit) => [unit.unitId as number, unit.name]))
  return inputs.map(({ batchId, kind, asOf, rows, unitId }) => ({
    batchId,
    kind,
    asOf,
    rows,
    giver: names.get(unitId) ?? '',
  }))
}

export interface RunRights {
  readonly mayCancel: boolean
  readonly mayExport: boolean
}

export interface RunSurroundings {
  readonly before: RunFound | undefined
  readonly inputs: RunInput[] | null
  readonly isReversed: boolean
}

export function runOf(
  line: RunLine,
  run: RunFound,
  rights: RunRights,
  { before, inputs, isReversed }: RunSurroundings,
): Run {
  return {
    ...line,
    progress: progressOf(run),
    summary: run.summary,
    problem: run.problem === null ? null : { code: run.problem.code, message: run.problem.message },
    sheets: sheetsOf(line, run),
    inputs,
    posting: postingOf(run, isReversed),
    mayCancel: rights.mayCancel && isOpen(run.state) && run.posting?.state !== 'posting',
    mayExport: rights.mayExport && run.state === 'done',
    previous:
      before?.summary == null
        ? null
        : {
            runId: before.run_id,
            number: before.number,
            unexplained: before.summary.unexplained,
            inputs: inputChanges(before, run),
            isSameModel: run.summary === null || isSameModel(before.summary.engine, run.summary.engine),
          },
  }
}

export function isOpen(state: RunState): boolean {
  return state === 'waiting' || state === 'running'
}

/** [RUN-21] Undoing a batch takes back what stands on it. */
function postingOf(run: RunFound, isReversed: boolean): Run['posting'] {
  if (run.posting === null || run.as_of_day === null || run.posting.state === 'comparing') return null
  const { state, posted, merged, changes } = run.posting
  return { state: isReversed ? 'reversed' : state, asOf: run.as_of_day, posted, merged, changes: [...changes] }
}

function progressOf(run: RunFound): Run['progress'] {
  if (!isOpen(run.state)) return null
  return run.progress ?? { percent: 0, stage: words.waiting, rowsPerSecond: null, remainingSeconds: null }
}

interface Side {
  readonly kind: InputChange['kind']
  readonly keys: readonly string[]
  readonly rows: number
}

/** [RUN-18] By content, not by name or number: the same rows given again are the same input. */
function inputChanges(before: RunFound, run: RunFound): InputChange[] {
  const now = sidesOf(run)
  return sidesOf(before).flatMap((old, at): InputChange[] => {
    const side = now[at]!
    if (side.rows === 0 && old.rows === 0) return []
    return [{ kind: old.kind, isSame: isSameSet(old.keys, side.keys), rows: side.rows, rowsBefore: old.rows }]
  })
}

function sidesOf(run: RunFound): readonly Side[] {
  return BOOK_KINDS.map((kind): Side => {
    if (run.inputs !== null) {
      const own = run.inputs.filter((input) => input.kind === kind)
      return { kind, keys: own.map(({ contentKey }) => contentKey), rows: own.reduce((sum, { rows }) => sum + rows, 0) }
    }
    const fingerprint =
      kind === 'population' ? run.population_fingerprint : kind === 'roll' ? run.roll_fingerprint : null
    const layout = kind === 'population' ? run.population_layout : kind === 'roll' ? run.roll_layout : null
    return { kind, keys: fingerprint === null ? [] : [fingerprint], rows: layout?.rows ?? 0 }
  })
}

function sheetsOf(line: RunLine, run: RunFound): Run['sheets'] {
  const { population_fingerprint, population_layout, roll_fingerprint, roll_layout } = run
  if (
    population_fingerprint === null ||
    population_layout === null ||
    roll_fingerprint === null ||
    roll_layout === null
  )
    return null
  return {
    population: sheetOf(line.populationFile, population_fingerprint, population_layout),
    roll: sheetOf(line.rollFile, roll_fingerprint, roll_layout),
  }
}

function sheetOf(fileName: string, fingerprint: string, layout: NonNullable<RunFound['roll_layout']>) {
  return { fileName, rows: layout.rows ?? 0, fingerprint, encoding: layout.encoding }
}
