import { z } from 'zod'
import { defineRoute, givenId, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { PERMISSIONS } from '../../kernel/scope.ts'
import { accountSheetRoutes } from './account-sheet-contract.ts'
import { listAudit } from './audit-contract.ts'
import { askedDay, day, instant } from './contract-days.ts'

/** Kinds of the tree of units; a school is never under a village. */
export const UNIT_KINDS = ['city', 'district', 'zone', 'centre', 'township', 'village', 'school'] as const
export const UnitKind = z.enum(UNIT_KINDS)
export type UnitKind = z.infer<typeof UnitKind>

export const SchoolDetail = z.object({
  /** 学校标识码, ten digits. */
  schoolCode: z.string().nullable(),
  /** 办学类型 (GB/T 33782 table 4), e.g. `211`. */
  schoolType: z.string(),
  schoolTypeLabel: z.string(),
  /** 城乡分类, e.g. `111`. */
  settlementClass: z.string().nullable(),
  settlementClassLabel: z.string().nullable(),
  /** 举办者. */
  founder: z.string().nullable(),
  isBoarding: z.boolean(),
})
export type SchoolDetail = z.infer<typeof SchoolDetail>

export const UnitLine = z.object({
  unitId: z.number().int(),
  parentId: z.number().int().nullable(),
  kind: UnitKind,
  kindLabel: z.string(),
  code: z.string(),
  name: z.string(),
  from: day,
  until: day.nullable(),
  childCount: z.number().int(),
})
export type UnitLine = z.infer<typeof UnitLine>

export const UnitDetail = UnitLine.extend({
  /** From the city down to the parent. */
  ancestors: z.array(UnitLine.pick({ unitId: true, name: true, kind: true })),
  children: z.array(UnitLine.pick({ kind: true, kindLabel: true }).extend({ count: z.number().int() })),
  /** Divisions that the unit covers, with the days of each. */
  divisions: z.array(
    z.object({
      code: z.string().nullable(),
      name: z.string(),
      from: day,
      until: day.nullable(),
      note: z.string().nullable(),
    }),
  ),
  school: SchoolDetail.nullable(),
  posts: z.array(
    z.object({
      postId: z.number().int(),
      person: z.string(),
      roleId: z.string(),
      role: z.string(),
      from: day,
      until: day.nullable(),
    }),
  ),
})
export type UnitDetail = z.infer<typeof UnitDetail>

export const Me = z.object({
  accountId: z.number().int(),
  login: z.string(),
  person: z.string(),
  /** The post this session works in. */
  post: z.object({ postId: z.number().int(), roleId: z.string(), role: z.string() }),
  unit: z.object({ unitId: z.number().int(), name: z.string(), kind: UnitKind, parentName: z.string().nullable() }),
  /** Other live posts of the same person, to switch to. */
  otherPosts: z.array(z.object({ postId: z.number().int(), role: z.string(), unit: z.string() })),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** Sent back as the header `x-baoxue-csrf` with every request that changes something. */
  csrf: z.string(),
  idleMinutes: z.number().int(),
  /** The business day, `BAOXUE_TODAY` or the clock's. */
  today: day,
  /** True where the people in the data are invented. */
  isDemo: z.boolean(),
  mustChangePassword: z.boolean(),
})
export type Me = z.infer<typeof Me>

export const AccountLine = z.object({
  accountId: z.number().int(),
  login: z.string(),
  person: z.string(),
  state: z.enum(['active', 'locked', 'disabled']),
  lockedUntil: instant.nullable(),
  lastSignInAt: instant.nullable(),
  posts: z.array(
    z.object({
      postId: z.number().int(),
      roleId: z.string(),
      role: z.string(),
      unitId: z.number().int(),
      unit: z.string(),
      from: day,
      until: day.nullable(),
      /** [REG-26] Whether who asks may end it. */
      mayEnd: z.boolean(),
    }),
  ),
  /** [REG-26] What the server would let who asks do: disable, enable, unlock and reset (REG-8); give a further post. */
  may: z.object({ manage: z.boolean(), givePost: z.boolean() }),
})
export type AccountLine = z.infer<typeof AccountLine>

export const Role = z.object({
  roleId: z.string(),
  label: z.string(),
  unitKinds: z.array(UnitKind),
  permissions: z.array(z.enum(PERMISSIONS)),
  note: z.string(),
  /** Whether who asks may give it. */
  mayGive: z.boolean(),
})
export type Role = z.infer<typeof Role>

const accountParams = z.object({ accountId: idInPath })
const unitParams = z.object({ unitId: idInPath })

export const signIn = defineRoute({
  id: 'session.sign-in',
  method: 'POST',
  path: '/session',
  summary: '登录',
  access: 'public',
  body: z.object({ login: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) }),
  answer: Me,
  problems: ['SESSION.WRONG_PASSWORD', 'SESSION.LOCKED', 'SESSION.DISABLED', 'SESSION.NO_POST', 'REQUEST.TOO_MANY'],
})

