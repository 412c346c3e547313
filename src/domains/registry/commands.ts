import { randomBytes } from 'node:crypto'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { type Tx, violatedConstraint } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { AuditPen } from '../../platform/http/context.ts'
import type { Services } from '../../platform/services.ts'
import { hashPassword, type LiveSession } from '../../platform/session/index.ts'
import { searchAudit } from './audit-store.server.ts'
import type { AccountLine, UnitDetail, UnitKind } from './contract.ts'
import { endCovers } from './division-store.server.ts'
import { moveBranch } from './move-store.server.ts'
import {
  decideManage,
  decideMoveDay,
  decidePlace,
  decidePost,
  decidePostEnd,
  decideUnit,
  decideUnitChange,
  firstPassword,
  type Manager,
  type UnitDraft,
} from './rules.ts'
import { getActorOf } from './server.ts'
import {
  accountLine,
  auditLine,
  isElsewhere,
  nameTargets,
  type Onlooker,
  readUnitDetail,
  readViewer,
  unitLine,
} from './shown.server.ts'
import * as staff from './staff-store.server.ts'
import * as store from './store.ts'
import { registryWords as words } from './words.ts'

type Deps = Pick<Services, 'db' | 'clock' | 'sessions'>

/** Who asks, and the line his request leaves. */
export interface Asker {
  readonly actor: Actor
  readonly audit: AuditPen
}

interface Page {
  readonly page: number
  readonly size: number
}

/**
 * Every command runs in the scope of who asks (the route has held his permission), loads, decides by `rules.ts`, and
 * saves with its audit line in one transaction.
 */
