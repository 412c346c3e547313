import { describe, expect, test } from 'vitest'
import { accountId, postId, unitId } from '../kernel/ids.ts'
import type { Scope } from '../kernel/scope.ts'
import { type AuditEvent, type AuditTables, recordAudit } from './audit.ts'
import { testDatabase } from './testing/database.ts'

const { db, admin } = await testDatabase()
const CITY = 1
const DISTRICT = 10
const SCHOOL = 100
const OTHER = 20

const scopeOf = (unit: number): Scope => ({
  kind: unit === CITY ? 'city' : 'unit',
  unitId: unitId(unit),
  accountId: accountId(7),
})

function event(units: readonly number[], more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    at: new Date('2026-09-01T08:00:00Z'),
    kind: 'read',
    action: 'run.read',
    accountId: accountId(7),
    postId: postId(3),
    unitId: unitId(units.at(-1) ?? CITY),
    units,
    target: null,
    reason: null,
    outcome: 'ok',
    address: '10.0.0.1',
    ...more,
  }
}

async function seenBy(unit: number): Promise<readonly string[]> {
  const rows = await db.inScope(scopeOf(unit), (tx) =>
    tx.withTables<AuditTables>().selectFrom('audit_event').select('action').orderBy('audit_id').execute(),
  )
  return rows.map(({ action }) => action)
}

describe('[SEC-20] the audit', () => {
  test('is seen by the unit, by those above it and by the city, and by nobody else', async () => {
    await db.inScope(scopeOf(SCHOOL), (tx) => recordAudit(tx, event([CITY, DISTRICT, SCHOOL], { action: 'of-school' })))
    await db.inScope(scopeOf(OTHER), (tx) => recordAudit(tx, event([CITY, OTHER], { action: 'of-other' })))
    await db.asSystem('test', (tx) => recordAudit(tx, event([], { action: 'of-nobody' })))
    expect(await seenBy(SCHOOL)).toEqual(['of-school'])
    expect(await seenBy(DISTRICT)).toEqual(['of-school'])
    expect(await seenBy(OTHER)).toEqual(['of-other'])
    expect(await seenBy(CITY)).toEqual(['of-school', 'of-other', 'of-nobody'])
  })

  test('takes no line in the name of a unit outside the scope', async () => {
    const forged = db.inScope(scopeOf(OTHER), (tx) => recordAudit(tx, event([CITY, DISTRICT, SCHOOL])))
    await expect(forged).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
  })

  test.each([
    ['unit', (sql: string) => inRole('baoxue_unit', sql)],
    ['city', (sql: string) => inRole('baoxue_city', sql)],
    ['system', (sql: string) => inRole('baoxue_system', sql)],
    ['owner of the table', (sql: string) => inRole('baoxue_owner', sql)],
    ['administrator of the server', (sql: string) => admin(sql)],
  ])('cannot be changed, emptied or shortened by the %s', async (_who, run) => {
    const before = await admin('select * from audit_event order by audit_id')
    for (const sql of [
      "update audit_event set outcome = 'ok', action = 'x'",
      'delete from audit_event',
      'truncate audit_event',
    ]) {
      await run(sql).catch(() => {})
    }
    expect(await admin('select * from audit_event order by audit_id')).toEqual(before)
    expect(before.length).toBeGreaterThan(0)
  })

  async function inRole(role: string, sql: string): Promise<void> {
    await admin('begin')
    try {
      await admin(`set local role ${role}`)
      await admin("select set_config('app.unit', '1', true)")
      await admin(sql)
      await admin('commit')
    } catch (error) {
      await admin('rollback')
      throw error
    }
  }
})

test('[SEC-21] a typed reason keeps its words and loses its numbers', async () => {
  const reason = '核对 500101201609011234 家长电话 138 1234 5678，第 12 户，２０１６年'
  await db.inScope(scopeOf(OTHER), (tx) => recordAudit(tx, event([CITY, OTHER], { action: 'with-reason', reason })))
  const [row] = await admin<{ reason: string }>("select reason from audit_event where action = 'with-reason'")
  expect(row?.reason).toBe('核对 … 家长电话 …，第 12 户，２０１６年')
})
