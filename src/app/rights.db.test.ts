// Over 400 lines: one walk of every route by every role from every place, so that a new route has one list to join.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plantChildren } from '../domains/cases/planted.test.server.ts'
import type { ProblemCode } from '../kernel/problem.ts'
import { PROBLEMS } from '../kernel/problem-table.ts'
import type { Route } from '../kernel/route.ts'
import { type Actor, API_PREFIX } from '../platform/http/index.ts'
import { openApiDocument, problemsOf } from '../platform/http/openapi.ts'
import { packFolder, VERSION } from './place.ts'
import { RIGHTS, type RightsLine } from './rights.ts'
import { type Asked, testHouse, type Visitor } from './testing/house.ts'
import { csv, ended, populationRows, rollRows, startRun, testPerson } from './testing/sheets.ts'

const house = await testHouse(async (town, dataDir) => {
  const folder = join(dataDir, 'demo', 'sheets')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'population.csv'), '姓名')
  return { password: '', accounts: [], sheets: { [String(town.id('500119'))]: folder }, folder }
})
const { admin, town } = house
const NANCHUAN = town.id('500119')
const SCHOOL = town.id('2150000001')
const OBJECT_ROLE = 'class-teacher'

const districtAdmin = await house.signIn('nanchuan-admin')
/** The test town has no centre (片区); one is set up with its officer, who must change the first password like anybody. */
const centre = await ask(districtAdmin, 'POST', '/units', {
  parentId: NANCHUAN,
  kind: 'centre',
  code: 'NC-P1',
  name: '第一片区',
  from: '2026-02-01',
})
await newAccount('centre-one', centre.unitId, 'centre-officer')
/** On whom the routes about accounts are tried: nobody who signs in here. */
const objectAccount = await newAccount('object-one', SCHOOL, OBJECT_ROLE)
const officer = await house.signIn('nanchuan-officer')
const child = testPerson(0, '2015-03-14')
const runId: string = await startRun(
  officer,
  csv(populationRows([{ person: child }, { person: testPerson(1, '2014-07-02') }])),
  csv(rollRows([{ person: child, grade: '六年级' }])),
)
await ended(officer, runId)
const [sheets] = await admin<{ population: string; roll: string }>(
  'select population_sheet_id as population, roll_sheet_id as roll from reconcile_run where run_id = $1',
  [runId],
)

/** Two children of the district itself, one of them merged into a third. */
const planted = await plantChildren(
  house.services,
  ['冉在查', '冉又名', '冉同人'].map((name) => ({ name, unit: NANCHUAN, account: 'to-verify' as const })),
  (await house.actor('nanchuan-officer')).accountId,
)
const [childId, otherId, sameId] = planted
const { mergeId } = await ask(officer, 'POST', `/children/${sameId}/merge`, {
  intoChildId: otherId,
  reason: '同一个孩子登记了两次',
})
const [file] = await admin<{ case_id: string }>('select case_id from case_file where child_id = $1', [childId])

/** A result that waits, and a form with a row that must be mended. */
const reported = await ask(officer, 'POST', `/checks/tasks/${file!.case_id}/reports`, {
  result: 'B3',
  method: 'visit',
  checkedDay: '2026-11-18',
})
const checkSheet = await officer.ask('POST', '/checks/sheets', {
  file: { name: 'form.csv', content: '行号（勿改）,姓名,结果\nAAAAA-AAAAA-AAAAA-AAAAA,人甲,B3\n' },
})
const sheetOfChecks: Sample = { at: { sheetId: checkSheet.body.sheetId }, object: NANCHUAN }

/** A sheet that was given up: whatever is asked of it stops at that. */
const given = await officer.ask('POST', '/imports?kind=roll&asOf=2026-11-10', {
  file: { name: '学籍.csv', content: csv(rollRows([{ person: child, grade: '六年级' }])) },
})
const sheetId: string = given.body.sheetId
await officer.ask('DELETE', `/imports/${sheetId}`)
const [batch] = await admin<{ batch_id: string }>(
  `insert into source_batch (kind, unit_id, units, as_of_day, content_key, row_count, stored_count, refused_count, repair_count,
     account_id, committed_at)
   select 'roll', unit_id, path, '2026-11-10', 'x', 1, 1, 0, 0, (select min(account_id) from account), now()
   from unit where unit_id = $1 returning batch_id`,
  [NANCHUAN],
)