export function registryCommands({ db, clock, sessions }: Deps) {
  const inScope = <T>({ actor }: Asker, work: (tx: Tx) => Promise<T>): Promise<T> => db.inScope(actor.scope, work)

  async function managerOf(tx: Tx, actor: Actor): Promise<Manager> {
    const role = await store.findRole(tx, actor.roleId)
    if (role === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return { accountId: actor.accountId, unitId: actor.unitId, role }
  }

  async function getManagedAccount(tx: Tx, actor: Actor, id: number): Promise<staff.AccountSeen> {
    const account = await getAccount(tx, id)
    const posts = await staff.listPostsOfAccount(tx, id)
    const facts = { accountId: id, posts, elsewhere: isElsewhere(account, posts) }
    decideManage(await managerOf(tx, actor), facts, clock.today())
    return account
  }

  async function onlookerOf(tx: Tx, actor: Actor): Promise<Onlooker> {
    return {
      manager: await managerOf(tx, actor),
      mayKeep: actor.permissions.has('account.write'),
      mayAssign: actor.permissions.has('role.assign'),
      now: clock.now(),
      today: clock.today(),
    }
  }

  async function lineOf(tx: Tx, { actor }: Asker, id: number): Promise<AccountLine> {
    const posts = await staff.listPostsOfAccount(tx, id)
    return accountLine(await getAccount(tx, id), posts, await onlookerOf(tx, actor))
  }

  async function assign(
    tx: Tx,
    actor: Actor,
    post: {
      readonly unitId: number
      readonly roleId: string
      readonly from: PlainDate
      readonly until: PlainDate | null
    },
    holder: { readonly accountId: number | null; readonly posts: readonly staff.HeldPost[] },
  ) {
    const unit = await getUnitWithin(tx, actor, post.unitId)
    const role = await store.findRole(tx, post.roleId)
    if (role === undefined) throw new Problem('REQUEST.NOT_FOUND')
    decidePost(await managerOf(tx, actor), { role, unit, from: post.from, until: post.until }, holder)
    return { unit, role }
  }

  return {
    /** The page's own name for who asks; also after sign-in, a new post, a new password. */
    readViewer: (actor: Actor, house: { readonly isDemo: boolean }) =>
      db.asSystem('registry.viewer', (tx) =>
        readViewer(tx, actor, { today: clock.today(), idleMinutes: sessions.limits().idleMinutes, ...house }),
      ),

    /** Of a session just opened. */
    getActor: (session: LiveSession): Promise<Actor> =>
      db.asSystem('registry.actor', async (tx) => {
        const actor = await getActorOf(tx, session, clock.today())
        if (actor === undefined) throw new Problem('SESSION.NO_POST')
        return actor
      }),

    /** Only among the person's own live posts; any other is not found. */
    getOwnPost: (actor: Actor, id: number) =>
      db.asSystem('registry.switch-post', async (tx) => {
        const post = await staff.findLivePost(tx, id, clock.today())
        if (post === undefined || post.accountId !== actor.accountId) throw new Problem('REQUEST.NOT_FOUND')
        return post.postId
      }),

    listUnits: (
      asker: Asker,
      query: Page & {
        parentId?: number | undefined
        kind?: UnitKind | undefined
        q?: string | undefined
        asOf?: PlainDate | undefined
      },
    ) =>
      inScope(asker, async (tx) => {
        if (query.parentId !== undefined) await getUnitWithin(tx, asker.actor, query.parentId)
        const search = { ...query, asOf: query.asOf ?? clock.today(), within: asker.actor.unitId }
        const { total, rows } = await store.searchUnits(tx, search)
        return { total, page: query.page, size: query.size, rows: rows.map(unitLine) }
      }),

    readUnit: (asker: Asker, id: number): Promise<UnitDetail> =>
      inScope(asker, async (tx) => readUnitDetail(tx, await getUnitWithin(tx, asker.actor, id), clock.today())),

    createUnit: (
      asker: Asker,
      draft: UnitDraft & {
        readonly parentId: number
        readonly code: string
        readonly name: string
        readonly school?: { readonly founder: string | null; readonly isBoarding: boolean } | undefined
      },
    ): Promise<UnitDetail> =>
      naming('unit_code_once', new Problem('UNIT.CODE_TAKEN', { code: draft.code }), () =>
        inScope(asker, async (tx) => {
          decideUnit(draft, await getUnitWithin(tx, asker.actor, draft.parentId))
          if (!(await store.isUnitCodeFree(tx, draft.code, draft.from)))
            throw new Problem('UNIT.CODE_TAKEN', { code: draft.code })
          const { school } = draft
          if (school?.schoolCode != null && !(await store.isSchoolCodeFree(tx, school.schoolCode, draft.from))) {
            throw new Problem('UNIT.CODE_TAKEN', { code: school.schoolCode })
          }
          const unit = await store.insertUnit(tx, draft)
          if (school !== undefined) {
            await store.insertSchool(tx, {
              unit_id: unit.unitId,
              school_code: school.schoolCode,
              school_type: school.schoolType,
              settlement_class: school.settlementClass,
              founder: school.founder,
              is_boarding: school.isBoarding,
            })
          }
          await asker.audit.record(tx, { target: `unit:${unit.unitId}` })
          return readUnitDetail(tx, unit, clock.today())
        }),
      ),

    changeUnit: (
      asker: Asker,
      id: number,
      change: { name?: string | undefined; until?: PlainDate | undefined },
    ): Promise<UnitDetail> =>
      inScope(asker, async (tx) => {
        const unit = await getUnitBelow(tx, asker.actor, id)
        const lowerUnits = change.until === undefined ? 0 : await store.countLowerUnits(tx, id, change.until)
        decideUnitChange(unit, change, { today: clock.today(), lowerUnits })
        await store.updateUnit(tx, id, change)
        if (change.until !== undefined) {
          await endCovers(tx, id, change.until)
          await staff.retieStaff(tx, await staff.endPostsAt(tx, [id], change.until), clock.today())
        }
        await asker.audit.record(tx, { target: `unit:${id}` })
        return readUnitDetail(tx, await getUnitWithin(tx, asker.actor, id), clock.today())
      }),

    moveUnit: (asker: Asker, id: number, move: { parentId: number; from: PlainDate }): Promise<UnitDetail> =>
      inScope(asker, async (tx) => {
        const unit = await getUnitBelow(tx, asker.actor, id)
        const parent = await getUnitWithin(tx, asker.actor, move.parentId)
        if (parent.path.includes(unit.unitId)) {
          throw new Problem('REQUEST.MALFORMED', { where: words.unit.where.parent, advice: words.unit.movedSelf })
        }
        decideUnitChange(unit, { until: move.from }, { today: clock.today(), lowerUnits: 0 })
        decideMoveDay(unit, move.from)
        decidePlace({ kind: unit.kind, from: move.from }, parent)
        const { moved, staff: holders } = await moveBranch(tx, unit, parent.unitId, move.from)
        await staff.retieStaff(tx, holders, clock.today())
        const next = moved.get(unit.unitId)
        if (next === undefined) throw new Error(`unit ${id} has no successor`)
        await asker.audit.record(tx, { target: `unit:${id} unit:${next}` })
        return readUnitDetail(tx, await getUnitWithin(tx, asker.actor, next), clock.today())
      }),

    listRoles: (asker: Asker) =>
      inScope(asker, async (tx) => {
        const roles = await store.listRoles(tx)
        const own = roles.find(({ roleId }) => roleId === asker.actor.roleId)
        const rows = roles.map(({ roleId, label, unitKinds, permissions, note }) => ({
          roleId,
          label,
          unitKinds: [...unitKinds],
          permissions: [...permissions],
          note,
          mayGive: own?.mayAssign.includes(roleId) ?? false,
        }))
        return { rows }
      }),

    listAccounts: (asker: Asker, query: Page & { q?: string | undefined; unitId?: number | undefined }) =>
      inScope(asker, async (tx) => {
        const within =
          query.unitId === undefined ? asker.actor.unitId : (await getUnitWithin(tx, asker.actor, query.unitId)).unitId
        const { total, rows } = await staff.listAccounts(tx, { ...query, within })
        const posts = await staff.listPostsOfAccounts(
          tx,
          rows.map((row) => row.accountId),
        )
        const onlooker = await onlookerOf(tx, asker.actor)
        const lines = rows.map((row) => accountLine(row, posts.get(row.accountId) ?? [], onlooker))
        return { total, page: query.page, size: query.size, rows: lines }
      }),

    createAccount: async (
      asker: Asker,
      draft: {
        login: string
        person: string
        unitId: number
        roleId: string
        from: PlainDate
        until?: PlainDate | undefined
      },
    ): Promise<{ account: AccountLine; firstPassword: string }> => {
      const password = firstPassword(randomBytes)
      const passwordHash = await hashPassword(password)
      const account = await naming(
        'account_login_unique',
        new Problem('ACCOUNT.LOGIN_TAKEN', { login: draft.login }),
        () =>
          inScope(asker, async (tx) => {
            const post = { ...draft, until: draft.until ?? null }
            const { unit, role } = await assign(tx, asker.actor, post, { accountId: null, posts: [] })
            const units = unit.path
            const accountId = await staff.insertAccount(tx, {
              login: draft.login,
              passwordHash,
              mustChange: true,
              at: clock.now(),
              units,
            })
            const staffId = await staff.insertStaff(tx, { name: draft.person, accountId, units })
            await staff.insertPost(tx, { ...post, staffId, unitId: unit.unitId, duty: role.duty, units })
            await asker.audit.record(tx, { target: `account:${accountId}` })
            return lineOf(tx, asker, accountId)
          }),
      )
      return { account, firstPassword: password }
    },

    /** Disabling acts at once: the account's sessions end in the same transaction. */
    setAccountState: (asker: Asker, id: number, action: 'disable' | 'enable' | 'unlock'): Promise<AccountLine> =>
      inScope(asker, async (tx) => {
        const account = await getManagedAccount(tx, asker.actor, id)
        const state = action === 'unlock' ? account.state : action === 'disable' ? 'disabled' : 'active'
        await staff.updateAccount(tx, account.accountId, { state })
        if (action === 'disable') await sessions.endAllOf(tx, account.accountId)
        await asker.audit.record(tx, { target: `account:${id}` })
        return lineOf(tx, asker, id)
      }),

    /** [REG-9] Shown once; must be changed at the next sign-in. */
    resetPassword: async (asker: Asker, id: number): Promise<{ firstPassword: string }> => {
      const password = firstPassword(randomBytes)
      const passwordHash = await hashPassword(password)
      return inScope(asker, async (tx) => {
        const account = await getManagedAccount(tx, asker.actor, id)
        await staff.updateAccount(tx, account.accountId, { passwordHash })
        await sessions.endAllOf(tx, account.accountId)
        await asker.audit.record(tx, { target: `account:${id}` })
        return { firstPassword: password }
      })
    },

    givePost: (
      asker: Asker,
      id: number,
      draft: { unitId: number; roleId: string; from: PlainDate; until?: PlainDate | undefined },
    ): Promise<AccountLine> =>
      naming('post_once', new Problem('ACCOUNT.POST_HELD'), () =>
        naming('post_duties_apart', new Problem('ACCOUNT.DUTIES_CLASH'), () =>
          inScope(asker, async (tx) => {
            const account = await getAccount(tx, id)
            const post = { ...draft, until: draft.until ?? null }
            const posts = await staff.listPostsOfAccount(tx, id)
            const { unit, role } = await assign(tx, asker.actor, post, { accountId: account.accountId, posts })
            await staff.insertPost(tx, {
              ...post,
              staffId: account.staffId,
              unitId: unit.unitId,
              duty: role.duty,
              units: unit.path,
            })
            await staff.retieStaff(tx, [account.staffId], clock.today())
            await asker.audit.record(tx, { target: `account:${id}` })
            return lineOf(tx, asker, id)
          }),
        ),
      ),

    endPost: (asker: Asker, id: number, until: PlainDate): Promise<Record<string, never>> =>
      inScope(asker, async (tx) => {
        const post = await staff.findPost(tx, id)
        if (post === undefined) throw new Problem('REQUEST.NOT_FOUND')
        decidePostEnd(await managerOf(tx, asker.actor), post, until)
        await staff.endPost(tx, id, until)
        await staff.retieStaff(tx, [post.staffId], clock.today())
        await asker.audit.record(tx, { target: `post:${id}` })
        return {}
      }),

    /** [REG-18] What the own unit and those below did; row security keeps the rest away. */
    listAudit: (asker: Asker, query: Parameters<typeof searchAudit>[1], labels: ReadonlyMap<string, string>) =>
      inScope(asker, async (tx) => {
        const { total, rows } = await searchAudit(tx, query)
        const names = await nameTargets(tx, rows)
        return { total, page: query.page, size: query.size, rows: rows.map((row) => auditLine(row, labels, names)) }
      }),
  }
}

async function getAccount(tx: Tx, id: number): Promise<staff.AccountSeen> {
  const account = await staff.findAccount(tx, id)
  if (account === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return account
}

/** [REG-17] Units are reference data in the database; an officer works with his own and those below, any other is not found. */
async function getUnitWithin(tx: Tx, actor: Actor, id: number): Promise<store.Unit> {
  const unit = await store.findUnit(tx, id)
  if (unit === undefined || !unit.path.includes(actor.unitId)) throw new Problem('REQUEST.NOT_FOUND')
  return unit
}

/** A unit is changed from above, never from within. */
async function getUnitBelow(tx: Tx, actor: Actor, id: number): Promise<store.Unit> {
  const unit = await getUnitWithin(tx, actor, id)
  if (unit.unitId === actor.unitId) throw new Problem('REQUEST.NOT_ALLOWED', { action: words.action.changeOwnUnit })
  return unit
}

/** What two officers did at the same moment is told like what the rules found beforehand. */
async function naming<T>(constraint: string, problem: Problem, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw violatedConstraint(error) === constraint ? problem : error
  }
}
