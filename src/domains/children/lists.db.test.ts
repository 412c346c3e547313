import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { plantChildren } from '../cases/planted.test.server.ts'
import type { BookBalanceLine } from '../whereabouts/contract.ts'

const house = await testHouse()
const NANCHUAN = house.town.id('500119')
const NAMES = ['冉在查', '冉又名', '瞿同窗']
const planted = await plantChildren(
  house.services,
  NAMES.map((name, index) => ({
    name,
    unit: NANCHUAN,
    account: index === 2 ? ('here' as const) : ('to-verify' as const),
  })),
  (await house.actor('nanchuan-officer')).accountId,
)
const officer = await house.signIn('nanchuan-officer')
const stranger = await house.signIn('yuzhong-admin')

describe('[CHILD-1] the list behind a figure', () => {
  test('has exactly as many children as the figure, for every account and group', async () => {
    const balance = await officer.ask('GET', `/book/balance?unitId=${NANCHUAN}`)
    const lines: BookBalanceLine[] = balance.body.lines
    expect(lines.reduce((sum, { total }) => sum + total, 0)).toBe(planted.length)
    for (const { account, total } of lines) {
      const list = await officer.ask('GET', `/children?unitId=${NANCHUAN}&account=${account}`)
      expect([account, list.body.total, list.body.rows.length]).toEqual([account, total, total])
    }
    const group = await officer.ask('GET', '/children?group=4')
    expect(group.body.rows.map(({ name }: { name: string }) => name).toSorted()).toEqual(['冉又名', '冉在查'])
  })

  test('names the children and gives no number', async () => {
    const list = await officer.ask('GET', '/children')
    expect(list.body.rows.map(({ name }: { name: string }) => name).toSorted()).toEqual(NAMES.toSorted())
    expect(JSON.stringify(list.body)).not.toMatch(/\d{11}/)
  })

  test('is not found for a unit outside the own branch', async () => {
    const city = await officer.ask('GET', `/children?unitId=${house.town.id('500103')}`)
    expect([city.status, city.body.code]).toEqual([404, 'REQUEST.NOT_FOUND'])
  })
})

describe('[CHILD-2] the search', () => {
  test('finds by the full name, and not by a part of it', async () => {
    const found = await officer.ask('POST', '/children/find', { body: { text: '冉在查' } })
    expect(found.body.rows).toMatchObject([{ childId: planted[0], name: '冉在查', account: 'to-verify' }])
    expect((await officer.ask('POST', '/children/find', { body: { text: '冉在' } })).body.rows).toEqual([])
  })

  test('finds nobody out of scope, and what was typed stands in no log', async () => {
    const answer = await stranger.ask('POST', '/children/find', { body: { text: '冉在查' } })
    expect(answer.status === 403 || answer.body.rows.length === 0).toBe(true)
    const other = await house.signIn('zone-officer')
    expect((await other.ask('POST', '/children/find', { body: { text: '冉在查' } })).body.rows).toEqual([])
    expect(house.lines.join('')).not.toContain('冉在查')
    const audit = await house.admin('select * from audit_event where action = $1', ['child.find'])
    expect(audit.length).toBeGreaterThan(0)
    expect(JSON.stringify(audit)).not.toContain('冉在查')
  })
})
