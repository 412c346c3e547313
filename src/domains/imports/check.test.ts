import iconv from 'iconv-lite'
import { describe, expect, test, vi } from 'vitest'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { type Cells, CITY, checkRows, checkText, idOf, NANCHUAN, soundRoll, testKeys } from './check-testing.server.ts'
import { FIELDS_OF } from './fields.ts'
import type { FindingCode } from './findings.ts'

// A check is some fifty statements of DuckDB: a second, and more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** What is done to a sound pupil's cells, and where it must be found. */
interface Plant {
  readonly code: FindingCode
  readonly field: string | null
  spoil(row: Cells, all: readonly Cells[]): Cells
}

function wrongCheck(id: string): string {
  const right = checkDigit(id.slice(0, 17))
  return id.slice(0, 17) + (right === '7' ? '3' : '7')
}

const PLANTS: readonly Plant[] = [
  { code: 'name-missing', field: 'name', spoil: (row) => ({ ...row, name: '　' }) },
  { code: 'id-check', field: 'citizenId', spoil: (row) => ({ ...row, citizenId: wrongCheck(row['citizenId']!) }) },
  { code: 'id-precision', field: 'citizenId', spoil: (row) => ({ ...row, citizenId: '5.00119E+17' }) },
  {
    code: 'id-birth',
    field: 'citizenId',
    spoil: (row) => ({ ...row, citizenId: idOf('20140229', 17), studentNo: '' }),
  },
  { code: 'id-missing', field: 'citizenId', spoil: (row) => ({ ...row, citizenId: '' }) },
  { code: 'id-masked', field: 'citizenId', spoil: (row) => ({ ...row, citizenId: '500119********1234' }) },
  { code: 'id-shape', field: 'citizenId', spoil: (row) => ({ ...row, citizenId: '50011920150314' }) },
  {
    code: 'birth-clash',
    field: 'birthDay',
    spoil: (row) => ({ ...row, birthDay: row['birthDay']!.replace(/-\d\d$/, '-30').replace('-02-30', '-02-27') }),
  },
  { code: 'birth-off', field: 'birthDay', spoil: (row) => ({ ...row, birthDay: '二〇一七年' }) },
  { code: 'sex-clash', field: 'sex', spoil: (row) => ({ ...row, sex: row['sex'] === '男' ? '女' : '男' }) },
  {
    code: 'name-unreadable',
    field: 'name',
    spoil: (row) => ({ ...row, name: `${row['name']![0]}□${row['name']![2]}` }),
  },
  {
    code: 'school-unknown',
    field: 'schoolCode',
    spoil: (row) => ({ ...row, schoolCode: '2159999999', schoolName: '某某小学' }),
  },
  {
    code: 'school-closed',
    field: 'schoolCode',
    spoil: (row) => ({ ...row, schoolCode: '2150000003', schoolName: '' }),
  },
  {
    code: 'school-elsewhere',
    field: 'schoolCode',
    spoil: (row) => ({ ...row, schoolCode: '2150000004', schoolName: '' }),
  },
  { code: 'grade-unread', field: 'grade', spoil: (row) => ({ ...row, grade: '2021级' }) },
  {
    code: 'class-not-here',
    field: 'className',
    spoil: (row) => ({ ...row, className: `${11 + (Number(row['guardian1Phone']) % 67)}班` }),
  },
  { code: 'student-no-shape', field: 'studentNo', spoil: (row) => ({ ...row, studentNo: row['studentNo']!.slice(1) }) },
  { code: 'status-unread', field: 'status', spoil: (row) => ({ ...row, status: '不详' }) },
  { code: 'phone-shape', field: 'guardian1Phone', spoil: (row) => ({ ...row, guardian1Phone: '1398877' }) },
  { code: 'address-group', field: 'address', spoil: (row) => ({ ...row, address: '重庆市南川区大观镇铁桥村' }) },
]

