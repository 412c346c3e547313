import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** An Ed25519 private key in PKCS #8 is this and its 32 bytes of seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const LABEL = 'baoxue signing key 1'

export interface SigningKey {
  /** DER, SubjectPublicKeyInfo: what anybody needs to check a signature, with openssl as well. */
  readonly publicKey: Buffer
  sign(text: string): Buffer
}

/**
 * [SEC-49] The installation's own key for signing, Ed25519, drawn from the index key: it is in the key file's backup without a line of
 * its own, and it stays when the sealing keys rotate, so that an old signature is still this installation's.
 */
export function signingKeyOf(index: KeyObject): SigningKey {
  const seed = createHmac('sha256', index).update(LABEL).digest()
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { publicKey, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key) }
}

/** False for a text that was changed by one byte, and for a key or signature that is none. */
export function isSignedBy(publicKey: Buffer, text: string, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text, 'utf8'), key, signature)
  } catch {
    return false
  }
}
