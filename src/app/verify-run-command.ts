import { createSecretKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { canonicalText, type Manifest, parseSigned } from '../domains/reconcile/manifest-rules.ts'
import { Problem } from '../kernel/problem.ts'
import { readKeyFile } from '../platform/key-file.ts'
import { isSignedBy, signingKeyOf } from '../platform/signing.ts'
import { commandWords } from './command-words.ts'
import { UsageError } from './reconcile-command.ts'

const words = commandWords.verifyRun

/** A manifest with the rates of a model is some ten thousand bytes. */
const MOST_BYTES = 4_000_000

interface Ask {
  readonly args: readonly string[]
  readonly cwd: string
  /** Of this installation, where there is one: then it is told whether it signed. */
  readonly keyFile: string
}

/** [MANIFEST-3] Checks a manifest that was taken away, without server or database. Answers the lines to print. */
export async function verifyRunCommand({ args, cwd, keyFile }: Ask): Promise<readonly string[]> {
  const [file, ...extra] = args
  if (file === undefined) throw new UsageError(words.needsFile)
  if (extra[0] !== undefined) throw new UsageError(commandWords.extra(extra[0]))
  const text = await readFile(resolve(cwd, file)).catch(() => Buffer.alloc(MOST_BYTES + 1))
  const signed = text.length > MOST_BYTES ? undefined : parseSigned(text.toString('utf8'))
  if (signed === undefined) throw new Problem('RUN.NO_MANIFEST')
  const publicKey = Buffer.from(signed.publicKey, 'base64')
  if (!isSignedBy(publicKey, canonicalText(signed.manifest), Buffer.from(signed.signature, 'base64'))) {
    throw new Problem('RUN.TAMPERED')
  }
  const { run, counts, lists, engine } = signed.manifest as Manifest
  return [
    words.right,
    await signerOf(publicKey, keyFile),
    words.run(run.unit.name, run.number, run.signedAt),
    words.counts(counts.personsToAccountFor, counts.unexplained),
    words.engine(engine.version, engine.model, engine.modelSha256.slice(0, 16)),
    ...lists.map(({ list, rows, sha256 }) => words.list(list, rows, sha256)),
  ]
}

async function signerOf(publicKey: Buffer, keyFile: string): Promise<string> {
  const own = await readKeyFile(keyFile)
  if (own === undefined) return words.noKey(publicKey.toString('base64'))
  const { publicKey: ours } = signingKeyOf(createSecretKey(Buffer.from(own.index.key, 'base64')))
  return ours.equals(publicKey) ? words.ours : words.others(publicKey.toString('base64'))
}