test('[IMP-4] two hundred errors planted in a workbook of two thousand rows are found at exactly their cells', async () => {
  const rows = soundRoll(2000)
  const expected = new Map<string, string>()
  for (let index = 0; index < 200; index += 1) {
    const plant = PLANTS[index % PLANTS.length]!
    const at = 3 + index * 9
    rows[at] = plant.spoil(rows[at]!, rows)
    expected.set(`${at + 2} ${plant.field}`, plant.code)
  }
  const checked = await checkRows(rows, { kind: 'roll' })
  const found = new Map(checked.found.map(({ sheetRow, field, code }) => [`${sheetRow} ${field}`, code]))
  expect(found).toEqual(expected)
  expect(checked.found).toHaveLength(200)
  expect(checked.refusedRows).toBe(60)
  expect(checked.counts.reduce((sum, { findings }) => sum + findings, 0)).toBe(200)
})

test('[IMP-4] a sheet without a fault has no finding', async () => {
  expect((await checkRows(soundRoll(400), { kind: 'roll' })).found).toEqual([])
})

const base = () => soundRoll(40)

async function foundIn(rows: readonly Cells[], more: Parameters<typeof checkRows>[1] = { kind: 'roll' }) {
  return (await checkRows(rows, more)).found.map(({ sheetRow, field, code, said }) => [sheetRow, field, code, said])
}

describe('[IMP-5] who a row speaks of', () => {
  test('a number, a birthday or a student number beside the name is enough; none of them refuses the row', async () => {
    const rows = base()
    rows[0] = { ...rows[0]!, citizenId: '', birthDay: '', studentNo: '' }
    rows[1] = { ...rows[1]!, citizenId: '', studentNo: '' }
    expect(await foundIn(rows)).toEqual([
      [2, 'citizenId', 'identity-missing', ''],
      [3, 'citizenId', 'id-missing', ''],
    ])
  })

  test('the wrong check character is told with the right one', async () => {
    const rows = base()
    const id = rows[4]!['citizenId']!
    rows[4] = { ...rows[4]!, citizenId: wrongCheck(id) }
    expect(await foundIn(rows)).toEqual([[6, 'citizenId', 'id-check', `${id[17]}${wrongCheck(id)[17]}`]])
  })

  test('a document of another kind that fits its kind is nothing to repair', async () => {
    const rows: Cells[] = base().map((row) => ({ ...row, idType: '居民身份证' }))
    rows[0] = { ...rows[0]!, idType: '香港特区护照/身份证明', citizenId: 'H12345678', studentNo: '' }
    rows[1] = { ...rows[1]!, idType: '护照', citizenId: 'E12345678', studentNo: '' }
    rows[2] = { ...rows[2]!, idType: '台湾居民来往大陆通行证', citizenId: '1234', studentNo: '' }
    expect(await foundIn(rows)).toEqual([[4, 'citizenId', 'id-shape', '']])
  })
})

test('[IMP-4] what else a roll can suffer from, each at its cell', async () => {
  const rows = base().map((row): Cells => ({ ...row, guardian1CitizenId: idOf('19850101', 5) }))
  const spoil = (at: number, cells: Cells) => {
    rows[at] = { ...rows[at]!, ...cells }
  }
  spoil(0, { citizenId: idOf('20990101', 17), studentNo: '', birthDay: '', sex: '' })
  spoil(1, { citizenId: '', studentNo: '', birthDay: '不知道' })
  spoil(2, { citizenId: '', studentNo: '', birthDay: '2027-01-01' })
  spoil(3, { sex: '不明' })
  spoil(4, { guardian1CitizenId: '500119850101001' })
  spoil(5, { guardian1CitizenId: '5001191985010100' })
  spoil(6, { studentNo: rows[20]!['studentNo']!, citizenId: '' })
  spoil(7, { studentNo: `G${idOf('20170101', 333)}` })
  spoil(8, { status: '开除' })
  spoil(9, { ethnicity: '火星族' })
  spoil(10, {
    citizenId: '500119850101001',
    studentNo: '',
    birthDay: '',
    sex: '',
    grade: '',
    className: '',
    status: '',
  })
  const found = await foundIn(rows)
  expect(found.map(([row, field, code]) => `${row} ${field} ${code}`)).toEqual([
    '2 citizenId id-future',
    '3 citizenId identity-missing',
    '3 birthDay birth-unreadable',
    '4 birthDay birth-future',
    '4 citizenId id-missing',
    '5 sex sex-unread',
    '7 guardian1CitizenId guardian-id',
    '8 citizenId id-missing',
    '8 studentNo student-no-shared',
    '9 studentNo student-no-id',
    '10 status status-forbidden',
    '11 ethnicity ethnicity-unread',
    '12 citizenId id-old',
    '22 studentNo student-no-shared',
  ])
})

