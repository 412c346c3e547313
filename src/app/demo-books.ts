import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeBookDay, postEntry } from '../domains/cases/contract.ts'
import { giveReport, listChecks, listReports, returnReport } from '../domains/checks/contract.ts'
import { checkSheet, commitSheet, listBatches, readSheet, uploadSheet } from '../domains/imports/contract.ts'
import type { ImportKind } from '../domains/imports/index.ts'
import { createBooksRun, listRuns, type Run, readRun } from '../domains/reconcile/contract.ts'
import { answerPair, claimPairs, readReview } from '../domains/reconcile/review-contract.ts'
import { signOut } from '../domains/registry/contract.ts'
import { compareLists, readOverview } from '../domains/rosters/contract.ts'
import { listChildren, readDays } from '../domains/whereabouts/contract.ts'
import { addDays, type PlainDate, plainDate } from '../kernel/plain-date.ts'
import type { Log } from '../platform/log.ts'
import { DEMO_DISTRICT } from './demo/index.ts'
import { makeDemoLines } from './demo-outside.ts'
import { workOnRepairs } from './demo-repairs.ts'
import { enter, type Visitor } from './demo-visitor.ts'
import type { Demo } from './first-load.ts'

const CITY = 'city'
const OFFICER = 'nanchuan'
const REVIEWER = 'nanchuan-review'
const OTHER_OFFICER = 'wanzhou'
/** First weeks of term, and the last comparison of the demo district. */
const SEPTEMBER = plainDate('2026-09-10')
const NOVEMBER = plainDate('2026-11-20')
/** The lists of the other offices, and the comparison with them. */
const LISTS = plainDate('2026-11-23')
const OFFICES = [
  ['attendance', 'attendance.csv'],
  ['poverty', 'poverty.xlsx'],
  ['disability', 'disability.xlsx'],
] as const
const LOOK_AGAIN_MS = 400
/** Ten minutes: the demo city takes less than one. */
const LOOKS = 1_500

interface DemoBooksInput {
  readonly address: string
  readonly demo: Demo
  readonly today: PlainDate
  readonly log: Log
}

/**
 * [DEMO-17] The demo's books, made as officers make them: signed in over HTTP, sheets imported, compared, posted, papers
 * entered, days closed. Does nothing where batches stand already; what was broken off goes on at the next start.
 */
export async function makeDemoBooks({ address, demo, today, log }: DemoBooksInput): Promise<void> {
  const city = await enter(address, CITY, demo.password)
  await ensureSheets(city, join(demo.folder, 'city'), 'population.csv', SEPTEMBER)
  if (await ensureRun(city)) {
    await enterPapers(city)
    log.info('demo.books-opened')
  }
  const officer = await enter(address, OFFICER, demo.password)
  if (NOVEMBER <= today) {
    await ensureSheets(officer, join(demo.folder, DEMO_DISTRICT.name), 'population.xlsx', NOVEMBER)
    await ensureRun(officer)
    const reviewer = await enter(address, REVIEWER, demo.password)
    await reviewSome(officer, reviewer)
    await reviewer.call(signOut)
    await workOnRepairs(officer)
  }
  if (LISTS <= today) await ensureLists(officer, join(demo.folder, DEMO_DISTRICT.name))
  await closeDays(city, today)
  await giveResults(officer, today)
  log.info('demo.books-closed')
  const other = await enter(address, OTHER_OFFICER, demo.password)
  if (NOVEMBER <= today) await makeDemoLines({ home: officer, other, today })
  for (const visitor of [city, officer, other]) await visitor.call(signOut)
}

async function ensureSheets(visitor: Visitor, folder: string, population: string, asOf: PlainDate): Promise<void> {
  const { rows } = await visitor.call(listBatches)
  const isThere = (kind: ImportKind) => rows.some((batch) => batch.kind === kind && batch.asOfDay === asOf)
  if (!isThere('population')) await importOne(visitor, join(folder, population), 'population', asOf)
  if (!isThere('roll')) await importOne(visitor, join(folder, 'roll.csv'), 'roll', asOf)
}

async function ensureLists(visitor: Visitor, folder: string): Promise<void> {
  const { rows } = await visitor.call(listBatches)
  for (const [kind, file] of OFFICES) {
    const isThere = rows.some((batch) => batch.kind === kind && batch.asOfDay === LISTS)
    const path = join(folder, file)
    if (!isThere && existsSync(path)) await importOne(visitor, path, kind, LISTS)
  }
  const { run } = await visitor.call(readOverview)
  if (run === null) await visitor.call(compareLists)
}

async function importOne(visitor: Visitor, file: string, kind: ImportKind, asOf: PlainDate): Promise<void> {
  const { sheetId } = await visitor.give(uploadSheet, file, { kind, asOf })
  const params = { sheetId }
  const until = async (state: string) => {
    for (let looked = 0; looked < LOOKS; looked += 1) {
      const sheet = await visitor.call(readSheet, { params })
      if (sheet.state === state) return
      if (sheet.state === 'failed' || sheet.problem !== null)
        throw new Error(`the demo's ${kind}: ${sheet.problem?.code}`)
      await sleep(LOOK_AGAIN_MS)
    }
    throw new Error(`the demo's ${kind} is not ${state}`)
  }
  await visitor.call(checkSheet, { params })
  await until('checked')
  await visitor.call(commitSheet, { params, body: { mode: 'good-rows' } })
  await until('committed')
}

