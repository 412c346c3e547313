import { setImmediate as turn } from 'node:timers/promises'
import { foldName } from '../../kernel/chinese-name.ts'
import { cleanCode } from '../../kernel/text.ts'
import { type CopyValue, copyPiece, type Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import type { BatchKind } from './kinds.ts'
import * as load from './load-store.server.ts'
import type { NewBatch, RecordRow, StoredBatch } from './record.ts'
import { rememberingIndex, stagedRow, TAG_CONTEXT } from './seal.server.ts'
import { deriveTies, refreshShown, retie } from './tie-store.server.ts'

/** Rows sealed between two looks at the connection: about 3 ms, so that the server never waits for its next statement. */
const ROWS_A_TURN = 100
/** What arrives is gathered to this many rows at least: about 80 MB here and in the staging table. */
const ROWS_A_CHUNK = 50_000
/** One statement over more children holds no more memory than one chunk of the load. */
const CHILDREN_A_PAGE = 20_000

/** Rows done so far. */
export type OnProgress = (rows: number) => void

/**
 * [PERS-1] A whole batch in the caller's transaction, as the system. While the server works on one chunk the next is sealed
 * here: the two halves of the work stand on two cores.
 */
export async function storeRecords(
  tx: Tx,
  keys: ChildKeys,
  batch: NewBatch,
  rows: AsyncIterable<readonly RecordRow[]>,
  onProgress: OnProgress = () => {},
): Promise<StoredBatch> {
  await load.beginLoad(tx)
  const batchId = await load.insertBatch(tx, batch)
  const { kind, unitId, asOf } = batch
  const loaded = { batchId, kind, unitId, asOf, ...(await load.findPlaceInLine(tx, batch, batchId)) }
  const paths = await load.listPaths(tx)
  const districtOf = (unit: number | null) => String(paths.get(unit ?? unitId)?.[1] ?? unitId)
  const index = rememberingIndex(keys)
  let rowCount = 0
  let refusedCount = 0
  let asideCount = 0
  let handled = 0
  let newChildren = 0
  let working: Promise<void> = Promise.resolve()
  try {
    for await (const chunk of gathered(rows)) {
      const sound = chunk.filter((row) => !row.refused && row.aside !== true)
      const prepared = await prepare(keys, { index, kind }, sound, districtOf)
      await working
      rowCount += chunk.length
      refusedCount += chunk.filter((row) => row.refused).length
      asideCount += chunk.filter((row) => !row.refused && row.aside === true).length
      working = load.storeChunk(tx, loaded, prepared).then((made) => {
        newChildren += made.newChildren
        handled += chunk.length
        onProgress(handled)
      })
      // Seen by the `await` of the next turn; without a listener the process would end before it.
      working.catch(() => {})
    }
  } finally {
    await working
  }
  if (batch.isPartial !== true) await load.insertCovers(tx, loaded)
  await load.addGone(tx, loaded)
  await settle(tx, batch)
  const counts = { rowCount, refusedCount, asideCount }
  return {
    batchId,
    ...counts,
    storedCount: rowCount - refusedCount - asideCount,
    newChildren,
    ...(await load.finishBatch(tx, batchId, counts)),
  }
}

/** A statement a chunk costs the same for few rows as for many. */
async function* gathered(rows: AsyncIterable<readonly RecordRow[]>): AsyncGenerator<readonly RecordRow[]> {
  let chunk: RecordRow[] = []
  for await (const some of rows) {
    chunk = chunk.length === 0 ? [...some] : chunk.concat(some)
    if (chunk.length < ROWS_A_CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

interface Prepared {
  readonly rows: readonly string[]
  readonly tags: readonly string[]
}

async function prepare(
  keys: ChildKeys,
  { index, kind }: { readonly index: ReturnType<typeof rememberingIndex>; readonly kind: BatchKind },
  rows: readonly RecordRow[],
  districtOf: (unit: number | null) => string,
): Promise<Prepared> {
  const { leaders, shares } = personsOf(rows)
  const pieces: string[] = []
  const tags: (readonly CopyValue[])[] = []
  for (let from = 0; from < rows.length; from += ROWS_A_TURN) {
    const some = rows.slice(from, from + ROWS_A_TURN)
    const staged = some.map((row) => {
      const place = {
        kind,
        district: districtOf(row.unitId),
        leader: leaders.get(personOf(row) ?? '') ?? row.row,
        sharesId: shares(row),
      }
      return stagedRow(keys, index, row, place)
    })
    pieces.push(copyPiece(staged))
    for (const row of some) for (const tag of new Set(row.tags)) tags.push([row.row, keys.seal(tag, TAG_CONTEXT)])
    await turn()
  }
  return { rows: pieces, tags: tags.length === 0 ? [] : [copyPiece(tags)] }
}

/** [PERS-3] [PERS-4] Within a chunk: who stands in several rows, and which ID numbers stand for two names. */
function personsOf(rows: readonly RecordRow[]) {
  const leaders = new Map<string, number>()
  const nameOf = new Map<string, string>()
  const shared = new Set<string>()
  for (const row of rows) {
    const person = personOf(row)
    if (person !== undefined && !leaders.has(person)) leaders.set(person, row.row)
    if (row.citizenId === null) continue
    const name = foldName(row.name)
    const known = nameOf.get(row.citizenId)
    if (known === undefined) nameOf.set(row.citizenId, name)
    if (known !== undefined && known !== name) shared.add(row.citizenId)
  }
  return { leaders, shares: (row: RecordRow) => row.citizenId !== null && shared.has(row.citizenId) }
}

/** Undefined: nothing by which another row could be known as the same person's. */
function personOf({ citizenId, studentNo, name }: RecordRow): string | undefined {
  if (citizenId !== null) return `${citizenId}\n${foldName(name)}`
  return studentNo === null ? undefined : `\n${cleanCode(studentNo)}\n${foldName(name)}`
}

/** Children that were known before: what is shown of them, their ties and their units. */
async function settle(tx: Tx, { today }: NewBatch): Promise<void> {
  await load.uniteTouched(tx)
  await eachPage(tx, 'changed', (page) => refreshShown(tx, page))
  await eachPage(tx, 'tie_todo', (page) => deriveTies(tx, page))
  await eachPage(tx, 'touched', (page) => retie(tx, page, today))
}

async function eachPage(
  tx: Tx,
  table: load.TouchedTable,
  work: (page: readonly number[]) => Promise<void>,
): Promise<void> {
  for (let after = 0; ; ) {
    const page = await load.listTouched(tx, table, after, CHILDREN_A_PAGE)
    if (page.length > 0) await work(page)
    if (page.length < CHILDREN_A_PAGE) return
    after = page.at(-1)!
  }
}
