import { valueOn } from '../../engines/policy/index.ts'
import { findDayInSheet } from '../../kernel/day-reading.ts'
import { addDays } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Download, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import {
  type FormColumn,
  type FormRow,
  findFormRow,
  formFile,
  formRowId,
  formSheet,
  readFormUpload,
} from '../../platform/sheets/index.ts'
import { type Asked, askOther, denyLine, type Proven, proveLine, untilOf } from './commands.ts'
import type { ReplyReport } from './contract.ts'
import { readPersons } from './lines.server.ts'
import { listToAsk } from './list-store.server.ts'
import { expiringDays } from './policy.ts'
import { PROVINCES } from './provinces.ts'
import { readProof } from './readings.ts'
import { findLine, type LineFound } from './store.ts'
import { outsideWords } from './words.ts'

const { request: words, advice, proofs } = outsideWords
const FORM = 'outside.request'
const MOST_ROWS = 5_000

type Id =
  | 'rowId'
  | 'name'
  | 'citizenId'
  | 'birthDay'
  | 'hostPlace'
  | 'hostSchool'
  | 'grade'
  | 'result'
  | 'proof'
  | 'checkedDay'
  | 'validUntil'
  | 'remark'

const WIDTHS: Readonly<Partial<Record<Id, number>>> = { rowId: 28, citizenId: 22, hostSchool: 30, remark: 24 }
const choice = (codes: Readonly<Record<string, string>>) =>
  Object.values(codes).map((label) => ({ code: label, label }))

const COLUMNS: readonly FormColumn<Id>[] = (Object.keys(words.columns) as Id[]).map((id) => ({
  id,
  heading: words.columns[id],
  width: WIDTHS[id] ?? 14,
  isRequired: id === 'rowId' || id === 'result',
  ...(id === 'checkedDay' || id === 'validUntil' ? { kind: 'day' as const } : {}),
  ...(id === 'result' ? { kind: 'choice' as const, choices: choice(words.results) } : {}),
  ...(id === 'proof'
    ? { kind: 'choice' as const, choices: choice({ r: proofs['registry-reply'], c: proofs.certificate }) }
    : {}),
}))

/** [OUT-12] Children that wait for one province, each row with its id; asking is recorded with the day by which an answer is due. */
export async function requestList(services: Services, asked: Asked, place: string): Promise<Download> {
  const { db, keys, clock } = services
  const { actor } = asked
  const today = clock.today()
  const province = PROVINCES[place.slice(0, 2)] ?? place
  const soon = addDays(today, valueOn(expiringDays, today))
  const { lines, persons } = await db.inScope(actor.scope, async (tx) => {
    const found = await listToAsk(tx, actor, place, soon)
    const people = await readPersons(
      tx,
      keys,
      found.map(({ lineId }) => lineId),
    )
    return { lines: found, persons: people }
  })
  if (lines.length === 0) throw new Problem('OUTSIDE.NOTHING_TO_ASK', { place: province })
  const rows = lines.map((line) => {
    const person = persons.get(line.lineId)
    return {
      rowId: formRowId(keys, FORM, line.lineId),
      name: person?.name ?? '',
      citizenId: person?.citizenId ?? '',
      birthDay: person?.birth ?? '',
      hostPlace: province,
      hostSchool: person?.school ?? '',
      grade: line.grade === null ? '' : String(line.grade),
    }
  })
  for (const line of lines) if (line.state !== 'asked') await askOther(services, asked, line.lineId)
  asked.audit.note({ target: `province:${place}` })
  return await formFile(services, words.file(province, today), [formSheet(words.sheet, COLUMNS, rows)])
}

/** [OUT-12] What came back, row by row: a faulty row leaves its neighbours alone, and the same sheet twice changes nothing. */
export async function uploadReplies(
  services: Services,
  asked: Asked,
  upload: Upload,
  signal: AbortSignal,
): Promise<ReplyReport> {
  const form = await readFormUpload(services, upload, COLUMNS, { signal, mostRows: MOST_ROWS })
  const headingOf = (id: string | null) => COLUMNS.find((column) => column.id === id)?.heading ?? null
  const findings: ReplyReport['findings'] = form.findings.map(({ row, column, reason }) => ({
    row,
    heading: headingOf(column),
    reason,
  }))
  const faulty = new Set(form.findings.map(({ row }) => row))
  const report = { confirmed: 0, denied: 0, unchanged: 0, unanswered: 0 }
  for (const row of form.rows) {
    if (faulty.has(row.row)) continue
    const fault = await takeReply(services, asked, row, report)
    if (fault !== undefined) findings.push({ row: row.row, heading: headingOf(fault.column), reason: fault.reason })
  }
  return { ...report, findings: findings.toSorted((a, b) => a.row - b.row) }
}

async function takeReply(
  services: Services,
  asked: Asked,
  { cells }: FormRow<Id>,
  report: Omit<ReplyReport, 'findings'>,
): Promise<{ readonly column: Id; readonly reason: string } | undefined> {
  const lineId = findFormRow(services.keys, FORM, cells.rowId)
  if (lineId === undefined) return { column: 'rowId', reason: advice.wrongRow }
  if (cells.result === '') {
    report.unanswered += 1
    return undefined
  }
  const known = await services.db.inScope(asked.actor.scope, (tx) => findLine(tx, lineId))
  if (known === undefined) return { column: 'rowId', reason: advice.goneRow }
  try {
    if (cells.result !== words.results.confirmed) {
      const answer = cells.result === words.results.left ? 'left' : 'not-found'
      if (known.state === 'denied' && known.answer === answer) {
        report.unchanged += 1
        return undefined
      }
      await denyLine(services, asked, lineId, answer)
      report.denied += 1
      return undefined
    }
    const checkedDay = findDayInSheet(cells.checkedDay)
    if (checkedDay === undefined) return { column: 'checkedDay', reason: advice.dayNeeded }
    const lastDay = findDayInSheet(cells.validUntil)
    const said = cells.proof === '' ? 'registry-reply' : readProof(cells.proof)
    const proven = { proof: said === 'other-side' ? 'registry-reply' : said, checkedDay, lastDay } as const
    if (isSameProof(known, proven)) {
      report.unchanged += 1
      return undefined
    }
    await proveLine(services, asked, lineId, proven)
    report.confirmed += 1
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { column: 'result', reason: error.message }
  }
}

function isSameProof(line: LineFound, proven: Proven): boolean {
  return (
    line.state === 'confirmed' &&
    line.proof === proven.proof &&
    line.checkedDay === proven.checkedDay &&
    line.validUntil === untilOf(proven)
  )
}