export const readSession = defineRoute({
  id: 'session.read',
  method: 'GET',
  path: '/session',
  summary: '我是谁、在哪个岗位',
  access: 'signed-in',
  answer: Me,
})

export const signOut = defineRoute({
  id: 'session.sign-out',
  method: 'DELETE',
  path: '/session',
  summary: '退出',
  access: 'signed-in',
})

export const switchPost = defineRoute({
  id: 'session.switch-post',
  method: 'POST',
  path: '/session/post',
  summary: '换一个岗位办事',
  access: 'signed-in',
  body: z.object({ postId: givenId }),
  answer: Me,
  problems: ['REQUEST.NOT_FOUND'],
})

export const changePassword = defineRoute({
  id: 'session.change-password',
  method: 'POST',
  path: '/session/password',
  summary: '改密码',
  access: 'signed-in',
  body: z.object({ current: z.string().min(1).max(256), next: z.string().min(1).max(256) }),
  answer: Me,
  problems: ['SESSION.WRONG_PASSWORD', 'SESSION.PASSWORD_WEAK'],
})

export const listUnits = defineRoute({
  id: 'unit.list',
  method: 'GET',
  path: '/units',
  summary: '机构：某个上级之下，或按名称查',
  access: 'unit.read',
  query: pageQuery.extend({
    parentId: idInPath.optional(),
    kind: UnitKind.optional(),
    q: z.string().trim().max(40).optional(),
    asOf: askedDay.optional(),
  }),
  answer: pageOf(UnitLine),
})

export const readUnit = defineRoute({
  id: 'unit.read',
  method: 'GET',
  path: '/units/:unitId',
  summary: '一个机构',
  access: 'unit.read',
  params: unitParams,
  answer: UnitDetail,
})

export const createUnit = defineRoute({
  id: 'unit.create',
  method: 'POST',
  path: '/units',
  summary: '新设机构',
  access: 'unit.write',
  body: z.object({
    parentId: givenId,
    kind: UnitKind,
    code: z.string().trim().min(1).max(32),
    name: z.string().trim().min(2).max(60),
    from: askedDay,
    school: SchoolDetail.pick({
      schoolCode: true,
      schoolType: true,
      settlementClass: true,
      founder: true,
      isBoarding: true,
    }).optional(),
  }),
  answer: UnitDetail,
  problems: ['UNIT.CODE_TAKEN', 'UNIT.WRONG_PARENT'],
})

export const changeUnit = defineRoute({
  id: 'unit.change',
  method: 'PATCH',
  path: '/units/:unitId',
  summary: '改机构名称，或撤销机构',
  access: 'unit.write',
  params: unitParams,
  body: z.object({ name: z.string().trim().min(2).max(60).optional(), until: askedDay.optional() }),
  answer: UnitDetail,
  problems: ['UNIT.CLOSED', 'UNIT.HAS_LOWER'],
})