/** True when this call made it. A run that a stop broke off is taken up again by its job. */
async function ensureRun(visitor: Visitor): Promise<boolean> {
  const { rows } = await visitor.call(listRuns)
  const before = rows.find(({ state }) => state !== 'failed' && state !== 'cancelled')
  const { runId } = before ?? (await visitor.call(createBooksRun, { body: {} }))
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const run: Run = await visitor.call(readRun, { params: { runId } })
    if (run.state === 'done') return before === undefined
    if (run.state === 'failed' || run.state === 'cancelled') throw new Error(`the demo's run ended ${run.state}`)
    await sleep(LOOK_AGAIN_MS)
  }
  throw new Error("the demo's run does not end")
}

/** How many pairs of the demo district were looked at, and by two. */
const LOOKED_AT = 4

/** A morning's clerical review: the officer's looks and, of the same pairs, those of a second person; the last is left to the field. */
async function reviewSome(officer: Visitor, reviewer: Visitor): Promise<void> {
  const { rows } = await officer.call(listRuns)
  const runId = rows.find(({ purpose, state }) => purpose === 'books' && state === 'done')?.runId
  if (runId === undefined || (await officer.call(readReview, { params: { runId } })).mine.answered > 0) return
  for (const visitor of [officer, reviewer]) {
    const { pairs } = await visitor.call(claimPairs, { params: { runId }, body: { most: LOOKED_AT } })
    for (const [at, { pairId }] of pairs.entries()) {
      const verdict = at === LOOKED_AT - 1 ? 'unsure' : 'same'
      await visitor.call(answerPair, { params: { pairId }, body: { verdict } })
    }
  }
}

/** What came of the first tasks, a share a hundred: invented, so that the accounts are not empty. */
const PAPERS = [
  { share: 52, body: { account: 'other-province', evidence: 'registry-reply' } },
  { share: 9, body: { account: 'not-located', evidence: 'visit' } },
  { share: 4, body: { account: 'deferred', evidence: 'certificate', pauseUntil: '2027-08-31' } },
  { share: 3, body: { account: 'disabled-unplaced', evidence: 'visit' } },
  { share: 3, body: { account: 'never-enrolled', evidence: 'visit' } },
  { share: 2, body: { account: 'suspected', evidence: 'visit' } },
  { share: 2, body: { account: 'moved-out', evidence: 'certificate' } },
  { share: 1, body: { account: 'settled-abroad', evidence: 'certificate' } },
] as const
const PAGE = 200
/** Spreads the kinds of papers over a district, however few of its children there are. */
const STRIDE = 37

async function enterPapers(city: Visitor): Promise<void> {
  const children: number[] = []
  for (let page = 1; ; page += 1) {
    const query = { account: 'to-verify', page, size: PAGE, asOf: SEPTEMBER }
    const answer = await city.call(listChildren, { query })
    children.push(...answer.rows.map(({ childId }) => childId))
    if (page * PAGE >= answer.total) break
  }
  // Every second one: the rest is still being looked for.
  for (const [index, childId] of children.filter((_, place) => place % 2 === 0).entries()) {
    const paper = paperOf((index * STRIDE) % 100)
    if (paper === undefined) continue
    const from = addDays(SEPTEMBER, 5 + (index % 60))
    await city.call(postEntry, { params: { childId }, body: { ...paper.body, from } })
  }
}

function paperOf(place: number): (typeof PAPERS)[number] | undefined {
  let until = 0
  return PAPERS.find(({ share }) => {
    until += share
    return place < until
  })
}

/** What was found of the demo district's tasks, in turn: invented, so that every state of a task is there. Null: nobody has gone yet. */
const FOUND = [
  null,
  { result: 'A2-2', method: 'registry', province: '44', place: '东莞市某小学', papers: '学籍平台查询截图' },
  { method: 'phone', remark: '电话没有人接，明天上门' },
  { result: 'B3', method: 'visit', remark: '邻居说三年前就搬走了' },
  { result: 'B6-1', method: 'phone', papers: '迁移回执' },
  { result: 'D1', method: 'visit', remark: '祖父母在家，说随父母在外，没有上学' },
] as const
const SENT_BACK = '回执上看不清迁往地，请附派出所回执'

async function giveResults(officer: Visitor, today: PlainDate): Promise<void> {
  const { total } = await officer.call(listReports, { query: { page: 1, size: 1 } })
  if (total > 0) return
  const { rows } = await officer.call(listChecks, { query: { page: 1, size: PAGE, tab: 'open' } })
  const notFound = rows.filter(({ account }) => account === 'to-verify' || account === 'not-located')
  for (const [index, { caseId }] of notFound.entries()) {
    const found = FOUND[index % FOUND.length]
    if (found == null) continue
    const body = { ...found, checkedDay: addDays(today, -1), checker: '村社干部' }
    const { reports } = await officer.call(giveReport, { params: { caseId }, body })
    const reportId = reports[0]?.reportId
    if ('result' in found && found.result === 'B6-1' && reportId !== undefined)
      await officer.call(returnReport, { params: { reportId }, body: { reason: SENT_BACK } })
  }
}

/** Every day to yesterday, in order, as the night would have done. */
async function closeDays(city: Visitor, today: PlainDate): Promise<void> {
  const { lastClosed } = await city.call(readDays)
  if (lastClosed === null) return
  for (let day = addDays(plainDate(lastClosed), 1); day < today; day = addDays(day, 1)) {
    await city.call(closeBookDay, { body: { day } })
  }
}
