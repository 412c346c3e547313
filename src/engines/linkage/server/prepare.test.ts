import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkDigit } from '../../../kernel/citizen-id.ts'
import type { Field } from '../field.ts'
import type { Fields } from '../prepare-sql.ts'
import { prepare, preparedColumns } from './prepare.ts'
import { openSession, type Session, type SqlRow } from './session.ts'

const both = (kind: Field['kind'], column: string, fromId?: string): Field => ({
  kind,
  left: column,
  right: column,
  ...(fromId === undefined ? {} : { fromId }),
})
const fields: Fields = {
  name: both('han-name', 'name'),
  former: both('han-word', 'former'),
  id: both('citizen-id', 'id'),
  birth: both('day', 'birth', 'id'),
  sex: both('sex', 'sex', 'id'),
  guardian: both('citizen-id-word', 'guardian'),
  phone: both('phone', 'phone'),
  home: both('address', 'home'),
  latin: both('latin-name', 'latin'),
  zip: both('code', 'zip'),
}
const columns = ['name', 'former', 'id', 'birth', 'sex', 'guardian', 'phone', 'home', 'latin', 'zip'] as const
type Cells = Partial<Record<(typeof columns)[number], string>>

let folder: string
let session: Session
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepare-test-'))
  session = await openSession({ workDir: folder, memoryLimitMb: 200, threads: 2 })
})
afterAll(async () => {
  session.close()
  await rm(folder, { recursive: true, force: true })
})

async function keysOf(
  rows: readonly Cells[],
  more: { today?: number; isRounded?: boolean } = {},
): Promise<readonly SqlRow[]> {
  await session.run(
    `CREATE OR REPLACE TABLE cells ("row" INTEGER, ${columns.map((column) => `${column} VARCHAR`).join(', ')})`,
  )
  await session.append(
    'cells',
    rows.map((row, index) => [index + 1, ...columns.map((column) => row[column] ?? null)]),
  )
  const out = join(folder, 'keys.parquet')
  await prepare(session, { fields, side: 'left', source: 'cells', out, ...more })
  return session.rows(`FROM '${out}' ORDER BY row`)
}

const idOf = (first17: string) => first17 + checkDigit(first17)

test('[LINK-12] spellings of one thing have one key, and others another', async () => {
  const [one, other, third] = await keysOf([
    {
      name: '阿依古丽·买买提',
      former: '張偉',
      phone: '139 0000 1111',
      home: '重庆市万州区周家坝街道金科社区107号',
      guardian: '51222119820717766x',
    },
    {
      name: '阿依古丽•买买提 ',
      former: '张伟',
      phone: '+86-13900001111',
      home: '重庆市万州区周家坝街道金科社区107号 ',
      guardian: '51222119820717766X',
    },
    {
      name: '阿依古力·买买提',
      former: '张炜',
      phone: '13900001112',
      home: '万州区周家坝街道金科社区9号',
      guardian: '512221198207177669',
    },
  ])
  for (const key of ['name_fold', 'name_sound', 'former', 'phone', 'home', 'guardian']) {
    expect(one?.[key]).not.toBeNull()
    expect(one?.[key]).toEqual(other?.[key])
  }
  expect([third?.['name_fold'], third?.['home'], third?.['phone']]).not.toContain(one?.['name_fold'])
  expect(third?.['name_sound']).toEqual(one?.['name_sound'])
  expect([third?.['home_village'], third?.['home_town']]).toEqual([one?.['home_village'], one?.['home_town']])
  expect(third?.['home']).not.toEqual(one?.['home'])
})

test('[LINK-12] a byte order mark in front of a name neither hides nor doubles a row', async () => {
  const rows = await keysOf([{ name: '\ufeff张俊霖' }, { name: '张俊霖' }, { name: '张\u200b俊霖' }])
  expect(rows.map((row) => row['name_fold'])).toEqual(Array.from({ length: 3 }, () => rows[0]?.['name_fold']))
  expect(rows[0]?.['name_fold']).not.toBeNull()
})

test('[LINK-12] keys do not depend on what else is in the file, nor on the version of the store', async () => {
  const [alone] = await keysOf([{ name: '欧阳春晓', home: '民生路1号' }])
  const crowd = await keysOf([
    ...Array.from({ length: 50 }, (_, i) => ({ name: `李${i}` })),
    { name: '欧阳春晓', home: '民生路1号' },
  ])
  expect({ ...crowd[50], row: 1 }).toEqual(alone)
  // MD5 of 欧阳春晓, its lower half: a figure that every store and every year gives.
  expect(alone?.['name_fold']).toBe(await md5Lower('欧阳春晓'))
})

async function md5Lower(text: string): Promise<bigint> {
  const { createHash } = await import('node:crypto')
  return createHash('md5').update(text).digest().readBigUInt64LE(8)
}

test('[LINK-12] a sound number tells birthday and sex, a broken one keeps its text, a destroyed one says nothing', async () => {
  const sound = idOf('50010320160504123')
  const [a, b, c, d] = await keysOf([
    { id: sound, birth: '2016-05-04', sex: '男' },
    { id: `${sound.slice(0, 17)}${sound.endsWith('1') ? '2' : '1'}`, birth: '' },
    { id: '5.00103E+17', birth: '2016/5/4' },
    { id: sound, birth: '2014-01-02', sex: '女' },
  ])
  expect([a?.['id_n'], a?.['id_code'], a?.['id_clash'], a?.['birth'], a?.['birth_told'], a?.['sex']]).toEqual([
    BigInt(sound.slice(0, 17)),
    null,
    false,
    20160504,
    null,
    1,
  ])
  expect([b?.['id_n'], b?.['birth']]).toEqual([null, 20160504])
  expect(b?.['id_code']).toMatch(/^\d{17}[\dX]$/)
  expect([c?.['id_n'], c?.['id_code'], c?.['birth']]).toEqual([null, null, 20160504])
  expect([d?.['id_clash'], d?.['birth'], d?.['birth_told']]).toEqual([true, 20160504, 20140102])
})

test('[LINK-12] empty cells give no key, and a file has every column of its fields', async () => {
  const [row] = await keysOf([{ name: '  ', home: '', phone: '12', guardian: '无', latin: '', zip: ' ' }])
  expect(Object.keys(row ?? {})).toEqual(preparedColumns(fields))
  for (const { id } of [
    { id: 'name_fold' },
    { id: 'home' },
    { id: 'phone' },
    { id: 'guardian' },
    { id: 'latin' },
    { id: 'zip' },
  ])
    expect(row?.[id]).toBeNull()
})
