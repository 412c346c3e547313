import { cleanName } from '../../kernel/chinese-name.ts'
import { findDayInSheet } from '../../kernel/day-reading.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { cleanText, halfWidth } from '../../kernel/text.ts'
import type { RowOutcome, SheetColumn } from './account-sheet-contract.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'
import type { BranchIndex, BranchUnit } from './branch-index.ts'
import { freeLogin, LOGIN_SHAPE } from './login-name.ts'
import { decidePost, isInForce, type Manager, overlaps, type PostFacts, type RoleFacts } from './rules.ts'

/** A row as it stands in the sheet; an empty cell is ''. */
export interface SheetRow extends Readonly<Record<SheetColumn, string>> {
  /** As the spreadsheet prints it in front. */
  readonly row: number
}

/** Name and login of a row as they are stored. */
export function personOf(row: SheetRow): string {
  return cleanName(row.person)
}

export function loginOf(row: SheetRow): string {
  return halfWidth(cleanText(row.login)).toLowerCase()
}

export interface KnownAccount {
  readonly accountId: number
  readonly staffId: number
  readonly login: string
  readonly person: string
  readonly isDisabled: boolean
  readonly posts: readonly (PostFacts & { readonly unitId: number; readonly unit: string })[]
}

/** What the rows are held against: everything as far as who asks may see it. */
export interface SheetFacts {
  readonly manager: Manager
  /** Whether who asks may also give posts to accounts that are there (`role.assign`). */
  readonly mayGivePosts: boolean
  readonly today: PlainDate
  readonly roles: readonly RoleFacts[]
  readonly units: BranchIndex
  /** Of the names and logins of the sheet. */
  readonly accounts: readonly KnownAccount[]
  /** Of all accounts, those out of sight too: a login is nobody else's anywhere. */
  readonly takenLogins: ReadonlySet<string>
}

export interface PlannedPost {
  readonly unit: BranchUnit
  readonly role: RoleFacts
  readonly from: PlainDate
}

export interface PlannedPerson {
  /** Undefined: an account is opened. */
  readonly account: KnownAccount | undefined
  readonly person: string
  readonly login: string
  readonly posts: PlannedPost[]
}

export interface RowVerdict {
  readonly row: SheetRow
  login: string
  /** Where the row was found to mean, by name. */
  place: string | null
  outcome: RowOutcome
  note: string | null
  readonly findings: { readonly column: SheetColumn; readonly reason: string }[]
}

export interface SheetDecision {
  readonly rows: readonly RowVerdict[]
  readonly persons: readonly PlannedPerson[]
}

/** A row whose cells mean something, each by itself. */
interface ReadRow {
  readonly verdict: RowVerdict
  readonly person: string
  readonly login: string
  readonly role: RoleFacts
  readonly unit: BranchUnit
  readonly from: PlainDate
}

/**
 * [REG-20] What becomes of every row. A row is one post of one person: the same login, or the same name at the same unit, is
 * one person, who gets an account when he has none and the post alone when he has one; a post that is held is left alone.
 * Every post is decided by the rule that decides a single one; nothing here allows what `decidePost` refuses.
 */
export function decideSheet(given: readonly SheetRow[], facts: SheetFacts): SheetDecision {
  const rows = given.map(
    (row): RowVerdict => ({ row, login: '', place: null, outcome: 'refused', note: null, findings: [] }),
  )
  const read = rows.flatMap((verdict) => readRow(verdict, facts) ?? [])
  const clear = refuseRepeats(read)
  const persons: PlannedPerson[] = []
  const used = new Set(clear.flatMap(({ login }) => (login === '' ? [] : [login])))
  const isTaken = (login: string) => used.has(login) || facts.takenLogins.has(login)
  for (const own of Map.groupBy(clear, personKey).values()) {
    const planned = decidePerson(own, facts, isTaken)
    if (planned === undefined) continue
    used.add(planned.login)
    if (planned.posts.length > 0) persons.push(planned)
  }
  return { rows, persons }
}

