import type { ModelJson } from '../../engines/linkage/model-json.ts'
import type { RunSummary } from './contract.ts'

/** Raised when a member changes its meaning. */
export const MANIFEST_FORMAT = 'baoxue.run/1'

/** What a run was made of and what came out. Ids, counts and hashes; no person, no number of a person. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT
  readonly run: {
    readonly id: string
    readonly number: number
    readonly purpose: string
    readonly unit: { readonly id: number; readonly code: string; readonly name: string }
    readonly authorAccount: number
    readonly schoolYear: number
    readonly asOf: string | null
    readonly today: string
    readonly createdAt: string
    readonly startedAt: string | null
    readonly signedAt: string
  }
  readonly engine: RunSummary['engine'] & {
    readonly thresholds: Readonly<Record<string, number>>
    /** Null: learnt from these inputs. */
    readonly modelVersion: number | null
    readonly modelSha256: string
    readonly modelRates: ModelJson
  }
  readonly parameters: readonly { readonly id: string; readonly value: string | number | boolean }[]
  readonly inputs: readonly {
    readonly kind: string
    readonly batch: number | null
    readonly content: string
    readonly rows: number
    readonly asOf: string | null
  }[]
  /** Of what else was committed when it began. */
  readonly surroundings: string | null
  readonly decisions: { readonly count: number; readonly digest: string }
  readonly counts: {
    readonly personsToAccountFor: number
    readonly unexplained: number
    readonly bridge: Readonly<Record<string, number>>
    readonly population: Readonly<Record<string, number>>
    readonly roll: Readonly<Record<string, number>>
    readonly posted: number | null
    readonly merged: number | null
  }
  readonly lists: readonly { readonly list: string; readonly rows: number; readonly sha256: string }[]
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json }

/** [MANIFEST-1] One text for one value: members in the order of their names, no blanks. RFC 8785 without its rules for odd numbers. */
export function canonicalText(value: unknown): string {
  return write(value as Json)
}

function write(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(write).join(',')}]`
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${write(value[name]!)}`)
  return `{${members.join(',')}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** A signed manifest as it is taken away: whoever has the file needs nothing else to check it. */
export interface SignedManifest {
  readonly manifest: unknown
  readonly algorithm: 'ed25519'
  readonly publicKey: string
  readonly signature: string
}

/** Undefined: no such file. */
export function parseSigned(text: string): SignedManifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { manifest, algorithm, publicKey, signature } = value as Partial<SignedManifest>
    if (typeof manifest !== 'object' || manifest === null || algorithm !== 'ed25519') return undefined
    if (typeof publicKey !== 'string' || typeof signature !== 'string') return undefined
    return { manifest, algorithm, publicKey, signature }
  } catch {
    return undefined
  }
}