/** The unit and everything below it start anew under another parent: new ids, the old ones end that day. Answers the new unit. */
export const moveUnit = defineRoute({
  id: 'unit.move',
  method: 'POST',
  path: '/units/:unitId/move',
  summary: '把机构连同下级划归另一个上级',
  access: 'unit.write',
  params: unitParams,
  body: z.object({ parentId: givenId, from: askedDay }),
  answer: UnitDetail,
  problems: ['UNIT.WRONG_PARENT', 'UNIT.CLOSED'],
})

export const listRoles = defineRoute({
  id: 'role.list',
  method: 'GET',
  path: '/roles',
  summary: '岗位与权限',
  access: 'account.read',
  answer: z.object({ rows: z.array(Role) }),
})

export const listAccounts = defineRoute({
  id: 'account.list',
  method: 'GET',
  path: '/accounts',
  summary: '本单位及下属的账号',
  access: 'account.read',
  query: pageQuery.extend({
    q: z.string().trim().max(40).optional(),
    unitId: idInPath.optional(),
  }),
  answer: pageOf(AccountLine),
})

/** Answers with the first password, shown once. */
export const createAccount = defineRoute({
  id: 'account.create',
  method: 'POST',
  path: '/accounts',
  summary: '开账号',
  access: 'account.write',
  body: z.object({
    login: z
      .string()
      .trim()
      .regex(/^[a-z0-9][a-z0-9._-]{2,31}$/),
    person: z.string().trim().min(2).max(30),
    unitId: givenId,
    roleId: z.string().min(1).max(40),
    from: askedDay,
    until: askedDay.optional(),
  }),
  answer: z.object({ account: AccountLine, firstPassword: z.string() }),
  problems: ['ACCOUNT.LOGIN_TAKEN', 'ACCOUNT.ROLE_NOT_HERE', 'ACCOUNT.DUTIES_CLASH'],
})

export const setAccountState = defineRoute({
  id: 'account.set-state',
  method: 'POST',
  path: '/accounts/:accountId/state',
  summary: '停用、启用或解锁账号',
  access: 'account.write',
  params: accountParams,
  body: z.object({ action: z.enum(['disable', 'enable', 'unlock']) }),
  answer: AccountLine,
  problems: ['ACCOUNT.NOT_SELF'],
})

export const resetPassword = defineRoute({
  id: 'account.reset-password',
  method: 'POST',
  path: '/accounts/:accountId/password',
  summary: '重置密码',
  access: 'account.write',
  params: accountParams,
  answer: z.object({ firstPassword: z.string() }),
})

export const givePost = defineRoute({
  id: 'post.give',
  method: 'POST',
  path: '/accounts/:accountId/posts',
  summary: '给账号安排一个岗位',
  access: 'role.assign',
  params: accountParams,
  body: z.object({
    unitId: givenId,
    roleId: z.string().min(1).max(40),
    from: askedDay,
    until: askedDay.optional(),
  }),
  answer: AccountLine,
  problems: ['ACCOUNT.ROLE_NOT_HERE', 'ACCOUNT.DUTIES_CLASH', 'ACCOUNT.POST_HELD', 'UNIT.CLOSED'],
})

/** `until` is the first day on which the post is no longer held. */
export const endPost = defineRoute({
  id: 'post.end',
  method: 'POST',
  path: '/posts/:postId/end',
  summary: '结束一个岗位',
  access: 'role.assign',
  params: z.object({ postId: idInPath }),
  body: z.object({ until: askedDay }),
})

export const registryRoutes = [
  signIn,
  readSession,
  signOut,
  switchPost,
  changePassword,
  listUnits,
  readUnit,
  createUnit,
  changeUnit,
  moveUnit,
  listRoles,
  listAccounts,
  createAccount,
  setAccountState,
  resetPassword,
  givePost,
  endPost,
  ...accountSheetRoutes,
  listAudit,
] as const
