import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, randomFor } from '../src/app/demo/random.ts'
import { enter, type Visitor } from '../src/app/demo-visitor.ts'
import { closeBookDay, postEntry } from '../src/domains/cases/contract.ts'
import { checkSheet, commitSheet, readSheet, uploadSheet } from '../src/domains/imports/contract.ts'
import { listChildren, readDays } from '../src/domains/whereabouts/contract.ts'
import { checkDigit } from '../src/kernel/citizen-id.ts'
import { addDays, type PlainDate, plainDate } from '../src/kernel/plain-date.ts'
import type { Ask } from './invariants.ts'
import type { OpenProduct } from './stops.ts'

/** What the product answered as saved. */
type Saved =
  | { readonly saved: 'entry'; readonly postingId: number; readonly childId: number }
  | { readonly saved: 'sheet'; readonly sheetId: string }
  | { readonly saved: 'batch'; readonly sheetId: string; readonly batchId: number; readonly rows: number }
  | { readonly saved: 'day'; readonly day: PlainDate }

export interface Journal {
  note(saved: Saved): void
  all(): readonly Saved[]
  /** How many of each. */
  counts(): Readonly<Record<Saved['saved'], number>>
}

export function newJournal(): Journal {
  const lines: Saved[] = []
  const count = (kind: Saved['saved']) => lines.filter(({ saved }) => saved === kind).length
  return {
    note: (saved) => lines.push(saved),
    all: () => lines,
    counts: () => ({ entry: count('entry'), sheet: count('sheet'), batch: count('batch'), day: count('day') }),
  }
}

/** Lines of the journal that the database does not know. */
export async function lostOf(ask: Ask, journal: Journal): Promise<readonly string[]> {
  const all = journal.all()
  const of = <Kind extends Saved['saved']>(kind: Kind) =>
    all.filter((line): line is Extract<Saved, { saved: Kind }> => line.saved === kind)
  const [entries, sheets, batches, days] = [of('entry'), of('sheet'), of('batch'), of('day')]
  const lost = async (sql: string, ...values: readonly (readonly unknown[])[]) =>
    (await ask<{ line: string }>(sql, values)).map(({ line }) => line)
  return [
    ...(await lost(
      `select format('entry %s of child %s', posting_id, child_id) as line from unnest($1::bigint[], $2::bigint[]) j (posting_id, child_id)
       where not exists (select from whereabouts_span s where s.posted_by = j.posting_id and s.child_id = j.child_id)`,
      entries.map(({ postingId }) => postingId),
      entries.map(({ childId }) => childId),
    )),
    ...(await lost(
      `select format('sheet %s', id) as line from unnest($1::uuid[]) j (id) where not exists (select from import_sheet s where s.sheet_id = j.id)`,
      sheets.map(({ sheetId }) => sheetId),
    )),
    ...(await lost(
      `select format('batch %s', batch_id) as line from unnest($1::uuid[], $2::bigint[], $3::int[]) j (sheet_id, batch_id, rows)
       where not exists (select from source_batch b join import_sheet s using (batch_id)
         where b.batch_id = j.batch_id and s.sheet_id = j.sheet_id and s.state = 'committed' and b.row_count = j.rows)`,
      batches.map(({ sheetId }) => sheetId),
      batches.map(({ batchId }) => batchId),
      batches.map(({ rows }) => rows),
    )),
    ...(await lost(
      `select format('day %s', day) as line from unnest($1::date[]) j (day) where not exists (select from closed_day d where d.day = j.day)`,
      days.map(({ day }) => day),
    )),
  ]
}

export interface Writers {
  stop(): Promise<void>
}

interface WritersInput extends Pick<OpenProduct, 'address' | 'demo'> {
  readonly journal: Journal
  readonly seed: number
}

const ENTRY_LANES = 2
const PAUSE_MS = 100

