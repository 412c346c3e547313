import type { Keys } from '../../platform/keys.ts'
import type { Run, RunLine } from './contract.ts'
import { sliceWords as words } from './slice-words.ts'
import type { RunFound, RunState } from './store.ts'

/** Where the name of an uploaded sheet is sealed. */
export const SHEET_NAME_SEAL = 'reconcile_sheet.name'

/** What stands beside a run in other slices. */
export interface RunCompany {
  readonly unitName: string
  /** Undefined when the person has left. */
  readonly person: string | undefined
}

export function lineOf(run: RunFound, company: RunCompany, keys: Keys): RunLine {
  return {
    runId: run.run_id,
    number: run.number,
    unit: { unitId: run.unit_id, name: company.unitName },
    schoolYear: run.school_year,
    state: run.state,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    endedAt: run.ended_at?.toISOString() ?? null,
    createdBy: company.person ?? words.unknownPerson,
    populationFile: keys.open(run.population_name_sealed, SHEET_NAME_SEAL),
    rollFile: keys.open(run.roll_name_sealed, SHEET_NAME_SEAL),
    personsToAccountFor: run.summary?.personsToAccountFor ?? null,
    unexplained: run.summary?.unexplained ?? null,
  }
}

export interface RunRights {
  readonly mayCancel: boolean
  readonly mayExport: boolean
}

export function runOf(line: RunLine, run: RunFound, rights: RunRights, previous: Run['previous']): Run {
  return {
    ...line,
    progress: progressOf(run),
    summary: run.summary,
    problem: run.problem === null ? null : { code: run.problem.code, message: run.problem.message },
    populationSheet: sheetOf(line.populationFile, run.population_fingerprint, run.population_layout),
    rollSheet: sheetOf(line.rollFile, run.roll_fingerprint, run.roll_layout),
    mayCancel: rights.mayCancel && isOpen(run.state),
    mayExport: rights.mayExport && run.state === 'done',
    previous,
  }
}

export function isOpen(state: RunState): boolean {
  return state === 'waiting' || state === 'running'
}

function progressOf(run: RunFound): Run['progress'] {
  if (!isOpen(run.state)) return null
  return run.progress ?? { percent: 0, stage: words.waiting, rowsPerSecond: null, remainingSeconds: null }
}

function sheetOf(fileName: string, fingerprint: string, layout: RunFound['population_layout']): Run['populationSheet'] {
  return { fileName, rows: layout.rows ?? 0, fingerprint, encoding: layout.encoding }
}
