import { valueOn } from '../../engines/policy/index.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { isObligationBegun, nominalGrade, schoolYearOf } from '../../kernel/school-year.ts'
import { cleanCode } from '../../kernel/text.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type FormReading, findFormRow } from '../../platform/sheets/index.ts'
import { findUnit } from '../registry/server.ts'
import { FORM } from './form-columns.server.ts'
import { formWords } from './form-words.ts'
import { type ListedTask, listTasksById } from './list.store.server.ts'
import { oldestCheckDays } from './policy.ts'
import { contentKeyOf, factsOf } from './report.server.ts'
import { missingOf, type ReportDraft } from './rules.ts'
import { listContentKeys, listFiles, listSchoolsNamed, listVillages } from './sheet.store.server.ts'
import type { FormColumnId, RowOutcome } from './sheet-contract.ts'
import {
  type DraftTerms,
  type Finding,
  type FoundChild,
  isEmptyRow,
  kindOfRow,
  readDraft,
  readFound,
  type SchoolIndex,
} from './sheet-rules.ts'
import { checksWords } from './words.ts'

const words = formWords.row

export interface RowVerdict {
  readonly row: number
  readonly name: string
  outcome: RowOutcome
  note: string | null
  readonly findings: Finding[]
  readonly task: ListedTask | null
  readonly found: FoundChild | null
  readonly draft: ReportDraft | null
}

/** Beyond nine nominal grades and this many more years nobody is asked for any more. */
const LATE_GRADES = 2
const LAST_GRADE = 9

/**
 * [CHECK-10] What becomes of every row, in the scope of who uploads: a row id gives no right, and the task behind it is found by its
 * ties or not at all. Decided anew at every reading and once more when the sheet is written.
 */
export async function decideRows(
  tx: Tx,
  services: Pick<Services, 'keys' | 'clock'>,
  actor: Actor,
  { rows, findings }: FormReading<FormColumnId>,
): Promise<readonly RowVerdict[]> {
  const today = services.clock.today()
  const ids = rows.map(({ cells }) => findFormRow(services.keys, FORM, cells.rowId))
  const known = ids.filter((id) => id !== undefined)
  const tasks = new Map((await listTasksById(tx, known)).map((task) => [task.caseId, task]))
  const files = await listFiles(tx, known)
  const said = await listContentKeys(tx, known)
  const unit = await findUnit(tx, actor.unitId)
  const villages = await listVillages(tx, actor.unitId, today)
  const schools = await schoolIndex(
    tx,
    rows.map(({ cells }) => cells.school),
    today,
  )
  const terms = { today, oldestDays: valueOn(oldestCheckDays, today), schools }
  const first = new Map<number, number>()
  return rows.map(({ row, cells }, at) => {
    const caseId = ids[at]
    const kind = kindOfRow(cells, caseId)
    const own = findings.filter((finding) => finding.row === row).map(({ column, reason }) => ({ column, reason }))
    const verdict = { row, name: cells.name, note: null, findings: own, task: null, found: null, draft: null }
    const of = (outcome: RowOutcome, more: Partial<RowVerdict> = {}): RowVerdict => ({ ...verdict, outcome, ...more })
    if (isEmptyRow(cells, kind) && own.length === 0) return of('empty')
    if (kind === 'bad-id') return of('refused', { findings: [...own, { column: 'rowId', reason: words.badRowId }] })
    if (kind === 'found') {
      if (unit?.kind === 'school')
        return of('refused', { findings: [...own, { column: 'rowId', reason: words.notHere }] })
      const { child, findings: wrong } = readFound(cells, { today, villages, ownUnitId: actor.unitId })
      const isSaid = !isEmptyRow({ ...cells, school: '' }, 'task')
      const read = isSaid ? readDraft(cells, { ...terms, isRegistered: false }) : { draft: null, findings: [] }
      const all = [...own, ...wrong, ...read.findings]
      if (all.length > 0 || child === undefined) return of('refused', { findings: all })
      return of('new', {
        found: child,
        draft: read.draft,
        note: isOfAge(child.birth, today) ? words.isNew : words.isNewOutside,
      })
    }
    return of('given', decideTask(caseId!, cells, own, { services, terms, tasks, files, said, first, row }))
  })
}

interface TaskGround {
  readonly services: Pick<Services, 'keys'>
  readonly terms: Omit<DraftTerms, 'isRegistered'>
  readonly tasks: ReadonlyMap<number, ListedTask>
  readonly files: Awaited<ReturnType<typeof listFiles>>
  readonly said: ReadonlySet<string>
  /** Row in which a task stood first. */
  readonly first: Map<number, number>
  readonly row: number
}

function decideTask(
  caseId: number,
  cells: Parameters<typeof readDraft>[0],
  own: readonly Finding[],
  { services, terms, tasks, files, said, first, row }: TaskGround,
): Partial<RowVerdict> {
  const refuse = (...more: readonly Finding[]): Partial<RowVerdict> => ({
    outcome: 'refused',
    findings: [...own, ...more],
  })
  const file = files.get(caseId)
  if (file === undefined) return refuse({ column: 'rowId', reason: words.notFound })
  if (!file.isOpen) return { outcome: 'closed', note: words.closed }
  if (file.stage === 'case') return { outcome: 'closed', note: words.raised }
  const task = tasks.get(caseId)
  if (task === undefined) return refuse({ column: 'rowId', reason: words.notFound })
  const before = first.get(caseId)
  if (before !== undefined) return refuse({ column: 'rowId', reason: words.twice(before) })
  first.set(caseId, row)
  const { draft, findings } = readDraft(cells, { ...terms, isRegistered: task.registeredId !== null })
  if (own.length > 0 || findings.length > 0) return refuse(...findings)
  if (said.has(contentKeyOf(services, caseId, draft).toString('hex')))
    return { outcome: 'same', note: words.same, task, draft }
  const { result, ...facts } = factsOf(draft)
  if (result === null) return { outcome: 'tried', task, draft }
  const missing = missingOf({ ...facts, result }, task.schoolId !== null)
  const note = missing.length === 0 ? null : words.lacks(missing.map((one) => checksWords.missing[one]).join('、'))
  return { outcome: 'given', task, draft, note }
}

/** [CHECK-11] Somebody has to account for the child. */
export function isOfAge(birth: PlainDate, today: PlainDate): boolean {
  return isObligationBegun(birth, today) && nominalGrade(schoolYearOf(today), birth) <= LAST_GRADE + LATE_GRADES
}

async function schoolIndex(tx: Tx, texts: readonly string[], today: PlainDate): Promise<SchoolIndex> {
  const asked = new Set(texts.flatMap((text) => (text === '' ? [] : [text, cleanCode(text)])))
  const found = await listSchoolsNamed(tx, [...asked], today)
  return (text) =>
    found.filter(({ name, code }) => name === text || code === cleanCode(text)).map(({ unitId }) => unitId)
}
