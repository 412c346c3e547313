import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Selectable, sql } from 'kysely'
import { type FileId, fileId as toFileId } from '../kernel/ids.ts'
import { Problem } from '../kernel/problem.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Clock } from './clock.ts'
import type { Database, Tx } from './db/index.ts'
import type { Ids } from './ids.ts'
import type { ChildKeys } from './keys.ts'
import { createSealedStore, diskFaultOf } from './sealed-store.ts'
import type { WorkFolder } from './work-folder.ts'

export interface SealedFile {
  readonly fileId: FileId
  readonly purpose: string
  readonly name: string
  readonly mediaType: string
  /** Of the plaintext. */
  readonly bytes: number
  /** First 12 hexadecimal digits of the SHA-256 of the plaintext, for a person to compare two files. */
  readonly fingerprint: string
  readonly createdAt: Date
  readonly keepUntil: Date | null
  /** Equal for equal content. */
  readonly contentHash: Buffer
}

/** Content that is on disk, sealed and synced, and belongs to nobody yet. `keep` it or `discard` it. */
export interface StagedFile {
  readonly bytes: number
  readonly fingerprint: string
  readonly contentHash: Buffer
  /** Of the sealed draft. */
  readonly path: string
}

export interface KeepOptions {
  /** The unit that owns it and all above it. */
  readonly units: readonly number[]
  readonly accountId: number | null
  /** What it is: `sheet`, `list`, `workbook`. */
  readonly purpose: string
  /** Stored sealed. */
  readonly name: string
  readonly mediaType: string
  /** Removed by `sweep` after this instant; null keeps it until `remove`. */
  readonly keepUntil: Date | null
}

export interface SealedFiles {
  /** Stage and keep in one step, in a transaction of its own. */
  put(content: Readable, options: KeepOptions & StageOptions & { readonly scope: Scope }): Promise<SealedFile>
  /** Seals the stream onto the disk. Nothing is left behind when it fails. Holds no transaction, however slow the stream is. */
  stage(content: Readable, options?: StageOptions): Promise<StagedFile>
  /** Gives staged content an owner, in the caller's transaction. */
  keep(tx: Tx, staged: StagedFile, options: KeepOptions): Promise<SealedFile>
  discard(staged: StagedFile): Promise<void>
  /** Staged content, readable before it is kept. */
  openStaged(staged: StagedFile): Readable
  /** [SEC-7] In the scope of the transaction: the row of another unit is not there. */
  find(tx: Tx, fileId: FileId): Promise<SealedFile | undefined>
  /** `REQUEST.NOT_FOUND` when it is not there or not in scope. */
  get(tx: Tx, fileId: FileId): Promise<SealedFile>
  /** Plaintext as a stream. The row was read in scope; the bytes need no transaction. */
  open(file: SealedFile): Readable
  /** Writes the plaintext into a work folder and answers the path. */
  materialise(file: SealedFile, folder: WorkFolder, name: string): Promise<string>
  /** Removes the row in scope, and the content when no other row has it. */
  remove(scope: Scope, fileId: FileId): Promise<void>
  /** Removes what is past its `keepUntil`, and content that no row has. Answers how many files went. */
  sweep(): Promise<number>
  /** [SEC-13] Seals with the current key what older keys sealed, file by file, while the server runs. Answers how many. */
  reseal(signal: AbortSignal): Promise<number>
}

interface StageOptions {
  readonly limitBytes?: number
}

type FileTables = {
  sealed_file: {
    file_id: string
    content_hash: Buffer
    bytes: number
    fingerprint: string
    purpose: string
    name_sealed: Buffer
    media_type: string
    account_id: number | null
    units: number[]
    created_at: Date
    keep_until: Date | null
  }
}

interface FilesOptions {
  readonly folder: string
  readonly keys: ChildKeys
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
}

const NAME_CONTEXT = 'sealed_file.name_sealed'
/** Between placing content and committing its row lie milliseconds; an hour leaves room for a long transaction. */
const ORPHAN_GRACE_MS = 3600 * 1000

