import type { ChildId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason, LEAST_REASON } from '../../kernel/reason.ts'
import { hasRecorded } from '../../platform/audit.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { AuditPen } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import { findUnit } from '../registry/server.ts'
import { type ChildFile, openChildFile, type REVEALED, revealChild } from './contract.ts'
import { contactOf, identityOf, readFile, withoutLists, withSources } from './file.server.ts'
import { findSurvivor } from './merge-store.server.ts'
import { reopenHoursOn } from './policy.ts'
import { listSources, readContact, readIdentity } from './read-store.server.ts'
import type { Contact, Identity } from './record.ts'
import { type Child, findChild } from './store.ts'
import { answersFor } from './tie-store.server.ts'

type Deps = Pick<Services, 'db' | 'clock' | 'keys'>

interface Asker {
  readonly actor: Actor
  readonly audit: AuditPen
}

/** What slices to the right know of a child. */
export interface ChildHooks {
  /** [PERS-15] False for a child that the books hold for dead or missing. */
  readonly isCallable: (tx: Tx, child: Child['childId']) => Promise<boolean>
}

const HOUR = 3_600_000

export function personsCommands({ db, clock, keys }: Deps, { isCallable }: ChildHooks) {
  /** `allow` decides, in the scope of who asks, whether the file is opened. */
  async function open(
    { actor }: Asker,
    id: number,
    allow: (tx: Tx, child: Child) => Promise<void>,
  ): Promise<ChildFile> {
    const { file, isVillage } = await db.inScope(actor.scope, async (tx) => {
      const child = await getChild(tx, id)
      await allow(tx, child)
      const file = await readFile(tx, keys, child, { isCallable: await isCallable(tx, child.childId) })
      return { file, isVillage: (await findUnit(tx, actor.unitId))?.kind === 'village' }
    })
    const sources = await db.asSystem('persons.sources', (tx) => listSources(tx, file.childId))
    const whole = withSources(file, sources, actor.unitId)
    return isVillage ? withoutLists(whole) : whole
  }

  return {
    /** [PERS-14] The line of the log is the request's own. */
    readFile: (asker: Asker, id: number): Promise<ChildFile> =>
      open(asker, id, (tx, { childId }) => refuseUnaskedReading(tx, clock, asker.actor, childId)),

    /** [PERS-14] With a typed reason, which is kept. */
    openFile: (asker: Asker, id: number, reason: string): Promise<ChildFile> =>
      open(asker, id, async (tx, child) => {
        const why = decideLoggedReason(reason, 'CHILD.REASON_NEEDED')
        await asker.audit.record(tx, { kind: 'read', target: targetOf(child), reason: why })
      }),

    /** [PERS-12] [PERS-15] Whole is only what was asked for. */
    reveal: (
      { actor, audit }: Asker,
      id: number,
      { reason, fields }: { readonly reason: string; readonly fields: readonly (typeof REVEALED)[number][] },
    ): Promise<Pick<ChildFile, 'identity' | 'contact' | 'isCallable'>> =>
      db.inScope(actor.scope, async (tx) => {
        const child = await getChild(tx, id)
        const why = decideLoggedReason(reason, 'CHILD.REASON_NEEDED')
        await audit.record(tx, { kind: 'reveal', target: targetOf(child), reason: why })
        const callable = await isCallable(tx, child.childId)
        const asked = new Set(fields.filter((field) => field !== 'phone' || callable))
        const [masked, plain] = [await both(tx, child, 'masked'), await both(tx, child, 'plain')]
        return {
          identity:
            masked.identity && plain.identity
              ? await identityOf(tx, keys, child.childId, revealedIdentity(masked.identity, plain.identity, asked))
              : null,
          contact:
            masked.contact && plain.contact ? contactOf(revealedContact(masked.contact, plain.contact, asked)) : null,
          isCallable: callable,
        }
      }),
  }

  async function both(tx: Tx, { childId }: Child, showing: 'masked' | 'plain') {
    return {
      identity: (await readIdentity(tx, keys, [childId], showing)).get(childId),
      contact: (await readContact(tx, keys, [childId], showing)).get(childId),
    }
  }
}

/** [PERS-14] Who has no open task on a child, and gave no reason in the last hours, gives one first. */
export async function refuseUnaskedReading(
  tx: Tx,
  clock: Services['clock'],
  { accountId, unitId }: Actor,
  child: ChildId,
): Promise<void> {
  if (await answersFor(tx, child, unitId)) return
  const since = new Date(clock.now().getTime() - reopenHoursOn(clock.today()) * HOUR)
  // Who has just said where the child is worked on the file with cause, although its task is closed now.
  const actions = [openChildFile.id, revealChild.id, 'case.post-entry']
  if (await hasRecorded(tx, { accountId, actions, target: targetOf({ childId: child }), since })) return
  throw new Problem('CHILD.REASON_NEEDED', { least: LEAST_REASON })
}

type Asked = ReadonlySet<(typeof REVEALED)[number]>

function revealedIdentity(masked: Identity, { citizenId, otherId, studentNo }: Identity, asked: Asked): Identity {
  return asked.has('id') ? { ...masked, citizenId, otherId, studentNo } : masked
}

function revealedContact(masked: Contact, plain: Contact, asked: Asked): Contact {
  return {
    phones: asked.has('phone') ? plain.phones : masked.phones,
    address: asked.has('address') ? plain.address : masked.address,
    householdNo: asked.has('id') ? plain.householdNo : masked.householdNo,
    guardians: plain.guardians.map((guardian, place) => {
      const hidden = masked.guardians[place]!
      return {
        ...hidden,
        name: asked.has('phone') || asked.has('id') ? guardian.name : hidden.name,
        citizenId: asked.has('id') ? guardian.citizenId : hidden.citizenId,
        phone: asked.has('phone') ? guardian.phone : hidden.phone,
      }
    }),
  }
}

/** A child that was merged is the one it has become. */
async function getChild(tx: Tx, id: number): Promise<Child> {
  const child = await findChild(tx, await findSurvivor(tx, id))
  if (child === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return child
}

function targetOf({ childId }: Pick<Child, 'childId'>): string {
  return `child:${childId}`
}
