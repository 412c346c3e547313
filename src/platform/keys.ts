/**
 * The key file: everything that opens what is sealed, outside the database.
 * Made at the first start, mode 0600, part of the backup; without it sealed
 * data is lost for good, so a start never makes a second one: the database
 * holds a check value of every key, and a missing or foreign file is refused.
 *
 * Sealing keys rotate: the newest seals, all open. The index key does not,
 * because every blind index in the database was made with it.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type Hmac,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Transform } from 'node:stream'
import { Problem } from '../kernel/problem.ts'
import type { Clock } from './clock.ts'
import type { Database } from './db/index.ts'
import {
  type KeyFile,
  type KeyLine,
  makeKeyFile,
  newKeyLine,
  readKeyFile,
  readKeyFileSync,
  replaceKeyFile,
} from './key-file.ts'
import { openStream, sealStream } from './seal.ts'
import { type SigningKey, signingKeyOf } from './signing.ts'

/** The keys themselves. Opens with `keysOf`. */
export type KeyMaterial = KeyFile

/** What a child process may do: seal, open and look up, not rotate. */
export type ChildKeys = Omit<Keys, 'rotate' | 'material'>

export interface Keys {
  /** Of new seals. */
  readonly currentId: string
  /** [SEC-11] `context` (table and column) is authenticated, so a sealed value cannot be moved to another column. */
  seal(text: string, context: string): Buffer
  open(sealed: Buffer, context: string): string
  /** [SEC-12] Keyed HMAC-SHA256 for look-ups; `kind` keeps indexes of different fields apart. */
  blindIndex(kind: string, text: string): Buffer
  /** [SEC-12] The first eight bytes of the blind index, for a `bigint` column: small in an index, and equal means "look", not "same". */
  indexKey(kind: string, text: string): bigint
  /** [SEC-49] Signs what has to be shown to others as this installation's. */
  signing(): SigningKey
  /** Keyed hash of a file's content. */
  contentHash(): Hmac
  sealStream(): Transform
  openStream(): Transform
  /** For a child process of this program, over its own channel; never written anywhere. */
  material(): KeyMaterial
  /** [SEC-13] Makes a new key for new seals; what older keys sealed stays open. Answers the new key's id. */
  rotate(): Promise<string>
}

type KeyTables = {
  key_check: { key_id: string; check_value: Buffer }
}

/** Sealed values: 1 byte version, 8 bytes key id, 12 bytes nonce, ciphertext, 16 bytes tag. */
const VALUE_VERSION = 1
const VALUE_HEAD = 9
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Of a key, in the database: enough to recognise the key, useless for finding it. */
const CHECK_LABEL = 'baoxue key check'

interface KeyRing {
  readonly current: SealingKey
  readonly sealing: ReadonlyMap<string, KeyObject>
  readonly index: KeyObject
}

interface SealingKey {
  readonly id: string
  readonly key: KeyObject
  /** Version and key id, as every sealed value begins. */
  readonly head: Buffer
  /** Head and context, by context: the handful of columns of the product. */
  readonly aads: Map<string, Buffer>
}

interface KeysOptions {
  readonly path: string
  readonly db: Database
  readonly clock: Clock
}

/** [SEC-14] Opens the key file, or makes it when neither the file nor the database knows a key. */
export async function openKeys({ path, db, clock }: KeysOptions): Promise<Keys> {
  const checks = await readChecks(db)
  const found = await readKeyFile(path)
  if (found === undefined && checks.size > 0) throw new Problem('FILE.KEY_MISSING', { path })
  let file: KeyFile = found ?? (await makeKeyFile(path, clock.now()))
  refuseForeignFile(file, checks)
  await writeChecks(db, file)

  let ring = ringOf(file)
  /** Another process may have rotated: an unknown id is looked up in the file once more before it counts as wrong. */
  const reload = (keyId: string): KeyObject | undefined => {
    const known = ring.sealing.get(keyId)
    if (known !== undefined) return known
    const fresh = readKeyFileSync(path)
    if (fresh !== undefined) {
      file = fresh
      ring = ringOf(fresh)
    }
    return ring.sealing.get(keyId)
  }

  return {
    ...usesOf(() => ring, reload),
    get currentId() {
      return ring.current.id
    },
    material: () => file,
    async rotate() {
      const before = await readKeyFile(path)
      if (before === undefined) throw new Problem('FILE.KEY_MISSING', { path })
      const after: KeyFile = { ...before, sealing: [...before.sealing, newKeyLine(clock.now())] }
      await replaceKeyFile(path, after)
      await writeChecks(db, after)
      file = after
      ring = ringOf(after)
      return ring.current.id
    },
  }
}