/** Two records of the district that somebody found to be two persons. */
const [reviewed] = await admin<{ pair_id: string; decision_id: string }>(
  `with two as (
     select min(r.record_id) as one, max(r.record_id) as other from source_record r where r.child_id in ($2, $3)
   ), told as (
     insert into pair_decision (verdict, one_child, other_child, one_record, other_record, run_id, units, decided_by, decided_at)
     select 'different', $2, $3, one, other, $1, u.path, (select min(account_id) from account), now() from two, unit u where u.unit_id = $4
     returning *
   )
   insert into review_pair (run_id, kind, left_record, right_record, score, pattern, steps, needs_second, state, decision_id, units)
   select run_id, 'review', one_record, other_record, 0.5, 0, '[]', false, 'different', decision_id, units from told
   returning pair_id, decision_id`,
  [runId, childId, otherId, NANCHUAN],
)
const rosterRun = '01980000-0000-7000-8000-000000000001'
await admin(
  `insert into roster_run (run_id, unit_id, units, made_by, made_at, day, batch_ids, counts, posted, opened)
   select $2, unit_id, path, (select min(account_id) from account), now(), '2026-11-20', '{}', $3, 0, 0 from unit where unit_id = $1`,
  [
    NANCHUAN,
    rosterRun,
    { class: { schools: 0, rows: 0, onRoll: 0, seated: 0, from: null, until: null, found: {} }, lists: [] },
  ],
)

/** Everybody has written why he reads the child's file: the walk asks who may, not whether a reason is there. */
await admin(
  `insert into audit_event (at, kind, action, account_id, unit_id, units, target, outcome)
   select now(), 'read', 'child.open', s.account_id, u.unit_id, u.path, 'child:' || $1, 'ok'
   from staff s join post p using (staff_id) join unit u using (unit_id) where s.account_id is not null`,
  [String(childId)],
)

/** Agreed, so that the walk changes nothing. */
const [record] = await admin<{ record_id: string }>(
  'select max(record_id) as record_id from source_record where child_id = $1',
  [String(childId)],
)
const sealedName = (column: string) => house.services.keys.seal('冉在察', `repair.${column}`)
const [repairList] = await admin<{ list_id: string }>(
  `insert into repair_list (unit_id, units, number, mends, count, made_by, made_at, made_day)
   select unit_id, path, 1, 'register', 1, (select min(account_id) from account), now(), '2026-11-20' from unit where unit_id = $1
   returning list_id`,
  [NANCHUAN],
)
const [repair] = await admin<{ repair_id: string }>(
  `insert into repair (field, register_record, register_sealed, difference_key, source, source_key, found_day, units,
     right_side, right_sealed, decided_at, list_id, first_sent_at, first_sent_day, sent_at, sent_day, agreed_batch)
   select 'name', $1, $2, 1, 'run', 'walk', '2026-11-20', path, 'other', $3, now(), $4, now(), '2026-11-20', now(), '2026-11-20', $6
   from unit where unit_id = $5 returning repair_id`,
  [
    ...[record!.record_id, sealedName('register_sealed'), sealedName('right_sealed')],
    ...[repairList!.list_id, NANCHUAN, batch!.batch_id],
  ],
)
await admin('insert into repair_list_line values ($1, $2)', [repairList!.list_id, repair!.repair_id])
const agreed: Sample = { at: { repairId: repair!.repair_id }, object: NANCHUAN, passes: 'REPAIR.MOVED_ON' }

/** With a row that must be mended, so that the walk writes nothing. */
const accountSheet = await districtAdmin.ask('POST', '/account-sheets', {
  file: { name: 'accounts.csv', content: '姓名,角色,机构\n人新,班主任,没有这所学校' },
})
const sheetOfAccounts: Sample = { at: { sheetId: accountSheet.body.sheetId }, object: NANCHUAN }

/** One line that is open, one that has ended, and a ledger with a row that must be mended. */
const addLine = (child: number) =>
  ask(officer, 'POST', '/outside', { childId: child, hostPlace: '520000', school: '遵义市第二小学' })
