import { describe, expect, test } from 'vitest'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { markedPair, type Piece } from './marks.ts'
import { type Deciding, decideRight, differencesOf, type Told } from './rules.ts'

const TODAY = plainDate('2026-11-20')
const idOf = (n: number, birth = '20160101') => {
  const first = `500119${birth}${String(n).padStart(3, '0')}`
  return first + checkDigit(first)
}
const told = (more: Partial<Told> = {}): Told => ({
  name: '冉月',
  formerName: null,
  citizenId: idOf(11),
  otherId: null,
  ethnicity: null,
  studentNo: null,
  sex: 1,
  birth: plainDate('2016-01-01'),
  needsRepair: false,
  sharesId: false,
  ...more,
})
const fields = (roll: Told | undefined, register: Told | undefined) =>
  differencesOf(roll, register).map(({ field, hint }) => [field, hint])

describe('[REP-1] what differs', () => {
  test('two spellings of one name do not', () => {
    expect(fields(told({ name: '阿依·古麗' }), told({ name: '阿依・古丽' }))).toEqual([])
  })

  test('a name, a number that is missing and one that cannot be', () => {
    expect(fields(told({ name: '冉玥' }), told())).toEqual([['name', null]])
    expect(fields(told({ citizenId: null }), told())).toEqual([['citizen-id', 'id-missing']])
    expect(fields(told({ citizenId: null, otherId: '5001192016' }), told())).toEqual([['citizen-id', 'id-unsound']])
  })

  test('a former name is said to be one', () => {
    expect(fields(told({ name: '冉小月' }), told({ formerName: '冉小月' }))).toEqual([['name', 'former-name']])
  })

  test('birthday and sex follow from sound numbers, and are asked where one is not sound', () => {
    const elder = { citizenId: idOf(22, '20150101'), birth: plainDate('2015-01-01'), sex: 2 } as const
    expect(fields(told(elder), told())).toEqual([['citizen-id', null]])
    expect(fields(told({ ...elder, citizenId: null }), told())).toEqual([
      ['citizen-id', 'id-missing'],
      ['birthday', null],
      ['sex', null],
    ])
  })

  test('a register without a number says nothing against that of the roll', () => {
    expect(fields(told(), told({ citizenId: null }))).toEqual([])
    expect(fields(told(), told({ citizenId: null, needsRepair: true }))).toEqual([['citizen-id', 'id-missing']])
  })
})

test('[REP-2] a row that stands alone is to repair by its own faults', () => {
  expect(fields(told({ citizenId: null, needsRepair: true }), undefined)).toEqual([['citizen-id', 'id-missing']])
  expect(fields(undefined, told({ citizenId: null, otherId: '50011', needsRepair: true }))).toEqual([
    ['citizen-id', 'id-unsound'],
  ])
  expect(fields(told({ sharesId: true }), undefined)).toEqual([['citizen-id', 'id-shared']])
  expect(fields(told({ name: '冉□', needsRepair: true }), undefined)).toEqual([['name', 'unreadable']])
  expect(fields(told({ citizenId: null, otherId: 'E12345678' }), undefined)).toEqual([])
})

describe('[REP-3] who is held for right', () => {
  test.each([
    ['the register with a sound number', told({ citizenId: null }), told(), 'register'],
    ['the roll where only its number is sound', told(), told({ citizenId: null, name: '冉玥' }), 'roll'],
    ['nobody without one', told({ citizenId: null }), told({ citizenId: null, name: '冉玥' }), null],
  ] as const)('%s', (_, roll, register, suggested) => {
    expect(differencesOf(roll, register)[0]?.suggested).toBe(suggested)
  })
})

describe('[REP-4] what may be decided', () => {
  const number: Deciding = {
    field: 'citizen-id',
    state: 'found',
    roll: '5001192016010100',
    register: idOf(11),
    isAlone: false,
  }
  const codeOf = (work: () => unknown) => {
    try {
      return work()
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test('an ID number whose check character holds, from a side or typed', () => {
    expect(decideRight(number, { right: 'register' }, TODAY)).toEqual({ right: 'register', value: idOf(11) })
    expect(codeOf(() => decideRight(number, { right: 'roll' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
    const other = decideRight(number, { right: 'other', value: ` ${idOf(33)} ` }, TODAY)
    expect(other).toEqual({ right: 'other', value: idOf(33) })
    expect(codeOf(() => decideRight(number, { right: 'other', value: '123' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
  })

  test('no side without a value, and nothing typed that a side says already', () => {
    const empty: Deciding = { ...number, register: null }
    expect(codeOf(() => decideRight(empty, { right: 'register' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
    const lone: Deciding = { ...number, roll: idOf(44), register: null, isAlone: true }
    expect(codeOf(() => decideRight(lone, { right: 'roll' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
    expect(decideRight(lone, { right: 'other', value: idOf(33) }, TODAY).value).toBe(idOf(33))
    expect(codeOf(() => decideRight(number, { right: 'other', value: idOf(11) }, TODAY))).toBe('REPAIR.NOT_RIGHT')
    expect(codeOf(() => decideRight(number, { right: 'other' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
  })

  test('a birthday that was, a sex by its word', () => {
    const birthday: Deciding = {
      field: 'birthday',
      state: 'found',
      roll: '2016-01-01',
      register: '2016-01-02',
      isAlone: false,
    }
    expect(codeOf(() => decideRight(birthday, { right: 'other', value: '2027-01-01' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
    const sex: Deciding = { field: 'sex', state: 'found', roll: '1', register: null, isAlone: true }
    expect(decideRight(sex, { right: 'other', value: '女' }, TODAY).value).toBe('2')
    expect(codeOf(() => decideRight(sex, { right: 'other', value: '2' }, TODAY))).toBe('REPAIR.NOT_RIGHT')
  })

  test.each(['sent', 'unchanged', 'agreed', 'dismissed', 'lapsed'] as const)('nothing that is %s', (state) => {
    expect(codeOf(() => decideRight({ ...number, state }, { right: 'register' }, TODAY))).toBe('REPAIR.MOVED_ON')
  })
})

describe('[REP-5] how a difference is shown', () => {
  const said = (pieces: readonly Piece[] | null) =>
    pieces?.map(({ text, isDifferent }) => (isDifferent ? `<${text}>` : text)).join('')

  test('names character by character, whatever their length', () => {
    expect(markedPair('name', '冉伟', '冉玮').map(said)).toEqual(['冉<伟>', '冉<玮>'])
    expect(markedPair('name', '欧阳小明', '欧小明').map(said)).toEqual(['欧<阳>小明', '欧小明'])
  })

  test('a slip of one or two digits is seen, another number stays masked', () => {
    const [id] = [idOf(11)]
    const slip = `${id.slice(0, 9)}9${id.slice(10)}`
    expect(markedPair('citizen-id', slip, id).map(said)).toEqual([
      `500******<9>****${id.slice(14)}`,
      `500******<${id[9]}>****${id.slice(14)}`,
    ])
    const other = markedPair('citizen-id', idOf(99, '20121231'), id).map(said)
    expect(other.join('').replace(/[<>]/g, '')).toMatch(/^500\*{11}[\dX]{4}500\*{11}[\dX]{4}$/)
  })

  test('a number that stands alone is masked', () => {
    expect(markedPair('citizen-id', null, idOf(11)).map(said)).toEqual([
      undefined,
      `500${'*'.repeat(11)}${idOf(11).slice(14)}`,
    ])
  })
})