/** [SEC-17] The keys of a parent process, in its child. */
export function keysOf(material: KeyMaterial): ChildKeys {
  const ring = ringOf(material)
  return {
    ...usesOf(
      () => ring,
      (keyId) => ring.sealing.get(keyId),
    ),
    currentId: ring.current.id,
  }
}

function usesOf(ring: () => KeyRing, find: (keyId: string) => KeyObject | undefined): Omit<ChildKeys, 'currentId'> {
  const index = (kind: string, text: string) => createHmac('sha256', ring().index).update(`${kind}\0${text}`).digest()
  return {
    seal: (text, context) => sealValue(ring().current, text, context),
    open(sealed, context) {
      const keyId = sealed.subarray(1, VALUE_HEAD).toString('hex')
      if (sealed[0] !== VALUE_VERSION) throw new Problem('FILE.SEAL_BROKEN', {}, { context })
      const key = find(keyId)
      if (key === undefined) throw new Problem('FILE.KEY_WRONG', {}, { keyId, context })
      return openValue(key, sealed, context)
    },
    blindIndex: index,
    indexKey: (kind, text) => index(kind, text).readBigInt64BE(),
    signing: () => signingKeyOf(ring().index),
    contentHash: () => createHmac('sha256', ring().index).update('file\0'),
    sealStream: () => sealStream(ring().current),
    openStream: () => openStream(find),
  }
}

/** Drawing one nonce costs as much as a third of a sealed value; drawing many at once costs nothing. */
const NONCES_DRAWN = 256
let noncePool = Buffer.alloc(0)

function nextNonce(): Buffer {
  if (noncePool.length === 0) noncePool = randomBytes(NONCE_BYTES * NONCES_DRAWN)
  const nonce = noncePool.subarray(0, NONCE_BYTES)
  noncePool = noncePool.subarray(NONCE_BYTES)
  return nonce
}

function sealValue({ key, head, aads }: SealingKey, text: string, context: string): Buffer {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  let aad = aads.get(context)
  if (aad === undefined) {
    aad = Buffer.concat([head, Buffer.from(context)])
    aads.set(context, aad)
  }
  cipher.setAAD(aad)
  const body = cipher.update(text, 'utf8')
  return Buffer.concat([head, nonce, body, cipher.final(), cipher.getAuthTag()])
}

function openValue(key: KeyObject, sealed: Buffer, context: string): string {
  if (sealed.length < VALUE_HEAD + NONCE_BYTES + TAG_BYTES) throw new Problem('FILE.SEAL_BROKEN', {}, { context })
  const nonce = sealed.subarray(VALUE_HEAD, VALUE_HEAD + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.concat([sealed.subarray(0, VALUE_HEAD), Buffer.from(context)]))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const body = decipher.update(sealed.subarray(VALUE_HEAD + NONCE_BYTES, sealed.length - TAG_BYTES))
  try {
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    throw new Problem('FILE.SEAL_BROKEN', {}, { context })
  }
}

function ringOf(file: KeyFile): KeyRing {
  const sealing = new Map(file.sealing.map((line) => [line.id, keyObject(line)]))
  const newest = file.sealing.at(-1)!
  const head = Buffer.concat([Buffer.of(VALUE_VERSION), Buffer.from(newest.id, 'hex')])
  const current = { id: newest.id, key: sealing.get(newest.id)!, head, aads: new Map<string, Buffer>() }
  return { current, sealing, index: keyObject(file.index) }
}

function keyObject(line: KeyLine): KeyObject {
  return createSecretKey(Buffer.from(line.key, 'base64'))
}

function checkOf(line: KeyLine): Buffer {
  return createHmac('sha256', keyObject(line)).update(CHECK_LABEL).digest()
}

function refuseForeignFile(file: KeyFile, checks: ReadonlyMap<string, Buffer>): void {
  const lines = new Map([...file.sealing, file.index].map((line) => [line.id, line]))
  for (const [keyId, check] of checks) {
    const line = lines.get(keyId)
    if (line === undefined || !timingSafeEqual(checkOf(line), check)) throw new Problem('FILE.KEY_WRONG', {}, { keyId })
  }
}

async function readChecks(db: Database): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await db.asSystem('keys.check', (tx) =>
    tx.withTables<KeyTables>().selectFrom('key_check').selectAll().execute(),
  )
  return new Map(rows.map((row) => [row.key_id, row.check_value]))
}

async function writeChecks(db: Database, file: KeyFile): Promise<void> {
  const rows = [...file.sealing, file.index].map((line) => ({ key_id: line.id, check_value: checkOf(line) }))
  await db.asSystem('keys.check', (tx) =>
    tx
      .withTables<KeyTables>()
      .insertInto('key_check')
      .values(rows)
      .onConflict((clash) => clash.column('key_id').doNothing())
      .execute(),
  )
  // Two first starts at once made one file (it is never overwritten) but may both have inserted: look again.
  refuseForeignFile(file, await readChecks(db))
}