test('[IMP-7] a row of the city’s extract without any place has no unit', async () => {
  const rows = [{ ...resident(0), address: '翠竹巷7号' }]
  const checked = await checkRows(rows, { kind: 'population', giver: { unitId: CITY, isSchool: false } })
  expect(checked.found).toMatchObject([{ field: 'address', code: 'place-unknown' }])
})

describe('[IMP-5] rows that speak of one another', () => {
  test('a child in two rows of one file is told once, with the other row', async () => {
    const rows = base()
    expect(await foundIn([...rows, rows[7]!])).toEqual([[42, null, 'repeated-row', '9']])
  })

  test('a child in two classes has to be settled', async () => {
    const rows = base()
    const other = { ...rows[7]!, className: rows[7]!['className'] === '1班' ? '2班' : '1班' }
    expect(await foundIn([...rows, other])).toEqual([[42, 'className', 'two-places', '9']])
  })

  test('two children with one ID are both told, and both go in', async () => {
    const rows = base()
    rows[3] = {
      ...rows[3]!,
      citizenId: rows[11]!['citizenId']!,
      sex: rows[11]!['sex']!,
      birthDay: rows[11]!['birthDay']!,
      studentNo: '',
    }
    const checked = await checkRows(rows, { kind: 'roll' })
    const told = checked.found.filter(({ code }) => code === 'id-shared').map(({ sheetRow, said }) => [sheetRow, said])
    expect(told).toEqual([
      [5, '13'],
      [13, '5'],
    ])
    expect(checked.refusedRows).toBe(0)
    expect(checked.repairRows).toBe(2)
  })

  test('one guardian with one telephone in two rows is a reminder', async () => {
    const rows = base()
    rows[9] = { ...rows[9]!, guardian1Name: rows[2]!['guardian1Name']!, guardian1Phone: rows[2]!['guardian1Phone']! }
    expect(await foundIn(rows)).toEqual([[11, 'guardian1Phone', 'phone-shared', '4']])
  })
})

