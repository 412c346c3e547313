import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../kernel/ids.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, Download } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type OutCell, writeXlsx } from '../../platform/sheets/index.ts'
import { shownChildren } from '../persons/server.ts'
import { findPersons, listUnitsById } from '../registry/server.ts'
import { whereaboutsWords } from '../whereabouts/index.ts'
import { type Asked, getDoneRun } from './commands.ts'
import {
  countDifferences,
  type DifferenceFilter,
  type DifferenceRow,
  listDifferences,
} from './difference.store.server.ts'
import type { DifferenceLine } from './difference-contract.ts'
import { differenceWords as words } from './difference-words.ts'
import { sliceWords } from './slice-words.ts'

/** [DIFF-3] How many children of each kind, for each cause; every figure has its rows in `listDifference`. */
export async function readDifference({ db }: Services, actor: Actor, id: RunId) {
  return db.inScope(actor.scope, async (tx) => {
    const run = await getDoneRun(tx, id)
    const before = run.posting?.before
    return {
      before:
        before === undefined
          ? null
          : { number: before.unitId === run.unit_id ? before.number : null, asOf: before.asOf },
      counts: [...(await countDifferences(tx, id))],
    }
  })
}

export async function listDifference(
  services: Services,
  actor: Actor,
  id: RunId,
  query: DifferenceFilter & { readonly page: number; readonly size: number },
): Promise<{ total: number; page: number; size: number; rows: DifferenceLine[] }> {
  const { page, size } = query
  return services.db.inScope(actor.scope, async (tx) => {
    await getDoneRun(tx, id)
    const total = (await countDifferences(tx, id))
      .filter(({ kind, why }) => (query.kind ?? kind) === kind && (query.why ?? why) === why)
      .reduce((sum, { count }) => sum + count, 0)
    const rows = await listDifferences(tx, id, { ...query, limit: size, offset: (page - 1) * size })
    return { total, page, size, rows: await linesOf(services, tx, rows) }
  })
}

/** Names as far as the scope sees the children. */
async function linesOf({ keys }: Services, tx: Tx, rows: readonly DifferenceRow[]): Promise<DifferenceLine[]> {
  const shown = await shownChildren(
    tx,
    keys,
    rows.map(({ childId }) => childId),
  )
  return rows.map((row) => {
    const child = shown.get(row.childId)
    return { ...row, name: child?.name ?? null, birth: child?.birth ?? null, citizenId: child?.citizenId ?? null }
  })
}

/** Read in parts: a list of a hundred thousand changes stands in memory never whole. */
const PART = 2_000

/** [DIFF-4] The list as a workbook, for a purpose; numbers stay masked. */
export async function downloadDifference(
  services: Services,
  { actor, audit }: Asked,
  wanted: { readonly runId: RunId; readonly reason: string },
): Promise<Download> {
  const reason = decideLoggedReason(wanted.reason, 'RUN.REASON_NEEDED')
  const { db, workFolders, clock } = services
  const { run, unit, person } = await db.inScope(actor.scope, async (tx) => {
    const run = await getDoneRun(tx, wanted.runId)
    const [unit] = await listUnitsById(tx, [run.unit_id])
    const person = (await findPersons(tx, [actor.accountId])).get(actor.accountId) ?? actor.login
    return { run, unit: unit?.name ?? '', person }
  })
  const folder = await workFolders.open(PART * 1_000)
  try {
    const out = join(folder.path, 'difference.xlsx')
    const file = await open(out, 'w+', 0o600)
    try {
      const { columns } = words
      const heads = [
        columns.name,
        columns.birth,
        columns.citizenId,
        columns.kind,
        columns.from,
        columns.to,
        columns.why,
      ]
      const at = new Intl.DateTimeFormat('zh-CN', {
        dateStyle: 'short',
        timeStyle: 'short',
        timeZone: 'Asia/Shanghai',
      }).format(clock.now())
      await writeXlsx(file, [
        {
          name: words.sheet,
          columns: heads.map((heading) => ({ heading, width: 18 })),
          isList: true,
          rows: partsOf(services, actor, wanted.runId),
        },
        {
          name: words.stampSheet,
          columns: [{ heading: words.stamp, width: 80 }],
          isList: false,
          rows: once([[sliceWords.stamp(unit, person, at, reason)]]),
        },
      ])
    } finally {
      await file.close()
    }
    audit.note({ kind: 'export', target: `run:${wanted.runId}/difference`, reason })
    const content = createReadStream(out)
    content.once('close', () => void folder.remove())
    return {
      fileName: words.fileName(unit, run.number),
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content,
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function* partsOf(services: Services, actor: Actor, id: RunId): AsyncGenerator<readonly (readonly OutCell[])[]> {
  for (let offset = 0; ; offset += PART) {
    const lines = await services.db.inScope(actor.scope, async (tx) => {
      const rows = await listDifferences(tx, id, { kind: undefined, why: undefined, limit: PART, offset })
      return linesOf(services, tx, rows)
    })
    if (lines.length === 0) return
    yield lines.map((line) => [
      line.name ?? words.unseen,
      line.birth,
      line.citizenId,
      words.kinds[line.kind],
      line.from === null ? words.notInBooks : whereaboutsWords.account[line.from],
      line.to === null ? words.notInBooks : whereaboutsWords.account[line.to],
      words.causes[line.why],
    ])
  }
}

async function* once(rows: readonly (readonly OutCell[])[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  yield rows
}