/** Two officers who enter papers, one who stores small sheets, one who closes days. A refused request is tried no more: the next one is another. */
export async function startWriters({ address, demo, journal, seed }: WritersInput): Promise<Writers> {
  const stopping = new AbortController()
  const city = await enter(address, 'city', demo.password)
  const officer = await enter(address, 'nanchuan', demo.password)
  const lanes: ((random: Random) => Promise<void>)[] = []
  const children = await childrenOf(city)
  const { lastClosed } = await city.call(readDays)
  for (let lane = 0; lane < ENTRY_LANES; lane += 1) {
    lanes.push((random) => enterPaper(city, random.pick(children), random, journal))
  }
  let sheet = 0
  lanes.push(async () => {
    sheet += 1
    await storeSheet(officer, { path: join(demo.folder, 'small.csv'), number: sheet }, journal, stopping.signal)
  })
  let day = plainDate(lastClosed ?? '')
  lanes.push(async () => {
    const next = addDays(day, 1)
    const { isNew } = await city.call(closeBookDay, { body: { day: next } })
    // A close whose answer was lost is a closed day.
    if (isNew) journal.note({ saved: 'day', day: next })
    day = next
    await sleep(4 * PAUSE_MS)
  })
  const running = lanes.map(async (write, lane) => {
    const random = randomFor(seed, 'writer', String(lane))
    while (!stopping.signal.aborted) await write(random).catch(() => sleep(PAUSE_MS))
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function childrenOf(visitor: Visitor): Promise<readonly number[]> {
  const { rows } = await visitor.call(listChildren, { query: { group: 4, size: 200 } })
  return rows.map(({ childId }) => childId)
}

const SAID = [
  { account: 'other-province', evidence: 'registry-reply' },
  { account: 'not-located', evidence: 'visit' },
  { account: 'to-verify', evidence: 'visit' },
  { account: 'suspected', evidence: 'visit' },
  { account: 'disabled-unplaced', evidence: 'visit' },
] as const
const FIRST_FROM = plainDate('2026-11-01')

async function enterPaper(visitor: Visitor, childId: number, random: Random, journal: Journal): Promise<void> {
  const body = { ...random.pick(SAID), from: addDays(FIRST_FROM, random.int(100)) }
  const { postingId } = await visitor.call(postEntry, { params: { childId }, body })
  if (postingId !== null) journal.note({ saved: 'entry', postingId, childId })
}

const ROWS = 25
const SHEET_LOOKS = 300

/** Other people in every sheet. */
async function storeSheet(
  visitor: Visitor,
  { path, number }: { readonly path: string; readonly number: number },
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  await writeFile(path, smallSheet(number))
  const { sheetId } = await visitor.give(uploadSheet, path, { kind: 'population' })
  journal.note({ saved: 'sheet', sheetId })
  const params = { sheetId }
  const until = async (state: string) => {
    for (let looked = 0; looked < SHEET_LOOKS && !signal.aborted; looked += 1) {
      const sheet = await visitor.call(readSheet, { params }).catch(() => undefined)
      if (sheet?.state === state) return sheet
      if (sheet?.problem != null) break
      await sleep(PAUSE_MS)
    }
    throw new Error(`the sheet does not become ${state}`)
  }
  await visitor.call(checkSheet, { params })
  await until('checked')
  await visitor.call(commitSheet, { params, body: { mode: 'good-rows', partial: true } })
  const { batchId } = await until('committed')
  if (batchId !== null) journal.note({ saved: 'batch', sheetId, batchId, rows: ROWS })
}

function smallSheet(number: number): string {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const n = number * ROWS + row
    const day = new Date(Date.UTC(2012, 0, 1 + (n % 2900))).toISOString().slice(0, 10)
    const digits = `500119${day.replaceAll('-', '')}${String(100 + Math.floor(n / 2900)).padStart(3, '0')}`
    const letter = (k: number) => String.fromCharCode(0x5f20 + (k % 900))
    return [letter(n) + letter(n * 7 + 3), digits + checkDigit(digits), day].join(',')
  })
  return ['姓名,公民身份号码,出生日期', ...lines].join('\r\n')
}