describe('[IMP-8] schools', () => {
  test('by code, by exact name, by name alone only where it is one', async () => {
    const rows = base()
    rows[0] = { ...rows[0]!, schoolCode: '' }
    rows[1] = { ...rows[1]!, schoolCode: '', schoolName: '希望小学校' }
    rows[2] = { ...rows[2]!, schoolCode: '', schoolName: '' }
    rows[3] = { ...rows[3]!, schoolName: '东街小学' }
    expect(await foundIn(rows)).toEqual([
      [3, 'schoolName', 'school-ambiguous', ''],
      [4, 'schoolName', 'school-missing', ''],
      [5, 'schoolName', 'school-name-differs', '南川区东街小学校'],
    ])
  })

  test('a roll for a closed school is refused with what follows it, and held when it speaks of the time before', async () => {
    const rows = base().map((row) => ({ ...row, schoolCode: '2150000003', schoolName: '' }))
    const now = await checkRows(rows, { kind: 'roll' })
    expect(now.refusedRows).toBe(40)
    expect(now.found[0]).toMatchObject({ code: 'school-closed', said: '南川区东街小学校' })
    const before = await checkRows(rows, { kind: 'roll', asOf: plainDate('2026-06-30') })
    expect(before.counts.filter(({ severity }) => severity === 'refuse')).toEqual([])
  })

  test('a school needs no school column and speaks for nobody else', async () => {
    const rows = base().map(({ schoolCode, schoolName, ...row }) => row)
    const own = await checkRows(rows, { kind: 'roll', giver: { unitId: 501, isSchool: true } })
    expect(own.found).toEqual([])
    expect(own.covers).toEqual([{ unitId: 501, rows: 40 }])
    const other = await checkRows(base(), { kind: 'roll', giver: { unitId: 502, isSchool: true } })
    expect(other.counts).toMatchObject([{ code: 'school-elsewhere', rows: 40 }])
  })

  test('[IMP-9] a grade that the school does not teach, and a former name of a class', async () => {
    const rows = base()
    rows[0] = { ...rows[0]!, grade: '七年级' }
    rows[1] = {
      ...rows[1]!,
      schoolCode: '3150000002',
      schoolName: '',
      grade: '八年级',
      className: '初二2班',
      birthDay: '',
      citizenId: '',
      studentNo: 'L500119201303149999',
    }
    expect(await foundIn(rows)).toEqual([
      [2, 'grade', 'grade-not-here', '七'],
      [2, 'grade', 'age-grade', '3'],
      [3, 'citizenId', 'id-missing', ''],
      [3, 'className', 'class-former', '八(2)'],
    ])
  })
})

function resident(index: number, more: Cells = {}): Cells {
  const birth = `2015${String(1 + (index % 12)).padStart(2, '0')}1${index % 10}`
  return {
    name: `冉${'辰诗涵宇恒欣妍子轩梓'[index % 10]}${'萱俊杰可馨天佑清语桐'[(index * 7) % 10]}`,
    citizenId: idOf(birth, 101 + index),
    address: `重庆市南川区东城街道东街社区${1 + index}号`,
    ...more,
  }
}

async function placesOf(rows: readonly Cells[], giver = NANCHUAN) {
  const checked = await checkRows(rows, { kind: 'population', giver: { unitId: giver, isSchool: false } })
  return {
    units: checked.all.map((row) => row['unit_id']),
    found: checked.found.map(({ sheetRow, field, code }) => [sheetRow, field, code]),
    covers: checked.covers,
  }
}

