import { createHash } from 'node:crypto'
import type { RunId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { isSignedBy } from '../../platform/signing.ts'
import { findPersons } from '../registry/server.ts'
import { getDoneRun } from './commands.ts'
import { sha256Of } from './manifest.server.ts'
import { countKeptBatches, findManifest, type ManifestRow } from './manifest.store.server.ts'
import type { ManifestCheck } from './manifest-contract.ts'
import { canonicalText, type Manifest, type SignedManifest } from './manifest-rules.ts'
import { sliceWords as words } from './slice-words.ts'
import { listLists } from './store.ts'

const FINGERPRINT_DIGITS = 16

export async function readManifest({ db }: Services, actor: Actor, id: RunId) {
  return db.inScope(actor.scope, async (tx) => {
    const run = await getDoneRun(tx, id)
    const row = await findManifest(tx, id)
    if (row === undefined) throw new Problem('RUN.UNSIGNED')
    const manifest = JSON.parse(row.manifest) as Manifest
    const batches = manifest.inputs.flatMap(({ batch }) => batch ?? [])
    return {
      fingerprint: createHash('sha256').update(row.manifest).digest('hex').slice(0, FINGERPRINT_DIGITS),
      signedAt: manifest.run.signedAt,
      author: (await findPersons(tx, [run.created_by])).get(run.created_by) ?? words.unknownPerson,
      model: { version: manifest.engine.modelVersion, sha256: manifest.engine.modelSha256 },
      decisions: manifest.decisions.count,
      inputs: manifest.inputs.length,
      isRepeatable: batches.length > 0 && (await countKeptBatches(tx, batches)) === batches.length,
      file: `${JSON.stringify(fileOf(row), undefined, 1)}\n`,
    }
  })
}

function fileOf({ manifest, signature, publicKey }: ManifestRow): SignedManifest {
  return {
    manifest: JSON.parse(manifest),
    algorithm: 'ed25519',
    publicKey: publicKey.toString('base64'),
    signature: signature.toString('base64'),
  }
}

/** [MANIFEST-3] The signature against the text, the text against the figures, and each kept list against its hash. */
export async function verifyRun(services: Services, actor: Actor, id: RunId): Promise<{ checks: ManifestCheck[] }> {
  const { db, files, keys } = services
  const { row, run, lists } = await db.inScope(actor.scope, async (tx) => {
    const run = await getDoneRun(tx, id)
    const row = await findManifest(tx, id)
    if (row === undefined) throw new Problem('RUN.UNSIGNED')
    const lists = []
    for (const { list, file_id, row_count } of await listLists(tx, id)) {
      lists.push({ list, rows: row_count, file: await files.get(tx, file_id) })
    }
    return { row, run, lists }
  })
  const manifest = JSON.parse(row.manifest) as Manifest
  const isCanonical = canonicalText(manifest) === row.manifest && manifest.run.id === id
  const checks: ManifestCheck[] = [
    { check: 'signature', list: null, isRight: isCanonical && isSignedBy(row.publicKey, row.manifest, row.signature) },
    { check: 'installation', list: null, isRight: row.publicKey.equals(keys.signing().publicKey) },
    {
      check: 'summary',
      list: null,
      isRight:
        run.summary?.unexplained === manifest.counts.unexplained &&
        run.summary.personsToAccountFor === manifest.counts.personsToAccountFor &&
        run.summary.bridge.every(({ id, count }) => manifest.counts.bridge[id] === count),
    },
  ]
  for (const { list, rows, file } of lists) {
    const signed = manifest.lists.find((one) => one.list === list)
    const hash = await sha256Of(files.open(file)).catch(() => undefined)
    checks.push({
      check: 'list',
      list,
      isRight: signed !== undefined && signed.sha256 === hash && signed.rows === rows,
    })
  }
  return { checks }
}
