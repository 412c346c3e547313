import { createHmac, createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBy, signingKeyOf } from './signing.ts'

const index = createSecretKey(Buffer.alloc(32, 7))

test('[SEC-49] what was signed is known as signed, and one changed byte is not', () => {
  const { publicKey, sign } = signingKeyOf(index)
  const text = '{"number":1,"unit":"南川区"}'
  const signature = sign(text)
  expect(isSignedBy(publicKey, text, signature)).toBe(true)
  expect(isSignedBy(publicKey, text.replace('1', '2'), signature)).toBe(false)
  signature[5]! ^= 1
  expect(isSignedBy(publicKey, text, signature)).toBe(false)
  expect(isSignedBy(Buffer.from('no key'), text, signature)).toBe(false)
})

test('[SEC-49] the key is the installation’s: the same after a start, another for another key file', () => {
  const again = signingKeyOf(createSecretKey(Buffer.alloc(32, 7)))
  const other = signingKeyOf(createSecretKey(createHmac('sha256', 'x').digest()))
  expect(again.publicKey.equals(signingKeyOf(index).publicKey)).toBe(true)
  expect(other.publicKey.equals(again.publicKey)).toBe(false)
})
