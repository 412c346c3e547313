import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toModelJson } from '../../engines/linkage/model-json.ts'
import { type Parameter, valueOn } from '../../engines/policy/index.ts'
import type { Services } from '../../platform/services.ts'
import { LIST_NAMES, type ListName } from './contract.ts'
import { registerToRoll } from './linkage-definition.ts'
import type { ManifestRow } from './manifest.store.server.ts'
import { canonicalText, MANIFEST_FORMAT, type Manifest } from './manifest-rules.ts'
import type { Compared } from './pipeline.server.ts'
import { reconcileParameters } from './policy.ts'
import type { PostingRow, RunFound } from './store.ts'

export type ListHashes = Readonly<Record<ListName, string>>

/** [MANIFEST-2] SHA-256 of every list as the run wrote it. */
export async function hashLists(lists: Compared['lists']): Promise<ListHashes> {
  const hashes: Partial<Record<ListName, string>> = {}
  for (const list of LIST_NAMES) hashes[list] = await sha256Of(createReadStream(lists[list].parquet))
  return hashes as ListHashes
}

export async function sha256Of(content: Readable): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(content, hash)
  return hash.digest('hex')
}

export interface Signing {
  readonly run: RunFound
  readonly unit: { readonly code: string; readonly name: string }
  readonly result: Compared
  readonly posting: PostingRow | undefined
  readonly hashes: ListHashes
}

/** [MANIFEST-1] The run as one text, signed. */
export function signManifest({ keys, clock }: Pick<Services, 'keys' | 'clock'>, signing: Signing): ManifestRow {
  const manifest = canonicalText(manifestOf(signing, { now: clock.now(), today: clock.today() }))
  const key = keys.signing()
  return { manifest, signature: key.sign(manifest), publicKey: key.publicKey }
}

function manifestOf(
  { run, unit, result, posting, hashes }: Signing,
  { now, today }: { readonly now: Date; readonly today: ReturnType<Services['clock']['today']> },
): Manifest {
  const { summary, lists } = result
  const rates = toModelJson(registerToRoll, result.model)
  const counts = (lines: typeof summary.bridge) => Object.fromEntries(lines.map(({ id, count }) => [id, count]))
  return {
    format: MANIFEST_FORMAT,
    run: {
      id: run.run_id,
      number: run.number,
      purpose: run.purpose,
      unit: { id: run.unit_id, ...unit },
      authorAccount: run.created_by,
      schoolYear: run.school_year,
      asOf: run.as_of_day,
      today,
      createdAt: run.created_at.toISOString(),
      startedAt: run.started_at?.toISOString() ?? null,
      signedAt: now.toISOString(),
    },
    engine: {
      ...summary.engine,
      thresholds: registerToRoll.thresholds,
      modelVersion: posting?.modelVersion ?? null,
      modelSha256: createHash('sha256').update(canonicalText(rates)).digest('hex'),
      modelRates: rates,
    },
    parameters: reconcileParameters.map((parameter: Parameter<string | number>) => ({
      id: parameter.id,
      value: valueOn(parameter, today),
    })),
    inputs: inputsOf(run),
    surroundings: posting?.surroundings ?? null,
    decisions: posting?.decisions ?? { count: 0, digest: '' },
    counts: {
      personsToAccountFor: summary.personsToAccountFor,
      unexplained: summary.unexplained,
      bridge: counts(summary.bridge),
      population: counts(summary.population),
      roll: counts(summary.roll),
      posted: posting?.posted ?? null,
      merged: posting?.merged ?? null,
    },
    lists: LIST_NAMES.map((list) => ({ list, rows: lists[list].count, sha256: hashes[list] })),
  }
}

function inputsOf(run: RunFound): Manifest['inputs'] {
  if (run.inputs !== null) {
    return run.inputs.map(({ kind, batchId, contentKey, rows, asOf }) => ({
      kind,
      batch: batchId,
      content: contentKey,
      rows,
      asOf,
    }))
  }
  const sheet = (kind: string, fingerprint: string | null, rows: number | null | undefined) => ({
    kind,
    batch: null,
    content: fingerprint ?? '',
    rows: rows ?? 0,
    asOf: null,
  })
  return [
    sheet('population', run.population_fingerprint, run.population_layout?.rows),
    sheet('roll', run.roll_fingerprint, run.roll_layout?.rows),
  ]
}