await addLine(childId!)
const { lineId } = await addLine(otherId!)
await ask(officer, 'POST', `/outside/${lineId}/end`, { ending: 'mistaken', day: '2026-11-20' })
const ledgerSheet = await officer.ask('POST', '/ledgers?kind=closed&asOf=2026-07-15', {
  file: { name: '核减.csv', content: '姓名,核减类别,凭据日期\n冉无证,死亡,2026-05-01' },
})
const line: Sample = { at: { lineId }, object: NANCHUAN }
const ledger: Sample = { at: { sheetId: ledgerSheet.body.sheetId }, object: NANCHUAN }
const LINE_ENDED = 'OUTSIDE.NOT_NOW' as const

async function ask(visitor: Visitor, method: string, path: string, body: object) {
  const answer = await visitor.ask(method, path, { body })
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

async function newAccount(
  login: string,
  unitId: number,
  roleId: string,
): Promise<{ accountId: number; postId: number }> {
  const { account } = await ask(districtAdmin, 'POST', '/accounts', {
    login,
    person: '人新',
    unitId,
    roleId,
    from: '2026-02-01',
  })
  await admin(
    'update account set must_change_password = false, password_hash = (select password_hash from account where login = $1) where login = $2',
    ['head', login],
  )
  return { accountId: account.accountId, postId: account.posts[0].postId }
}

interface Sample {
  readonly at?: Readonly<Record<string, string | number>>
  readonly query?: string
  readonly body?: object
  /** What who may and sees is answered; requests that stop at a later rule, so that nothing changes under the walk. */
  readonly passes?: ProblemCode
  /** Unit of the object that the request names. */
  readonly object?: number
}

const reason = '走访前核对住址'
const run: Sample = { at: { runId, list: 'not-found', seq: 0 }, object: NANCHUAN }
const pair: Sample = { at: { pairId: reviewed!.pair_id }, object: NANCHUAN }
const decision: Sample = { at: { decisionId: reviewed!.decision_id }, object: NANCHUAN }
const account: Sample = { at: objectAccount, object: SCHOOL }
const SAMPLES: Readonly<Record<string, Sample>> = {
  'system.health': {},
  'session.sign-in': { body: { login: 'nobody', password: 'wrong' }, passes: 'SESSION.WRONG_PASSWORD' },
  'session.read': {},
  'session.sign-out': {},
  'session.switch-post': { body: { postId: objectAccount.postId }, passes: 'REQUEST.NOT_FOUND' },
  'session.change-password': { body: { current: 'wrong', next: 'Abcd-1234-efgh' }, passes: 'SESSION.WRONG_PASSWORD' },
  'unit.list': { query: `?parentId=${SCHOOL}`, object: SCHOOL },
  'unit.read': { at: { unitId: SCHOOL }, object: SCHOOL },
  'unit.create': {
    body: { parentId: NANCHUAN, kind: 'city', code: 'X1', name: '不能有的市', from: '2026-02-01' },
    passes: 'UNIT.WRONG_PARENT',
    object: NANCHUAN,
  },
  'unit.change': { at: { unitId: SCHOOL }, body: { until: '2025-01-01' }, passes: 'REQUEST.MALFORMED', object: SCHOOL },
  'unit.move': {
    at: { unitId: SCHOOL },
    body: { parentId: SCHOOL, from: '2026-12-01' },
    passes: 'REQUEST.MALFORMED',
    object: SCHOOL,
  },
  'role.list': {},
  'account.list': { query: `?unitId=${SCHOOL}`, object: SCHOOL },
  'account.create': {
    body: { login: 'object-one', person: '人新', unitId: SCHOOL, roleId: OBJECT_ROLE, from: '2026-02-01' },
    passes: 'ACCOUNT.LOGIN_TAKEN',
    object: SCHOOL,
  },
  'account.set-state': { ...account, body: { action: 'unlock' } },
  'account.reset-password': account,
  'post.give': {
    ...account,
    body: { unitId: SCHOOL, roleId: OBJECT_ROLE, from: '2026-02-01' },
    passes: 'ACCOUNT.POST_HELD',
  },
  'post.end': { ...account, body: { until: '2025-01-01' }, passes: 'REQUEST.MALFORMED' },
  'account-sheet.template': {},
  'account-sheet.upload': { body: {}, passes: 'REQUEST.MALFORMED' },
  'account-sheet.list': {},
  'account-sheet.read': sheetOfAccounts,
  'account-sheet.commit': { ...sheetOfAccounts, passes: 'ACCOUNT.SHEET_REFUSED' },
  'account-sheet.take-passwords': { ...sheetOfAccounts, passes: 'ACCOUNT.PASSWORDS_GONE' },
  'account-sheet.redraw-passwords': { ...sheetOfAccounts, passes: 'ACCOUNT.ALL_SIGNED_IN' },
  'audit.list': {},
  'policy.read': {},
  'book.days': {},
  'book.balance': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'book.matrix': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'book.movements': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'book.map': {},
  'book.map-shapes': {},
  'book.children': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'book.timeline': { at: { childId: childId! }, object: NANCHUAN },
  'child.list': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'child.find': { body: { text: '冉在查' } },
  'import.upload': { query: '?kind=roll', body: {}, passes: 'REQUEST.MALFORMED' },
  'import.list': {},
  'import.read': { at: { sheetId }, object: NANCHUAN },
  'import.findings': { at: { sheetId }, passes: 'IMPORT.NOT_CHECKED', object: NANCHUAN },
  'import.change': { at: { sheetId }, body: { asOf: '2026-11-11' }, passes: 'IMPORT.ENDED', object: NANCHUAN },
  'import.check': { at: { sheetId }, body: {}, passes: 'IMPORT.ENDED', object: NANCHUAN },
  'import.marked': { at: { sheetId }, body: { reason }, passes: 'IMPORT.NOT_CHECKED', object: NANCHUAN },
  'import.commit': { at: { sheetId }, body: { mode: 'whole' }, passes: 'IMPORT.ENDED', object: NANCHUAN },
  'import.drop': { at: { sheetId }, passes: 'IMPORT.ENDED', object: NANCHUAN },
  'batch.list': {},
  'batch.read': { at: { batchId: batch!.batch_id }, object: NANCHUAN },
  'batch.undo': {
    at: { batchId: batch!.batch_id },
    body: { reason: '短' },
    passes: 'RUN.REASON_NEEDED',
    object: NANCHUAN,
  },
  'run.books-inputs': {},
  'run.create-books': {
    body: { batchIds: [Number(batch!.batch_id)] },
    passes: 'RUN.BATCH_SUPERSEDED',
    object: NANCHUAN,
  },
  'child.read-file': { at: { childId: childId! }, object: NANCHUAN },
  'child.open': { at: { childId: childId! }, body: { reason }, object: NANCHUAN },
  'child.reveal': { at: { childId: childId! }, body: { reason, fields: ['id'] }, object: NANCHUAN },
  'outside.list': {},
  'outside.read': line,
  'outside.places': {},
  'outside.add': {
    body: { childId: childId!, hostPlace: '520000', school: '遵义市第二小学' },
    passes: 'OUTSIDE.HAS_LINE',
    object: NANCHUAN,
  },
  'outside.ask': { ...line, passes: LINE_ENDED },
  'outside.prove': { ...line, body: { proof: 'certificate', checkedDay: '2026-11-01' }, passes: LINE_ENDED },
  'outside.answer': { ...line, body: { is: 'not-here', answer: 'left' }, passes: LINE_ENDED },
  'outside.deny': { ...line, body: { answer: 'left' }, passes: LINE_ENDED },
  'outside.end': { ...line, body: { ending: 'left', day: '2026-11-01' }, passes: LINE_ENDED },
  'outside.request': { body: { place: '110000' }, passes: 'OUTSIDE.NOTHING_TO_ASK' },
  'outside.replies': { body: {}, passes: 'REQUEST.MALFORMED' },
  'outside.flows': {},
  'outside.flow-children': { query: '?schoolYear=2026&group=core&way=left' },
  'ledger.template': { query: '?kind=outside' },
  'ledger.upload': { query: '?kind=outside&asOf=2026-07-15', body: {}, passes: 'REQUEST.MALFORMED' },
  'ledger.list': {},
  'ledger.read': ledger,
  'ledger.commit': { ...ledger, body: { mode: 'whole' }, passes: 'LEDGER.REFUSED' },
  'ledger.undo': { ...ledger, body: { reason }, passes: 'LEDGER.NOT_POSTED' },
  'case.list': {},
  'case.schools': { query: '?q=小学' },
  'case.read': { at: { caseId: file!.case_id }, object: NANCHUAN },
  'case.change': {
    at: { caseId: file!.case_id },
    body: { dueDay: '2026-12-01', reason: '短' },
    passes: 'CASE.REASON_NEEDED',
    object: NANCHUAN,
  },
  'case.standing': { at: { childId: childId! }, object: NANCHUAN },
  'case.post-entry': {
    at: { childId: childId! },
    body: { account: 'suspected', from: '2099-01-01', evidence: 'visit' },
    passes: 'ENTRY.NOT_LAWFUL',
    object: NANCHUAN,
  },
  'case.merge': {
    at: { childId: childId! },
    body: { intoChildId: childId!, reason },
    passes: 'CASE.SAME_CHILD',
    object: NANCHUAN,
  },
  'case.undo-merge': {
    at: { mergeId },
    body: { reason: '短' },
    passes: 'CASE.REASON_NEEDED',
    object: NANCHUAN,
  },
  'check.list': {},
  'check.progress': {},
  'check.reports': {},
  'check.schools': { query: '?q=小学' },
  'check.read': { at: { caseId: file!.case_id }, object: NANCHUAN },
  'check.report': {
    at: { caseId: file!.case_id },
    body: { method: 'visit', checkedDay: '2020-01-01' },
    passes: 'CHECK.NOT_LAWFUL',
    object: NANCHUAN,
  },
  'check.accept': { body: { reportIds: [9_000_000_000] } },
  'check.accept-complete': { body: { result: 'B4' } },
  'check.return': {
    at: { reportId: reported.reports[0].reportId },
    body: { reason: '短' },
    passes: 'CHECK.REASON_NEEDED',
    object: NANCHUAN,
  },
  'check.form': { body: { unitId: NANCHUAN, reason }, object: NANCHUAN },
  'check.print': { body: { unitId: NANCHUAN, reason }, object: NANCHUAN },
  'check-sheet.upload': { body: {}, passes: 'REQUEST.MALFORMED' },
  'check-sheet.list': {},
  'check-sheet.read': sheetOfChecks,
  'check-sheet.commit': sheetOfChecks,
  'repair.list': {},
  'repair.counts': {},
  'repair.decide': { ...agreed, body: { right: 'register' } },
  'repair.undo': agreed,
  'repair.dismiss': { ...agreed, body: { cause: 'both-lawful' } },
  'repair.reveal': { at: { repairId: repair!.repair_id }, object: NANCHUAN, body: { reason } },
  'repair.lists': {},
  'repair.make-list': { body: { mends: 'roll' }, passes: 'REPAIR.NOTHING_TO_SEND' },
  'repair.withdraw-list': { at: { listId: repairList!.list_id }, object: NANCHUAN, passes: 'REPAIR.LIST_ANSWERED' },
  'repair.download-list': {
    at: { listId: repairList!.list_id },
    body: { reason: '短' },
    passes: 'RUN.REASON_NEEDED',
    object: NANCHUAN,
  },
  'roster.overview': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'roster.compare': { passes: 'ROSTER.NO_LISTS' },
  'roster.families': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'roster.find-families': { body: { text: '没有这户' } },
  'roster.family': { at: { childId: childId! }, object: NANCHUAN },
  'roster.term': { query: `?unitId=${NANCHUAN}`, object: NANCHUAN },
  'roster.term-workbook': { body: { unitId: NANCHUAN, reason }, object: NANCHUAN },
  'roster.ledger': { at: { ledger: 'suspected' }, body: { unitId: NANCHUAN, reason }, object: NANCHUAN },
  'roster.found': { at: { runId: rosterRun }, query: '?compared=class', object: NANCHUAN },
  'book.close': { body: { day: '2026-11-19' }, passes: 'BOOK.DAY_ORDER' },
  // No file: refused after the right and before a process is started.
  'run.upload-sheet': { query: '?role=roll', body: {}, passes: 'REQUEST.MALFORMED' },
  'run.create': {
    body: { populationSheetId: sheets!.population, rollSheetId: sheets!.roll, schoolYear: 2026, populationColumns: {} },
    passes: 'SHEET.UNKNOWN_LAYOUT',
    object: NANCHUAN,
  },
  'run.list': {},
  'run.read': run,
  'run.cancel': { ...run, passes: 'RUN.NOT_RUNNING' },
  'run.read-list': run,
  'run.reveal-row': { ...run, body: { reason } },
  'run.difference': run,
  'run.difference-list': run,
  'run.difference-download': { ...run, body: { reason } },
  'run.models': {},
  'run.model-estimate': { passes: 'REVIEW.TOO_FEW' },
  'run.model-switch': { body: { version: 99 }, passes: 'REQUEST.NOT_FOUND' },
  'run.manifest': run,
  'run.verify': run,
  'run.review': run,
  'run.review-claim': { ...run, body: { most: 1 } },
  'run.review-claim-disputes': { ...run, body: { most: 1 } },
  'run.review-pairs': run,
  'run.review-pair': pair,
  'run.review-answer': { ...pair, body: { verdict: 'same' }, passes: 'REVIEW.NOT_YOURS' },
  'run.review-settle': { ...pair, body: { verdict: 'same' }, passes: 'REVIEW.NOT_YOURS' },
  'run.review-undo': { ...pair, passes: 'REVIEW.NOTHING_TO_UNDO' },
  'run.review-reveal': { ...pair, body: { reason } },
  'run.decision': decision,
  'run.decision-withdraw': { ...decision, body: { reason: '1' }, passes: 'REVIEW.REASON_NEEDED' },
  'run.download': { ...run, body: { reason } },
  'run.demo-sheets': {},
  'run.demo-sheet': { at: { name: 'population.csv' }, object: NANCHUAN },
}

const LOGINS = [
  ...['city-admin', 'city-inspector', 'sysadmin', 'secadmin', 'auditor'],
  ...['nanchuan-admin', 'nanchuan-officer', 'nanchuan-review', 'yuzhong-admin', 'zone-officer', 'centre-one'],
  ...['town-officer', 'village-officer', 'head', 'aid', 'teacher', 'head-two'],
]
const { roles } = JSON.parse(await readFile(join(packFolder, 'roles.json'), 'utf8')) as {
  roles: readonly { roleId: string; mayAssign: readonly string[] }[]
}
const paths = new Map(
  (await admin<{ unit_id: number; path: number[] }>('select unit_id, path from unit')).map(({ unit_id, path }) => [
    unit_id,
    path,
  ]),
)
const { routes } = house.http

function request(route: Route): { path: string; asked: Asked } {
  const { at = {}, query = '', body } = SAMPLES[route.id] ?? {}
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(at[name] ?? 'absent'))
  return { path: path + query, asked: body === undefined ? {} : { body } }
}

