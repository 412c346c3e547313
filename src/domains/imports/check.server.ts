import { join } from 'node:path'
import { openSession, type Session } from '../../engines/linkage/server/session.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { type ColumnChoice, ingestToParquet, type SheetLayout } from '../../platform/sheets/index.ts'
import { readOtherIds, readPlaces, readSpots } from './check-dictionaries.server.ts'
import { findFaults } from './check-findings.server.ts'
import { isState, readRows, type SheetToCheck } from './check-read.server.ts'
import { contentKeyOf, judgeRows, readNumberKeys, writeFound, writeRows } from './check-write.server.ts'
import type { FindingCount, ImportProgress } from './contract.ts'
import { FIELDS_OF } from './fields.ts'
import { FINDING_CODES, FINDINGS } from './findings.ts'
import type { ImportKind } from './kinds.ts'
import { createPlaceFinder, type PlaceBook } from './places.ts'
import { createSchoolFinder, type SchoolUnit } from './schools.ts'
import { importWords as words } from './words.ts'

export interface CheckInput {
  readonly kind: ImportKind
  readonly path: string
  /** Not the sheet's own name: it stands in problems that are kept in clear. */
  readonly fileName: string
  readonly layout: SheetLayout
  readonly columns: ColumnChoice
  readonly asOf: PlainDate
  readonly today: PlainDate
  readonly giver: { readonly unitId: number; readonly isSchool: boolean }
  readonly places: PlaceBook
  readonly schools: readonly SchoolUnit[]
  readonly keys: ChildKeys
  readonly workDir: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
  /** Asked once the rows are written; without it every good person counts as new. */
  readonly compare?: (rowsParquet: string) => Promise<Compared | undefined>
}

export interface Effect {
  readonly newChildren: number
  readonly changed: number
  readonly unchanged: number
  readonly repeats: number
}

/** What the stored rows add to the check. */
export interface Compared {
  readonly effect: Effect
  /** [IMP-15] Rows without a fault of their own whose ID number is stored under another name: storing sends them to repair. */
  readonly storedNumberRows: number
}

export interface Checked extends Compared {
  readonly rowsParquet: string
  readonly foundParquet: string
  readonly contentKey: string
  readonly rows: number
  readonly refusedRows: number
  readonly repairRows: number
  readonly remindedRows: number
  readonly counts: readonly FindingCount[]
  readonly listedRows: number
  readonly zerosRows: number
  /** Good rows that say neither a township nor an address. */
  readonly districtOnlyRows: number
  /** Units the sheet speaks of whole, the largest first. */
  readonly covers: readonly { readonly unitId: number; readonly rows: number }[]
  readonly seconds: number
}

const THREADS = 2
/** DuckDB's buffers; the ingest before has its own and leaves first. */
const MEMORY_MB = 900
/** Where the percent of the whole stands when a step begins; measured on 3.3 million rows of CSV. */
const STEPS = { reading: 0, judging: 25, keys: 50, writing: 75, comparing: 90 } as const

