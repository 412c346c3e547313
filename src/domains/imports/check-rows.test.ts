import { expect, test, vi } from 'vitest'
import type { RecordRow } from '../persons/server.ts'
import { type Cells, CITY, checkRows, idOf, soundRoll } from './check-testing.server.ts'

// A check is some fifty statements of DuckDB: a second, and more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const base = () => soundRoll(40)

test('[IMP-11] what is refused stays among the rows with its fault, and what is derived stands beside the cells', async () => {
  const rows = base()
  rows[0] = { ...rows[0]!, schoolCode: '2159999999', schoolName: '' }
  const { all } = await checkRows(rows, { kind: 'roll' })
  expect(all[0]).toMatchObject({ refused: true, fault: '学校认不出', school_id: null })
  expect(all[1]).toMatchObject({ refused: false, fault: null, school_id: 501, needs_repair: false })
  expect(String(all[1]!['id17'])).toBe(rows[1]!['citizenId']!.slice(0, 17))
  expect(typeof all[1]!['id_key']).toBe('bigint')
})

test('[IMP-11] a checked row is a record: cleaned, with its guardians, its class and its groups', async () => {
  const rows = base()
  rows[0] = {
    ...rows[0]!,
    name: `冉\u200b${rows[0]!['name']!.slice(1)}`,
    formerName: '冉\u001f小',
    grade: '四年级',
    className: '四年级二班',
    boarding: '住校',
    enrolledOn: '2023-09',
    leftBehind: '双亲留守儿童',
    guardian2Name: '冉母',
    guardian2CitizenId: '500119198001010013',
  }
  const { records } = await checkRows(rows, { kind: 'roll' })
  const [record] = records as [RecordRow, ...RecordRow[]]
  expect(record).toMatchObject({
    row: 1,
    name: soundRoll(1)[0]!['name'],
    citizenId: rows[0]['citizenId'],
    sex: 2,
    birth: rows[0]['birthDay'],
    studentNo: rows[0]['studentNo'],
    tags: ['left-behind'],
    refused: false,
    unitId: null,
    roll: {
      schoolId: 501,
      schoolYear: 2026,
      grade: 4,
      className: '2',
      statusGroup: 'in-school',
      status: '在读',
      boarding: true,
      enrolledOn: '2023-09-01',
    },
  })
  expect(record.guardians).toEqual([
    { name: '冉大0', citizenId: null, phone: '13910000000', relation: null },
    { name: '冉母', citizenId: null, phone: null, relation: null },
  ])
  expect(record.formerName).toBe('冉小')
  expect(typeof record.keys?.name).toBe('bigint')
})

test('[IMP-11] one adult in two columns is one guardian, and the head of the household is no child of the child', async () => {
  const row = (cells: Cells): Cells => ({
    name: '冉小明',
    citizenId: idOf('20150314', 1),
    relationToHead: '孙子',
    ...cells,
  })
  const father = { guardian1Name: '冉父' }
  const id = idOf('19850101', 5)
  const rows = [
    row({ ...father, headName: '冉父', headCitizenId: id }),
    row({ ...father, guardian1CitizenId: id, headName: '冉祖', headCitizenId: idOf('19550101', 5) }),
  ]
  const { records } = await checkRows(rows, { kind: 'population', giver: { unitId: CITY, isSchool: false } })
  expect((records as RecordRow[]).map(({ guardians }) => guardians)).toEqual([
    [{ name: '冉父', citizenId: id, phone: null, relation: null }],
    [
      { name: '冉父', citizenId: id, phone: null, relation: null },
      { name: '冉祖', citizenId: idOf('19550101', 5), phone: null, relation: '户主' },
    ],
  ])
})
