import { z } from 'zod'
import { UUID_SHAPE } from '../../kernel/ids.ts'
import { defineRoute } from '../../kernel/route.ts'

const instant = z.iso.datetime({ offset: true })
const runParams = z.object({ runId: z.string().regex(UUID_SHAPE) })

/** What of a run was held against what. */
export const MANIFEST_CHECKS = ['signature', 'installation', 'summary', 'list'] as const

export const ManifestCheck = z.object({
  check: z.enum(MANIFEST_CHECKS),
  /** Of a list: which. */
  list: z.string().nullable(),
  isRight: z.boolean(),
})
export type ManifestCheck = z.infer<typeof ManifestCheck>

export const readManifest = defineRoute({
  id: 'run.manifest',
  method: 'GET',
  path: '/runs/:runId/manifest',
  summary: '一次比对的签名存证',
  access: 'run.read',
  params: runParams,
  answer: z.object({
    /** First digits of the SHA-256 of the signed text, to compare with a paper. */
    fingerprint: z.string(),
    signedAt: instant,
    author: z.string(),
    model: z.object({ version: z.number().int().nullable(), sha256: z.string() }),
    decisions: z.number().int(),
    inputs: z.number().int(),
    /** Whether the rows of all its batches are still kept, so that it can be made again. */
    isRepeatable: z.boolean(),
    /** The file to take away: the manifest, its signature and the public key. */
    file: z.string(),
  }),
  problems: ['RUN.NOT_FINISHED', 'RUN.CANCELLED', 'RUN.UNSIGNED'],
})

export const verifyRun = defineRoute({
  id: 'run.verify',
  method: 'POST',
  path: '/runs/:runId/verify',
  summary: '验证一次比对：签名、结果、每张名单',
  access: 'run.read',
  params: runParams,
  answer: z.object({ checks: z.array(ManifestCheck) }),
  problems: ['RUN.NOT_FINISHED', 'RUN.CANCELLED', 'RUN.UNSIGNED'],
})

export const manifestRoutes = [readManifest, verifyRun] as const