/** The same login is one person; without one, the same name at the same unit. */
function personKey({ login, person, unit }: ReadRow): string {
  return login === '' ? `${person}@${unit.unitId}` : login
}

function readRow(verdict: RowVerdict, facts: SheetFacts): ReadRow | undefined {
  const { row, findings } = verdict
  const refuse = (column: SheetColumn, reason: string) => void findings.push({ column, reason })
  const person = personOf(row)
  if (person === '') refuse('person', words.missing)
  else if ([...person].length < 2 || [...person].length > 30 || /\p{N}/u.test(person))
    refuse('person', words.personShape)
  const login = loginOf(row)
  if (login !== '' && !LOGIN_SHAPE.test(login)) refuse('login', words.loginShape)
  const role = readRole(row.role, facts, refuse)
  const from = row.from === '' ? facts.today : findDayInSheet(row.from)
  if (from === undefined) refuse('from', words.dayShape)
  const unit = readUnit(row.unit, { role, on: from ?? facts.today, units: facts.units }, refuse)
  verdict.login = login
  verdict.place = unit === undefined ? null : facts.units.pathName(unit)
  if (findings.length > 0 || role === undefined || unit === undefined || from === undefined) return undefined
  return { verdict, person, login, role, unit, from }
}

type Refuse = (column: SheetColumn, reason: string) => void

function readRole(text: string, { roles, manager }: SheetFacts, refuse: Refuse): RoleFacts | undefined {
  const asked = halfWidth(cleanText(text)).replaceAll(' ', '')
  if (asked === '') return void refuse('role', words.missing)
  const role = roles.find(({ roleId, label }) => asked === label || asked === roleId)
  if (role !== undefined) return role
  const labels = roles.filter(({ roleId }) => manager.role.mayAssign.includes(roleId)).map(({ label }) => label)
  refuse('role', labels.length === 0 ? words.noRole : words.unknownRole(labels.join('、')))
  return undefined
}

/** Paths that are told where a name means several units. */
const PATHS_TOLD = 3

/** [REG-21] Of several units of one name those count that the role can stand at, then those in force. */
function readUnit(
  text: string,
  asked: { readonly role: RoleFacts | undefined; readonly on: PlainDate; readonly units: BranchIndex },
  refuse: Refuse,
): BranchUnit | undefined {
  if (cleanText(text) === '') return void refuse('unit', words.missing)
  const found = asked.units.find(text)
  if (found.length === 0) return void refuse('unit', words.unknownUnit)
  const fitting = someOf(found, ({ kind }) => asked.role?.unitKinds.includes(kind) ?? true)
  const live = someOf(fitting, (unit) => isInForce(unit, asked.on))
  const newest = isInForce(live[0]!, asked.on)
    ? live
    : live.toSorted((a, b) => b.from.localeCompare(a.from)).slice(0, 1)
  if (newest.length === 1) return newest[0]
  const paths = newest.slice(0, PATHS_TOLD).map((unit) => asked.units.pathName(unit))
  refuse('unit', words.severalUnits(newest.length, paths.join('、')))
  return undefined
}

/** Those that fit; all where none does, so that what is wrong with them can be told. */
function someOf(units: readonly BranchUnit[], fits: (unit: BranchUnit) => boolean): readonly BranchUnit[] {
  const fitting = units.filter(fits)
  return fitting.length === 0 ? units : fitting
}

/** [REG-20] Twice the same row, one login for two people, and one of two namesakes without a login are refused. */
function refuseRepeats(read: readonly ReadRow[]): readonly ReadRow[] {
  const posts = new Map<string, number>()
  const owners = new Map<string, ReadRow>()
  const named = new Map<string, number>()
  for (const { login, person, unit, verdict } of read) {
    const place = `${person}@${unit.unitId}`
    if (login !== '' && !named.has(place)) named.set(place, verdict.row.row)
  }
  return read.filter((line) => {
    const { login, person, unit, role, verdict } = line
    const { findings, row } = verdict
    const twin = login === '' ? named.get(`${person}@${unit.unitId}`) : undefined
    if (twin !== undefined) findings.push({ column: 'login', reason: words.loginNeeded(twin) })
    const owner = login === '' ? undefined : owners.get(login)
    if (owner !== undefined && owner.person !== person)
      findings.push({ column: 'login', reason: words.loginOfOther(owner.verdict.row.row) })
    else if (login !== '') owners.set(login, owner ?? line)
    const key = `${personKey(line)} ${unit.unitId} ${role.roleId}`
    const before = posts.get(key)
    if (before !== undefined) findings.push({ column: 'person', reason: words.sameRow(before) })
    else posts.set(key, row.row)
    return findings.length === 0
  })
}

