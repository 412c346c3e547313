import { createSecretKey, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MasterKey, openStream, readSealedKeyId, SEAL_HEADER_BYTES, sealStream } from './seal.ts'

const MIB = 1 << 20
const CHUNK = MIB + 16
const master = newKey()

function newKey(): MasterKey {
  return { id: randomBytes(8).toString('hex'), key: createSecretKey(randomBytes(32)) }
}

async function seal(plain: Buffer, key = master): Promise<Buffer> {
  return await buffer(Readable.from([plain]).pipe(sealStream(key)))
}

async function open(sealed: Buffer, ...keys: readonly MasterKey[]): Promise<Buffer> {
  const ring = new Map((keys.length === 0 ? [master] : keys).map(({ id, key }) => [id, key]))
  const plain = openStream((id) => ring.get(id))
  const result = buffer(plain)
  const [opened] = await Promise.allSettled([result, pipeline(Readable.from([sealed]), plain, { end: true })])
  if (opened.status === 'rejected') throw opened.reason
  return opened.value
}

const broken = expect.objectContaining({ code: 'FILE.SEAL_BROKEN' })

describe('[SEC-10] what was sealed opens as it was, or not at all', () => {
  test.each([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 7])('%i bytes come back', async (bytes) => {
    const plain = randomBytes(bytes)
    expect((await open(await seal(plain))).equals(plain)).toBe(true)
  })

  test('however the stream is cut into pieces', async () => {
    const plain = randomBytes(2 * MIB + 100)
    const sealed = await seal(plain)
    const ends = [1, 44, 88, 93, CHUNK + 3, CHUNK + 6, CHUNK + 700_000, sealed.length]
    const stream = Readable.from(ends.map((end, n) => sealed.subarray(ends[n - 1] ?? 0, end)))
    expect((await buffer(stream.pipe(openStream(() => master.key)))).equals(plain)).toBe(true)
  })

  test('one changed bit anywhere is noticed', async () => {
    const sealed = await seal(randomBytes(300))
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(sealed)
        changed[at] = changed[at]! ^ (1 << bit)
        // A changed key id names a key that is not there; everything else breaks the seal.
        const code = at >= 4 && at < 12 ? 'FILE.KEY_WRONG' : 'FILE.SEAL_BROKEN'
        await expect(open(changed)).rejects.toMatchObject({ code })
      }),
      { numRuns: 200 },
    )
  })

  test('cut off at a chunk border, in a chunk, in the header, or to nothing', async () => {
    const sealed = await seal(randomBytes(3 * MIB))
    for (const bytes of [
      0,
      10,
      SEAL_HEADER_BYTES,
      SEAL_HEADER_BYTES + CHUNK,
      SEAL_HEADER_BYTES + 2 * CHUNK,
      sealed.length - 1,
    ]) {
      await expect(open(sealed.subarray(0, bytes)), `${bytes} bytes`).rejects.toEqual(broken)
    }
  })

  test('chunks exchanged, repeated, left out, or taken from another file', async () => {
    const sealed = await seal(randomBytes(3 * MIB + 5))
    const other = await seal(randomBytes(3 * MIB + 5))
    const [header, first, second, third, last] = [
      sealed.subarray(0, SEAL_HEADER_BYTES),
      ...[0, 1, 2, 3].map((n) => sealed.subarray(SEAL_HEADER_BYTES + n * CHUNK, SEAL_HEADER_BYTES + (n + 1) * CHUNK)),
    ] as [Buffer, Buffer, Buffer, Buffer, Buffer]
    const foreign = other.subarray(SEAL_HEADER_BYTES, SEAL_HEADER_BYTES + CHUNK)
    for (const parts of [
      [header, second, first, third, last],
      [header, first, first, second, third, last],
      [header, first, third, last],
      [header, first, second, last],
      [header, foreign, second, third, last],
      [header, first, second, third, last, last],
    ]) {
      await expect(open(Buffer.concat(parts))).rejects.toEqual(broken)
    }
  })

  test('nothing of a chunk comes out before the chunk was checked', async () => {
    const sealed = await seal(randomBytes(2 * MIB))
    sealed[sealed.length - 1]! ^= 1
    const plain = Readable.from([sealed]).pipe(openStream(() => master.key))
    let bytes = 0
    plain.on('data', (part: Buffer) => {
      bytes += part.length
    })
    await new Promise((resolve) => plain.on('error', resolve))
    expect(bytes).toBe(MIB)
  })

  test('another key does not open it', async () => {
    const sealed = await seal(randomBytes(10))
    await expect(open(sealed, newKey())).rejects.toMatchObject({ code: 'FILE.KEY_WRONG' })
    await expect(open(sealed, { id: master.id, key: newKey().key })).rejects.toEqual(broken)
  })
})

test('the key that sealed it can be read from the header, and nothing else is taken for a header', async () => {
  expect(readSealedKeyId(await seal(Buffer.alloc(0)))).toBe(master.id)
  expect(readSealedKeyId(randomBytes(100))).toBeUndefined()
  expect(readSealedKeyId(Buffer.from('BXS1'))).toBeUndefined()
})
