import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LinkageDefinition } from '../definition.ts'
import { text } from '../dialect.ts'
import { crowdTable } from '../features-sql.ts'
import type { Model } from '../model.ts'
import { fromModelJson, type ModelJson, toModelJson } from '../model-json.ts'
import { frequenciesOf } from './score.ts'
import { parquet, type Session } from './session.ts'
import { type Decisions, SIDES, type SideName } from './sides.ts'

export interface Learnt {
  readonly model: Model
  /** Rows of either side. */
  readonly rows: Readonly<Record<SideName, number>>
}

/** What a run leaves for later ones: what it learnt, and what it compared. */
export interface FrozenRun extends Learnt {
  readonly decisions: Decisions
  /** The folder. */
  readonly folder: string
}

interface KeptJson {
  readonly model: ModelJson
  readonly rows: Learnt['rows']
  readonly decisions: Decisions
}

/** Tables that a run of changes goes on with. */
const STATE = [
  'certain_link',
  'weak_link',
  ...SIDES.flatMap((side) => [
    `certain_repeat_${side}`,
    `f_${side}`,
    `single_${side}`,
    `rival_${side}`,
    `repeat_scored_${side}`,
  ]),
] as const

/** What needed no comparison, before other links and repeats join it. */
export async function rememberCertain(session: Session): Promise<void> {
  await session.run('CREATE TABLE certain_link AS FROM link')
  for (const side of SIDES) await session.run(`CREATE TABLE certain_repeat_${side} AS FROM repeat_${side}`)
}

/** Writes a finished run to an existing folder, in rows that do not depend on how the work was shared out. */
export async function keepRun(
  session: Session,
  definition: LinkageDefinition,
  learnt: Learnt & { readonly decisions: Decisions },
  folder: string,
): Promise<void> {
  const write = (rows: string, name: string) =>
    session.run(`COPY (${rows}) TO ${text(join(folder, `${name}.parquet`))} (FORMAT parquet, COMPRESSION lz4_raw)`)
  for (const table of STATE) {
    if (definition.repeats === undefined && /^(single|rival|repeat_scored)_/.test(table)) continue
    await write(`FROM ${table}`, table)
  }
  await write(`SELECT * FROM scored WHERE score >= ${definition.thresholds.review}`, 'scored')
  for (const table of frozenTables(definition)) await write(`FROM ${table}`, table)
  const kept: KeptJson = {
    model: toModelJson(definition, learnt.model),
    rows: learnt.rows,
    decisions: learnt.decisions,
  }
  await writeFile(join(folder, 'run.json'), JSON.stringify(kept))
}

/** Throws where the folder holds no run of this definition. */
export async function openRun(definition: LinkageDefinition, folder: string): Promise<FrozenRun> {
  const file = join(folder, 'run.json')
  if (!existsSync(file)) throw new RangeError(`no run is kept in ${folder}`)
  const kept: KeptJson = JSON.parse(await readFile(file, 'utf8'))
  return { model: fromModelJson(definition, kept.model), rows: kept.rows, decisions: kept.decisions, folder }
}

/** Values that name nobody and how common names are, as the run found them. */
export async function thaw(session: Session, definition: LinkageDefinition, { folder }: FrozenRun): Promise<void> {
  for (const table of frozenTables(definition))
    await session.run(`CREATE TABLE ${table} AS FROM ${parquet(join(folder, `${table}.parquet`))}`)
}

/** A table of the kept run, as an expression. */
export function kept({ folder }: FrozenRun, table: (typeof STATE)[number] | 'scored'): string {
  return parquet(join(folder, `${table}.parquet`))
}

function frozenTables({ crowds, comparisons }: LinkageDefinition): readonly string[] {
  return [...crowds.keys.map((_, index) => crowdTable(index)), ...frequenciesOf(comparisons).map(({ table }) => table)]
}