export function createFiles({ folder, keys, db, clock, ids }: FilesOptions): SealedFiles {
  const store = createSealedStore({ folder, keys })

  async function stage(
    content: Readable,
    { limitBytes = Number.POSITIVE_INFINITY }: StageOptions = {},
  ): Promise<StagedFile> {
    const keyed = keys.contentHash()
    const plain = createHash('sha256')
    let bytes = 0
    const tap = new Transform({
      transform(part: Buffer, _encoding, callback) {
        bytes += part.length
        if (bytes > limitBytes) return callback(new Problem('REQUEST.TOO_LARGE', { limit: megabytes(limitBytes) }))
        keyed.update(part)
        plain.update(part)
        callback(null, part)
      },
    })
    const path = await store.writeDraft(content, tap)
    return { bytes, path, contentHash: keyed.digest(), fingerprint: plain.digest('hex').slice(0, 12) }
  }

  async function keep(tx: Tx, staged: StagedFile, options: KeepOptions): Promise<SealedFile> {
    await lockContent(tx, staged.contentHash)
    await store.place(staged.path, staged.contentHash, clock.now())
    const row = {
      file_id: ids.uuid(),
      content_hash: staged.contentHash,
      bytes: staged.bytes,
      fingerprint: staged.fingerprint,
      purpose: options.purpose,
      name_sealed: keys.seal(options.name, NAME_CONTEXT),
      media_type: options.mediaType,
      account_id: options.accountId,
      units: [...options.units],
      created_at: clock.now(),
      keep_until: options.keepUntil,
    }
    await tx.withTables<FileTables>().insertInto('sealed_file').values(row).execute()
    return fileOf(row)
  }

  async function find(tx: Tx, fileId: FileId): Promise<SealedFile | undefined> {
    const files = tx.withTables<FileTables>().selectFrom('sealed_file')
    const row = await files.selectAll().where('file_id', '=', fileId).executeTakeFirst()
    return row === undefined ? undefined : fileOf(row)
  }

  function fileOf(row: Selectable<FileTables['sealed_file']>): SealedFile {
    return {
      fileId: toFileId(row.file_id),
      purpose: row.purpose,
      name: keys.open(row.name_sealed, NAME_CONTEXT),
      mediaType: row.media_type,
      bytes: row.bytes,
      fingerprint: row.fingerprint,
      createdAt: row.created_at,
      keepUntil: row.keep_until,
      contentHash: row.content_hash,
    }
  }

  /** Rows of other units are asked for too, so as the system; under the lock, so that no `keep` of the same content is between its two steps. */
  async function removeWithoutRow(contentHash: Buffer): Promise<boolean> {
    return await db.asSystem('files.remove-content', async (tx) => {
      await lockContent(tx, contentHash)
      const files = tx.withTables<FileTables>().selectFrom('sealed_file')
      const row = await files.select('file_id').where('content_hash', '=', contentHash).limit(1).executeTakeFirst()
      if (row !== undefined) return false
      await store.remove(contentHash)
      return true
    })
  }

  return {
    stage,
    keep,
    find,
    async put(content, options) {
      const staged = await stage(content, options)
      try {
        return await db.inScope(options.scope, (tx) => keep(tx, staged, options))
      } catch (error) {
        await store.removeDraft(staged.path)
        throw error
      }
    },
    discard: (staged) => store.removeDraft(staged.path),
    openStaged: (staged) => store.readDraft(staged.path),
    async get(tx, fileId) {
      const file = await find(tx, fileId)
      if (file === undefined) throw new Problem('REQUEST.NOT_FOUND', {}, { fileId })
      return file
    },
    open: (file) => store.read(file.contentHash),
    async materialise(file, workFolder, name) {
      const path = join(workFolder.path, name)
      try {
        await pipeline(store.read(file.contentHash), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      } catch (error) {
        throw diskFaultOf(error)
      }
      return path
    },
    async remove(scope, fileId) {
      const removed = await db.inScope(scope, (tx) => {
        const files = tx.withTables<FileTables>().deleteFrom('sealed_file')
        return files.where('file_id', '=', fileId).returning('content_hash').executeTakeFirst()
      })
      if (removed === undefined) throw new Problem('REQUEST.NOT_FOUND', {}, { fileId })
      await removeWithoutRow(removed.content_hash)
    },
    async sweep() {
      const now = clock.now()
      await removeOverdue(now)
      await store.removeStaleDrafts(now)
      let removed = 0
      for await (const { contentHash, placedAt } of store.list()) {
        if (now.getTime() - placedAt.getTime() < ORPHAN_GRACE_MS) continue
        if (await removeWithoutRow(contentHash)) removed += 1
      }
      return removed
    },
    async reseal(signal) {
      let resealed = 0
      for await (const { contentHash } of store.list()) {
        signal.throwIfAborted()
        const isDone = await db.asSystem('files.reseal', async (tx) => {
          await lockContent(tx, contentHash)
          return await store.reseal(contentHash)
        })
        if (isDone) resealed += 1
      }
      await resealNames(signal)
      return resealed
    },
  }

  async function removeOverdue(now: Date): Promise<void> {
    const overdue = await db.asSystem('files.retention', (tx) => {
      const files = tx.withTables<FileTables>().selectFrom('sealed_file')
      return files.select('file_id').where('keep_until', '<=', now).execute()
    })
    for (const { file_id } of overdue) {
      try {
        await db.asSystem('files.retention', (tx) =>
          tx.withTables<FileTables>().deleteFrom('sealed_file').where('file_id', '=', file_id).execute(),
        )
      } catch (error) {
        // A slice still refers to it: its own retention comes first.
        if (!(error instanceof Problem) || error.code !== 'REQUEST.NOT_SAVED') throw error
      }
    }
  }

  async function resealNames(signal: AbortSignal): Promise<void> {
    const current = Buffer.from(keys.currentId, 'hex')
    let isMore = true
    while (isMore) {
      signal.throwIfAborted()
      isMore = await db.asSystem('files.reseal-names', async (tx) => {
        const files = tx.withTables<FileTables>()
        const rows = await files
          .selectFrom('sealed_file')
          .select(['file_id', 'name_sealed'])
          .where(sql<Buffer>`substring(name_sealed from 2 for 8)`, '!=', current)
          .limit(500)
          .forUpdate()
          .execute()
        for (const row of rows) {
          const name = keys.seal(keys.open(row.name_sealed, NAME_CONTEXT), NAME_CONTEXT)
          await files.updateTable('sealed_file').set({ name_sealed: name }).where('file_id', '=', row.file_id).execute()
        }
        return rows.length > 0
      })
    }
  }
}

/** Held to the end of the transaction. */
async function lockContent(tx: Tx, contentHash: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(${contentHash.readBigInt64BE().toString()}::bigint)`.execute(tx)
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / (1 << 20))} MB`
}
