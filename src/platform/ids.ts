import type { Clock } from './clock.ts'

/** Fills `length` bytes; `crypto.randomBytes` in the product, a seeded source in the demo and in tests. */
export type RandomBytes = (length: number) => Uint8Array

export interface Ids {
  /** UUIDv7 (RFC 9562, 5.7); later ids of one source sort after earlier ones. */
  uuid(): string
}

/** Clock and randomness are given, so that the demo makes the same ids every time. */
export function createIds({ clock, random }: { readonly clock: Clock; readonly random: RandomBytes }): Ids {
  let last = 0
  let count = 0
  return {
    uuid() {
      const now = clock.now().getTime()
      // rand_a is a counter within the millisecond; when its 12 bits are used up the timestamp runs ahead by one.
      count = now > last ? 0 : count + 1
      last = Math.max(now, last)
      if (count > 0xfff) {
        last += 1
        count = 0
      }
      return uuidv7(last, count, random(8))
    },
  }
}

function uuidv7(milliseconds: number, counter: number, tail: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes.set(tail.subarray(0, 8), 8)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
