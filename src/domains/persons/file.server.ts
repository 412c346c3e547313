import type { ChildId, UnitId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Keys } from '../../platform/keys.ts'
import type { ChildFile, PersonContact, PersonIdentity } from './contract.ts'
import { SENSITIVE_KINDS } from './kinds.ts'
import { listMerges } from './merge-store.server.ts'
import {
  type ChildSource,
  listSiblings,
  readContact,
  readIdentity,
  readStudentNo,
  shownChildren,
} from './read-store.server.ts'
import type { Contact, Identity } from './record.ts'
import type { Child } from './store.ts'
import { listTags } from './tag-store.server.ts'
import { TAGS } from './tags.ts'
import { listTies } from './tie-store.server.ts'
import { personsWords as words } from './words.ts'

/** A family larger than this is a home or a fault of the sheet. */
const MOST_SIBLINGS = 12

type FileInScope = Omit<ChildFile, 'sources' | 'needsRepair'>

/** With the rows that speak of the child. */
export function withSources(file: FileInScope, sources: readonly ChildSource[], reader: UnitId): ChildFile {
  const needsRepair = sources.some((source) => !source.isUndone && (source.needsRepair || source.sharesId))
  return { ...file, needsRepair, sources: sources.map((source) => sourceOf(source, reader)) }
}

/** [ROST-5] That a child is on a list of poverty, relief or disability is not told to a village. */
export function withoutLists(file: ChildFile): ChildFile {
  return {
    ...file,
    ties: file.ties.filter(({ kind }) => kind !== 'listed'),
    tags: file.tags.filter(({ isSensitive }) => !isSensitive),
    sources: file.sources.filter(({ kind }) => !SENSITIVE_KINDS.includes(kind)),
  }
}

/** [PERS-12] Everything the scope may know of a child, masked. */
export async function readFile(
  tx: Tx,
  keys: Pick<Keys, 'open'>,
  { childId }: Child,
  { isCallable }: { readonly isCallable: boolean },
): Promise<FileInScope> {
  const identity = (await readIdentity(tx, keys, [childId])).get(childId)
  const contact = (await readContact(tx, keys, [childId])).get(childId)
  const siblings = await listSiblings(tx, childId, MOST_SIBLINGS)
  const shown = await shownChildren(tx, keys, siblings)
  return {
    childId,
    identity: identity === undefined ? null : await identityOf(tx, keys, childId, identity),
    contact: contact === undefined ? null : contactOf(contact),
    isCallable,
    ties: (await listTies(tx, childId)).map((tie) => ({ ...tie, kindLabel: words.tie[tie.kind] })),
    tags: (await listTags(tx, keys, childId)).map(({ code, from, until }) => ({
      code,
      from,
      until,
      label: TAGS[code].label,
      isSensitive: TAGS[code].isSensitive,
    })),
    siblings: siblings.flatMap((id) => {
      const child = shown.get(id)
      return child === undefined ? [] : [{ childId: id, name: child.name, sex: child.sex, birth: child.birth }]
    }),
    merges: (await listMerges(tx, childId)).map(({ mergeId, fromChild, source, grounds, mergedAt }) => ({
      mergeId,
      fromChildId: fromChild,
      source,
      grounds,
      mergedAt: mergedAt.toISOString(),
    })),
  }
}

/** With the number of a roll, where the register is what is shown. */
export async function identityOf(
  tx: Tx,
  keys: Pick<Keys, 'open'>,
  child: ChildId,
  identity: Identity,
): Promise<PersonIdentity> {
  return { ...identity, studentNo: identity.studentNo ?? (await readStudentNo(tx, keys, child)) }
}

export function contactOf({ phones, guardians, ...contact }: Contact): PersonContact {
  return { ...contact, phones: [...phones], guardians: guardians.map((guardian) => ({ ...guardian })) }
}

function sourceOf({ giverPath, ...source }: ChildSource, reader: UnitId): ChildFile['sources'][number] {
  return { ...source, kindLabel: words.batchKind[source.kind], isBatchSeen: giverPath.includes(reader) }
}