/** [IMP-4] One sheet to checked rows and located findings. Nothing is stored, nobody is told. */
export async function checkSheetRows(input: CheckInput): Promise<Checked> {
  const startedAt = performance.now()
  const tell = teller(input, startedAt)
  const { signal, workDir, keys } = input
  const ingested = join(workDir, 'ingested.parquet')
  tell('reading', 0)
  const { rows } = await ingestToParquet({
    path: input.path,
    fileName: input.fileName,
    layout: input.layout,
    columns: input.columns,
    fields: FIELDS_OF[input.kind],
    out: ingested,
    workDir,
    threads: THREADS,
    ...(signal === undefined ? {} : { signal }),
    onProgress: (share) => tell('reading', share),
  })
  const sheet: SheetToCheck = {
    kind: input.kind,
    parquet: ingested,
    today: input.today,
    asOf: input.asOf,
    headerRow: input.layout.headerRow,
  }
  const session = await openSession({
    workDir,
    memoryLimitMb: MEMORY_MB,
    threads: THREADS,
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    tell('judging', 0)
    const { isRounded } = await readRows(session, sheet, keys)
    await readOtherIds(session, sheet)
    await readDictionaries(session, input)
    await findFaults(session, sheet)
    await judgeRows(session)
    tell('keys', 0)
    await readNumberKeys(session, keys)
    const contentKey = await contentKeyOf(session, sheet, keys)
    tell('writing', 0)
    const rowsParquet = join(workDir, 'rows.parquet')
    const foundParquet = join(workDir, 'found.parquet')
    await writeRows(session, { ...sheet, isRounded }, rowsParquet)
    const listedRows = await writeFound(session, sheet, foundParquet)
    tell('comparing', 0)
    const compared = await input.compare?.(rowsParquet)
    return {
      rowsParquet,
      foundParquet,
      contentKey,
      rows,
      ...(await countRows(session)),
      counts: await countFindings(session),
      ...(compared ?? { effect: await repeatsOnly(session), storedNumberRows: 0 }),
      listedRows,
      zerosRows: isRounded ? await session.count(`FROM t WHERE ${isState('precision')}`) : 0,
      districtOnlyRows: input.kind === 'roll' ? 0 : await countDistrictOnly(session),
      covers: await listCovers(session, input.kind),
      seconds: Math.round((performance.now() - startedAt) / 10) / 100,
    }
  } finally {
    session.close()
  }
}

async function readDictionaries(session: Session, input: CheckInput): Promise<void> {
  const finder = createPlaceFinder(input.places, input.giver.unitId, input.today)
  await readPlaces(
    session,
    input.kind === 'roll' ? () => NOWHERE : finder,
    input.kind === 'floating' ? 'livingAddress' : 'address',
  )
  const types = new Map(input.schools.map(({ unitId, type }) => [unitId, type]))
  const findSchool = createSchoolFinder(input.schools, input.giver, input.asOf)
  await readSpots(
    session,
    input.kind === 'roll'
      ? { findSchool, typeOf: (id) => types.get(id) ?? '' }
      : { findSchool: () => NO_SCHOOL, typeOf: () => '' },
  )
}

const NOWHERE = { unitId: null, answersId: null, fault: null, answersName: null } as const
const NO_SCHOOL = { schoolId: null, fault: null, said: null, hasOtherName: false } as const

async function countRows(session: Session): Promise<{ refusedRows: number; repairRows: number; remindedRows: number }> {
  const [row] =
    await session.rows(`SELECT count(*) FILTER (severity = 0) AS refused, count(*) FILTER (severity <> 0 AND is_repair) AS repair,
    count(*) FILTER (severity = 2) AS reminded FROM verdict`)
  return {
    refusedRows: Number(row?.['refused']),
    repairRows: Number(row?.['repair']),
    remindedRows: Number(row?.['reminded']),
  }
}

async function countFindings(session: Session): Promise<readonly FindingCount[]> {
  const rows = await session.rows(
    'SELECT code, min(severity) AS severity, count(*) AS findings, count(DISTINCT row) AS rows FROM finding JOIN code_line USING (code) GROUP BY code ORDER BY severity, findings DESC, code',
  )
  return rows.map((row) => {
    const code = FINDING_CODES[Number(row['code'])]!
    return {
      code,
      label: words.finding[code].label,
      severity: FINDINGS[code],
      findings: Number(row['findings']),
      rows: Number(row['rows']),
    }
  })
}

/** Without looking at what is stored: every good person is new. */
async function repeatsOnly(session: Session): Promise<Effect> {
  const [row] =
    await session.rows(`SELECT count(*) AS good, count(*) FILTER (t.row IN (SELECT row FROM repeated)) AS repeats FROM t
    LEFT JOIN verdict v ON v.row = t.row WHERE coalesce(v.severity, 9) <> 0`)
  const repeats = Number(row?.['repeats'])
  return { newChildren: Number(row?.['good']) - repeats, changed: 0, unchanged: 0, repeats }
}

async function countDistrictOnly(session: Session): Promise<number> {
  return session.count(`FROM t JOIN place_cell c ON c.place = t.place JOIN place p ON p.place = t.place
    LEFT JOIN verdict v ON v.row = t.row WHERE c.township IS NULL AND c.head IS NULL AND p.unit_id IS NOT NULL AND coalesce(v.severity, 9) <> 0`)
}

async function listCovers(session: Session, kind: ImportKind): Promise<Checked['covers']> {
  if (kind === 'floating') return []
  const [unit, dictionary, key] = kind === 'roll' ? ['school_id', 'spot', 'spot'] : ['answers_id', 'place', 'place']
  const rows = await session.rows(`SELECT d.${unit} AS unit, count(*) AS rows FROM t JOIN ${dictionary} d USING (${key})
    LEFT JOIN verdict v ON v.row = t.row WHERE d.${unit} IS NOT NULL AND coalesce(v.severity, 9) <> 0 GROUP BY ALL ORDER BY rows DESC, unit`)
  return rows.map((row) => ({ unitId: Number(row['unit']), rows: Number(row['rows']) }))
}

type Step = keyof typeof STEPS

function teller({ onProgress, layout }: CheckInput, startedAt: number): (step: Step, share: number) => void {
  const starts = Object.values(STEPS)
  return (step, share) => {
    const from = STEPS[step]
    const until = starts[starts.indexOf(from) + 1] ?? 100
    const percent = from + (until - from) * share
    const seconds = (performance.now() - startedAt) / 1000
    const isEarly = percent < 1 || seconds < 0.5
    onProgress?.({
      percent: Math.min(100, Math.round(percent * 10) / 10),
      stage: words.stage[step],
      rows: layout.rows,
      rowsPerSecond: isEarly || layout.rows === null ? null : Math.round((layout.rows * percent) / 100 / seconds),
      remainingSeconds: isEarly ? null : Math.round((seconds * (100 - percent)) / percent),
    })
  }
}