/** Every problem a route answered with during the walk. */
const metCodes = new Map<string, Set<ProblemCode>>()

async function outcomeOf(visitor: Visitor, route: Route, more: Asked = {}): Promise<'ok' | ProblemCode> {
  const { path, asked } = request(route)
  const answer = await visitor.ask(route.method, path, { ...asked, ...more })
  if (answer.status === 200) return 'ok'
  const code: ProblemCode = answer.body.code
  expect([route.id, code, answer.status]).toEqual([route.id, code, PROBLEMS[code].status])
  metCodes.set(route.id, (metCodes.get(route.id) ?? new Set()).add(code))
  return code
}

type Place = 'own' | 'above' | 'below' | 'other'

function placeOf(actor: Actor, object: number): Place {
  if (actor.unitId === object) return 'own'
  if (paths.get(object)!.includes(actor.unitId)) return 'above'
  return actor.unitPath.includes(object) ? 'below' : 'other'
}

function isSeen({ sees }: RightsLine, place: Place): boolean {
  return sees?.some((standing) => standing === place) ?? true
}

function expected(route: Route, actor: Actor): 'ok' | ProblemCode {
  const line = RIGHTS[route.id]!
  const { object, passes = 'ok' } = SAMPLES[route.id]!
  if (Array.isArray(line.may) && !line.may.includes(actor.roleId)) return 'REQUEST.NOT_ALLOWED'
  if (object !== undefined && !isSeen(line, placeOf(actor, object))) return 'REQUEST.NOT_FOUND'
  const givers = roles.filter(({ mayAssign }) => mayAssign.includes(OBJECT_ROLE)).map(({ roleId }) => roleId)
  return line.byGivenRole && !givers.includes(actor.roleId) ? 'REQUEST.NOT_ALLOWED' : passes
}