describe('[IMP-7] places of registered residents', () => {
  test('from the address alone, from the columns, and by the nearest unit that is known', async () => {
    const rows = [
      resident(0),
      resident(1, { district: '南川区', township: '东城街道', village: '南街社区' }),
      resident(2, { township: '大观镇', village: '没有村' }),
      resident(3, { township: '没有镇' }),
      resident(4, { address: '重庆市南川区' }),
    ]
    expect(await placesOf(rows)).toEqual({
      units: [111, 112, 12, NANCHUAN, NANCHUAN],
      found: [
        [4, 'village', 'village-unknown'],
        [5, 'township', 'township-unknown'],
      ],
      covers: [{ unitId: NANCHUAN, rows: 5 }],
    })
  })

  test('a township without an office of its own is known by the district of the giver alone, in every kind of sheet', async () => {
    const { address, ...nowhere } = resident(0, { township: '三泉镇' })
    expect(await placesOf([nowhere])).toMatchObject({ units: [NANCHUAN], found: [] })
    const { address: other, ...zone } = resident(1, { township: '含谷镇' })
    expect((await placesOf([zone])).found).toEqual([[2, 'township', 'other-district']])
    const floating = await checkRows([nowhere], { kind: 'floating' })
    expect(floating.found).toEqual([])
  })

  test('an abolished district leads to where its townships are now; a zone goes before the district around it', async () => {
    const rows = [
      resident(0, { address: '重庆市旧合区大观镇铁桥村3组' }),
      resident(1, { address: '重庆市旧合区仙女山镇7号' }),
      resident(2, { address: '重庆市南川区含谷镇2号' }),
    ]
    expect(await placesOf(rows, CITY)).toMatchObject({ units: [121, 21, 31], found: [] })
  })

  test('what belongs to another district or province is refused, and the city may speak for all of its own', async () => {
    const rows = [
      resident(0, { address: '重庆市武隆区仙女山镇7号' }),
      resident(1, { address: '四川省达州市8号' }),
      resident(2),
    ]
    expect((await placesOf(rows)).found).toEqual([
      [2, 'address', 'other-district'],
      [3, 'address', 'other-district'],
    ])
    expect((await placesOf(rows, CITY)).found).toEqual([[3, 'address', 'other-district']])
  })

  test('a floating resident is placed by the address of residence, and an expired permit is told', async () => {
    const { name, citizenId } = resident(0)
    const floating = {
      name,
      citizenId,
      livingAddress: '重庆市南川区大观镇铁桥村3组',
      permitUntil: '2025-01-01',
    } as Cells
    const checked = await checkRows([floating], { kind: 'floating' })
    expect(checked.all[0]).toMatchObject({ unit_id: 121 })
    expect(checked.found.map(({ field, code }) => [field, code])).toEqual([['permitUntil', 'permit-expired']])
    expect(checked.covers).toEqual([])
  })
})

describe('[IMP-12] the same content', () => {
  const rows = base()
  const heads = FIELDS_OF.roll.filter(({ id }) => id in rows[0]!)
  const text = (lines: readonly Cells[], tail = '') =>
    [
      [...heads.map(({ label }) => label), ...(tail === '' ? [] : ['备注'])],
      ...lines.map((row) => [...heads.map(({ id }) => row[id]), ...(tail === '' ? [] : [tail])]),
    ]
      .map((line) => line.join(','))
      .join('\n')

  test('is one content in a workbook, as GB18030 text, in another order, with columns nobody mapped', async () => {
    const keys = testKeys()
    const workbook = await checkRows(rows, { kind: 'roll', keys })
    const gb = await checkText(iconv.encode(text(rows.toReversed(), '甲'), 'gb18030'), { kind: 'roll', keys })
    const other = await checkText(text(rows.with(3, { ...rows[3]!, status: '休学' })), { kind: 'roll', keys })
    expect(gb.found).toEqual([])
    expect(gb.contentKey).toBe(workbook.contentKey)
    expect(other.contentKey).not.toBe(workbook.contentKey)
  })

  test('[IMP-4] below a title and two heading rows every finding has the row number of the sheet', async () => {
    const [heading = '', ...lines] = text(rows).split('\n')
    lines[4] = lines[4]!.replace('在读', '不详')
    const groups = heading.split(',').map((_, index) => (index === 0 ? '学生信息' : ''))
    const checked = await checkText(['南川区东街小学校学生名册', groups.join(','), heading, ...lines].join('\n'), {
      kind: 'roll',
    })
    expect(checked.rows).toBe(40)
    expect(checked.found).toMatchObject([{ sheetRow: 8, field: 'status', code: 'status-unread' }])
  })

  test('[IMP-4] a row that cannot be split is refused and the others go in', async () => {
    const lines = text(rows).split('\n')
    lines[5] = `${lines[5]},多一列,又一列`
    const checked = await checkText(lines.join('\n'), { kind: 'roll' })
    expect(checked.found).toMatchObject([{ sheetRow: 6, field: null, code: 'unreadable-row' }])
    expect(checked.all[4]).toMatchObject({ refused: true })
    expect(checked.all.filter((row) => row['fault'] !== null)).toHaveLength(1)
  })
})