function decidePerson(
  own: readonly ReadRow[],
  facts: SheetFacts,
  isTaken: (login: string) => boolean,
): PlannedPerson | undefined {
  const first = own[0]!
  const account = findHolder(own, facts)
  if (account === 'refused') return undefined
  const login = account?.login ?? (first.login === '' ? freeLogin(first.person, isTaken) : first.login)
  const planned: PlannedPerson = { account, person: first.person, login, posts: [] }
  for (const line of own) decideRow(line, planned, facts)
  return planned
}

/** [REG-20] The account of a person of the sheet; undefined for a new one. A login of somebody else is refused. */
function findHolder(
  own: readonly ReadRow[],
  { accounts, takenLogins }: SheetFacts,
): KnownAccount | undefined | 'refused' {
  const { login, person, unit } = own[0]!
  const refuse = (reason: string) => {
    for (const { verdict } of own) verdict.findings.push({ column: 'login', reason })
    return 'refused' as const
  }
  if (login !== '') {
    const account = accounts.find((known) => known.login === login)
    if (account?.person === person) return account
    return takenLogins.has(login) ? refuse(new Problem('ACCOUNT.LOGIN_TAKEN', { login }).message) : undefined
  }
  const namesakes = accounts.filter((known) => known.person === person)
  const here = namesakes.filter(({ posts }) => posts.some((post) => post.unitId === unit.unitId))
  if (here.length > 1) return refuse(words.samePeople(here.length))
  const other = namesakes[0]
  if (here[0] === undefined && other !== undefined)
    own[0]!.verdict.note = words.sameName(other.login, other.posts[0]?.unit ?? '')
  return here[0]
}

function decideRow(line: ReadRow, planned: PlannedPerson, facts: SheetFacts): void {
  const { verdict, unit, role, from } = line
  const { account, posts } = planned
  verdict.login = planned.login
  const post = { from, until: null, role, unit }
  if (
    account?.posts.some((held) => held.roleId === role.roleId && held.unitId === unit.unitId && overlaps(held, post))
  ) {
    verdict.outcome = 'held'
    verdict.note = words.held
    return
  }
  const holder = {
    accountId: account?.accountId ?? null,
    posts: [...(account?.posts ?? []), ...posts.map(factsOf)],
  }
  try {
    decidePost(facts.manager, post, holder)
    if (account !== undefined && !facts.mayGivePosts)
      throw new Problem('REQUEST.NOT_ALLOWED', { action: words.givePost })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    verdict.findings.push({ column: columnOf(error), reason: reasonOf(error) })
    return
  }
  verdict.outcome = account === undefined && posts.length === 0 ? 'opened' : 'given'
  if (account !== undefined) verdict.note = (account.isDisabled ? words.disabled : words.onlyPost)(account.login)
  else if (posts.length > 0) verdict.note = words.secondPost
  posts.push({ unit, role, from })
}

function factsOf({ unit, role, from }: PlannedPost): PostFacts {
  return { roleId: role.roleId, duty: role.duty, unitPath: unit.path, from, until: null }
}

function columnOf({ code }: Problem): SheetColumn {
  if (code === 'UNIT.CLOSED') return 'unit'
  return code === 'REQUEST.MALFORMED' ? 'from' : 'role'
}

/** What is wrong with a place in a form is told by its advice alone: the row and column say where. */
function reasonOf(problem: Problem): string {
  const { advice } = problem.words
  return typeof advice === 'string' ? advice : problem.message
}