/** Ends the session it is tried with. */
const isLast = ({ id }: Route) => id === 'session.sign-out'

describe('[RIGHT-1] the rights table', () => {
  test('has one line for every mounted route, and none for others', () => {
    const mounted = routes.map(({ id }) => id).sort()
    expect(mounted.length).toBeGreaterThan(25)
    expect(Object.keys(RIGHTS).sort()).toEqual(mounted)
    expect(Object.keys(SAMPLES).sort()).toEqual(mounted)
    for (const { id } of routes)
      expect([id, SAMPLES[id]!.object !== undefined]).toEqual([id, RIGHTS[id]!.sees !== undefined])
  })

  test('names roles of the pack only, and every one of them is tried', async () => {
    const named = new Set(Object.values(RIGHTS).flatMap(({ may }) => (Array.isArray(may) ? may : [])))
    const known = roles.map(({ roleId }) => roleId)
    expect([...named].filter((role) => !known.includes(role))).toEqual([])
    const tried = new Set<string>()
    for (const login of LOGINS) tried.add((await house.actor(login)).roleId)
    expect(known.filter((role) => !tried.has(role))).toEqual([])
  })

  test('without a session every route but the public ones asks to sign in', async () => {
    for (const route of routes) {
      const isPublic = RIGHTS[route.id]!.may === 'everybody'
      const wanted = isPublic ? (SAMPLES[route.id]!.passes ?? 'ok') : 'SESSION.REQUIRED'
      expect([route.id, await outcomeOf(house.visitor(), route)]).toEqual([route.id, wanted])
    }
  })

  test('[RIGHT-3] a change without the session’s own word is refused, whoever asks', async () => {
    const changing = routes.filter(({ id, method }) => method !== 'GET' && RIGHTS[id]!.may !== 'everybody')
    expect(changing.length).toBeGreaterThan(12)
    for (const visitor of [await house.signIn('nanchuan-officer'), await house.signIn('city-admin')]) {
      for (const route of changing) {
        expect([route.id, await outcomeOf(visitor, route, { csrf: '' })]).toEqual([route.id, 'REQUEST.FORGED'])
        expect([route.id, await outcomeOf(visitor, route, { csrf: 'A'.repeat(43) })]).toEqual([
          route.id,
          'REQUEST.FORGED',
        ])
      }
    }
  })

  test('[RIGHT-2] holds for every route from every role and place; from outside an object is not found', {
    timeout: 60_000,
  }, async () => {
    const met = new Map<string, Set<Place>>()
    const closed = routes
      .filter(({ id }) => RIGHTS[id]!.may !== 'everybody')
      .toSorted((a, b) => Number(isLast(a)) - Number(isLast(b)))
    for (const login of LOGINS) {
      const visitor = await house.signIn(login)
      const actor = await house.actor(login)
      const found: Record<string, string> = {}
      const wanted: Record<string, string> = {}
      for (const route of closed) {
        found[route.id] = await outcomeOf(visitor, route)
        wanted[route.id] = expected(route, actor)
        const { may } = RIGHTS[route.id]!
        const { object } = SAMPLES[route.id]!
        if (object === undefined || (Array.isArray(may) && !may.includes(actor.roleId))) continue
        met.set(route.id, (met.get(route.id) ?? new Set()).add(placeOf(actor, object)))
      }
      expect({ login, ...found }).toEqual({ login, ...wanted })
    }
    // Not a vacuous walk: whoever has the right was met inside and outside of every object.
    for (const { id } of routes) {
      if (RIGHTS[id]!.sees === undefined) continue
      const places = [...(met.get(id) ?? [])]
      expect([id, places.some((place) => isSeen(RIGHTS[id]!, place))]).toEqual([id, true])
      expect([id, places.includes('other')]).toEqual([id, true])
    }
  })
})

