import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import iconv from 'iconv-lite'
import { to as copyTo } from 'pg-copy-streams'
import { connectAdmin } from '../../platform/db/migrate.ts'
import type { TestHouse } from './house.ts'
import { memoryFolder } from './sheets.ts'

/** Where a thief found what: `table outbox`, `file sealed/…`, `log`, `memory …`, and which of the secrets, by its place. */
export interface Loot {
  readonly place: string
  readonly secret: number
}

/**
 * [APP-2] Looks for secrets as a thief of the server's disk would: in every table as COPY writes it, past row security and with the
 * bytes of sealed columns, in every file of the data folder and its name, in what was logged, in memory. In every form a
 * program writes text or digits, and as hashes without a key: whoever knows the form of an ID number tries them all.
 */
export async function steal(house: TestHouse, secrets: readonly string[]): Promise<readonly Loot[]> {
  const needles = secrets.map(formsOf)
  const loot: Loot[] = []
  const look = (place: string, bytes: Buffer) => {
    for (const [secret, forms] of needles.entries())
      if (forms.some((form) => bytes.includes(form))) loot.push({ place, secret })
  }
  for await (const [table, bytes] of dump(house)) look(`table ${table}`, bytes)
  for (const folder of [house.dataDir, memoryFolder(house.dataDir)]) {
    for (const path of await filesIn(folder)) {
      const name = relative(folder, path)
      look(`name ${name}`, Buffer.from(name))
      look(`file ${name}`, await readFile(path))
    }
  }
  look('log', Buffer.from(house.lines.join('')))
  return loot
}

/** Every table of every schema, the queue's included, in the binary form of COPY: text in arrays and JSON stays text. */
export async function* dump({ adminUrl, admin }: TestHouse): AsyncGenerator<readonly [table: string, bytes: Buffer]> {
  const tables = await admin<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%' order by 1`,
  )
  const client = await connectAdmin(adminUrl)
  try {
    for (const { name } of tables) {
      yield [name, await buffer(client.query(copyTo(`copy (select * from ${name}) to stdout (format binary)`)))]
    }
  } finally {
    await client.end()
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function formsOf(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret)
  const texts = [
    secret,
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret)
      .replace(/[^\x20-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`)
      .slice(1, -1),
    // Two of the three places base64 can begin at would change both ends: those are cut off.
    ...[0, 1, 2].map((shift) => innerBase64(bytes, shift)),
  ]
  const digests = ['md5', 'sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(secret).digest())
  return [
    ...texts.map((text) => Buffer.from(text)),
    Buffer.from(secret, 'utf16le'),
    iconv.encode(secret, 'gb18030'),
    ...digests.flatMap((digest) => [digest, Buffer.from(digest.toString('hex'))]),
    ...numbersOf(secret),
  ].filter((form) => form.length >= 4)
}

function innerBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
  return text.slice(shift === 0 ? 0 : shift + 1, -4)
}

/** A telephone or the seventeen digits of an ID number as whole numbers of eight bytes. */
function numbersOf(secret: string): readonly Buffer[] {
  if (!/^\d{11}$|^\d{17}[\dX]$/.test(secret)) return []
  const forms = [Buffer.alloc(8), Buffer.alloc(8)] as const
  forms[0].writeBigInt64BE(BigInt(secret.slice(0, 17)))
  forms[1].writeBigInt64LE(BigInt(secret.slice(0, 17)))
  return forms
}
