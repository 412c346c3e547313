import { z } from 'zod'
import { defineRoute } from '../../kernel/route.ts'
import { BATCH_KINDS, STATUS_GROUPS, TIE_KINDS, TIE_SOURCES } from './kinds.ts'

const day = z.iso.date()
const instant = z.iso.datetime({ offset: true })
/** Ids of eight bytes. */
const longId = z.number().int().positive()
const childParams = z.object({ childId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

const reason = z.string().trim().max(200)

export const PersonIdentity = z.object({
  name: z.string(),
  formerName: z.string().nullable(),
  citizenId: z.string().nullable(),
  /** Another document, or an ID number that is not sound. */
  otherId: z.string().nullable(),
  ethnicity: z.string().nullable(),
  studentNo: z.string().nullable(),
  /** 1 male, 2 female. */
  sex: z.number().int().nullable(),
  birth: day.nullable(),
})
export type PersonIdentity = z.infer<typeof PersonIdentity>

export const PersonContact = z.object({
  phones: z.array(z.string()),
  address: z.string().nullable(),
  householdNo: z.string().nullable(),
  guardians: z.array(
    z.object({
      name: z.string().nullable(),
      citizenId: z.string().nullable(),
      phone: z.string().nullable(),
      relation: z.string().nullable(),
    }),
  ),
})
export type PersonContact = z.infer<typeof PersonContact>

export const ChildFile = z.object({
  childId: longId,
  /** Numbers masked; the name in full. Null: no live row speaks of the child any more. */
  identity: PersonIdentity.nullable(),
  /** Masked. Null: not in this unit's sight (registration only), or not told by any row. */
  contact: PersonContact.nullable(),
  /** False for a child recorded dead or missing: on no call, visit or letter list. */
  isCallable: z.boolean(),
  needsRepair: z.boolean(),
  ties: z.array(
    z.object({
      kind: z.enum(TIE_KINDS),
      kindLabel: z.string(),
      unitId: z.number().int(),
      unit: z.string(),
      from: day,
      /** First day on which it no longer holds. */
      until: day.nullable(),
      source: z.enum(TIE_SOURCES),
    }),
  ),
  tags: z.array(
    z.object({ code: z.string(), label: z.string(), from: day, until: day.nullable(), isSensitive: z.boolean() }),
  ),
  sources: z.array(
    z.object({
      recordId: longId,
      batchId: longId,
      kind: z.enum(BATCH_KINDS),
      kindLabel: z.string(),
      asOf: day,
      /** As the sheet counts its lines. */
      row: z.number().int(),
      giver: z.string(),
      /** Its page is in the reader's reach: the batch was given by the own unit or one below. */
      isBatchSeen: z.boolean(),
      needsRepair: z.boolean(),
      /** Another child has the same ID number. */
      sharesId: z.boolean(),
      /** The row says the same as an earlier one. */
      isRepeat: z.boolean(),
      isUndone: z.boolean(),
      roll: z
        .object({
          school: z.string().nullable(),
          grade: z.number().int().nullable(),
          className: z.string().nullable(),
          statusGroup: z.enum(STATUS_GROUPS),
          status: z.string().nullable(),
          boarding: z.boolean().nullable(),
          enrolledOn: day.nullable(),
        })
        .nullable(),
    }),
  ),
  /** Of the same household, or with a guardian in common; as far as the scope sees them. */
  siblings: z.array(
    z.object({ childId: longId, name: z.string(), sex: z.number().int().nullable(), birth: day.nullable() }),
  ),
  merges: z.array(
    z.object({
      mergeId: longId,
      fromChildId: longId,
      source: z.enum(['run', 'officer']),
      grounds: z.string().nullable(),
      mergedAt: instant,
    }),
  ),
})
export type ChildFile = z.infer<typeof ChildFile>

/** The own unit answers for the child's open file, or a reason was given within the last hours. */
export const readChildFile = defineRoute({
  id: 'child.read-file',
  method: 'GET',
  path: '/children/:childId',
  summary: '孩子的档案',
  access: 'child.read',
  params: childParams,
  answer: ChildFile,
  problems: ['REQUEST.NOT_FOUND', 'CHILD.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const openChildFile = defineRoute({
  id: 'child.open',
  method: 'POST',
  path: '/children/:childId/open',
  summary: '写明事由，打开不在本单位待办里的孩子的档案',
  access: 'child.read',
  params: childParams,
  body: z.object({ reason }),
  answer: ChildFile,
  problems: ['REQUEST.NOT_FOUND', 'CHILD.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const REVEALED = ['id', 'phone', 'address'] as const

export const revealChild = defineRoute({
  id: 'child.reveal',
  method: 'POST',
  path: '/children/:childId/reveal',
  summary: '写明事由，查看完整的证件号、电话或住址',
  access: 'child.reveal',
  params: childParams,
  body: z.object({ reason, fields: z.array(z.enum(REVEALED)).min(1).max(REVEALED.length) }),
  /** Only what was asked for is whole; the rest stays masked. */
  answer: ChildFile.pick({ identity: true, contact: true, isCallable: true }),
  problems: ['REQUEST.NOT_FOUND', 'CHILD.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const personsRoutes = [readChildFile, openChildFile, revealChild] as const