describe('[RIGHT-4] the OpenAPI document', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of every shape
  type Json = any
  const served = async (path: string) => house.http.app.inject({ method: 'GET', url: `${API_PREFIX}${path}` })
  const document = async (): Promise<Json> => (await served('/openapi.json')).json()
  const operations = async (): Promise<[string, string, Json][]> =>
    Object.entries<Json>((await document()).paths).flatMap(([path, item]) =>
      Object.entries<Json>(item).map(([method, operation]): [string, string, Json] => [path, method, operation]),
    )

  test('is served as it is made from the mounted routes', async () => {
    const made = openApiDocument(routes, { version: VERSION, prefix: API_PREFIX })
    expect(await document()).toEqual(JSON.parse(JSON.stringify(made)))
  })

  test('has every mounted route once, under its address, with the right it needs', async () => {
    const listed = (await operations()).map(([path, method, { operationId, 'x-access': access }]) => ({
      path,
      method,
      operationId,
      access,
    }))
    const mounted = routes.map(({ path, method, id, access }) => ({
      path: path.replace(/:(\w+)/g, '{$1}'),
      method: method.toLowerCase(),
      operationId: id,
      access,
    }))
    const byId = (a: { operationId: string }, b: { operationId: string }) => (a.operationId < b.operationId ? -1 : 1)
    expect(listed.sort(byId)).toEqual(mounted.sort(byId))
  })

  test('is OpenAPI 3.1 in shape: addresses, parameters, answers, security and references hold together', async () => {
    const whole = await document()
    expect(whole).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: VERSION },
    })
    const schemes = Object.keys(whole.components.securitySchemes)
    for (const [path, method, operation] of await operations()) {
      const at = `${method} ${path}`
      expect([at, path.startsWith('/')]).toEqual([at, true])
      const inPath = operation.parameters.filter((parameter: Json) => parameter.in === 'path')
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect([at, inPath.map((parameter: Json) => parameter.name).sort()]).toEqual([at, names.sort()])
      expect([at, inPath.every((parameter: Json) => parameter.required === true)]).toEqual([at, true])
      expect([at, operation.parameters.every((parameter: Json) => typeof parameter.schema === 'object')]).toEqual([
        at,
        true,
      ])
      expect([at, Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status))]).toEqual([at, true])
      expect([
        at,
        Object.values<Json>(operation.responses).every(({ description }) => typeof description === 'string'),
      ]).toEqual([at, true])
      const used = operation.security.flatMap((line: object) => Object.keys(line))
      expect([at, used.filter((name: string) => !schemes.includes(name))]).toEqual([at, []])
      expect([at, used.length]).toEqual([at, operation['x-access'] === 'public' ? 0 : method === 'get' ? 1 : 2])
    }
    const pointers = [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
    const target = (pointer: string) =>
      pointer
        .replace('#/', '')
        .split('/')
        .reduce<Json>((node, key) => node?.[key], whole)
    expect(pointers.filter((pointer) => !pointer.startsWith('#/') || target(pointer) === undefined)).toEqual([])
  })

  test('names every problem code that the walk met, route by route', () => {
    expect(metCodes.size).toBeGreaterThan(25)
    const untold = routes.map((route) => {
      const told = problemsOf(route)
      return [route.id, [...(metCodes.get(route.id) ?? [])].filter((code) => !told.includes(code))]
    })
    expect(untold.filter(([, codes]) => codes!.length > 0)).toEqual([])
  })

  test('has a reader page that names no address but this server’s, and may load none', async () => {
    const page = await served('/reference')
    const start = await served('/reference/start.js')
    expect([page.statusCode, start.statusCode]).toEqual([200, 200])
    for (const text of [page.body, start.body]) expect(text).not.toMatch(/(?:https?:)?\/\/[\w-]+\./)
    const policy = String(page.headers['content-security-policy'])
    const loading = policy
      .split(';')
      .filter((part) => /^\s*(default|script|style|img|font|connect|worker)-src/.test(part))
    expect(loading.length).toBeGreaterThanOrEqual(7)
    for (const part of loading) expect(part).not.toMatch(/\*|https?:|\w\.\w/)
  })
})
