import { expect, test } from 'vitest'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import { FIELDS_OF } from '../imports/index.ts'
import { inspectionOf } from './inspection.server.ts'

function samplesOf(
  columns: readonly (readonly [string | null, string])[],
  role: 'population' | 'roll' = 'population',
): readonly string[] {
  const layout: SheetLayout = {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    worksheet: null,
    otherWorksheets: [],
    headerRow: 1,
    rows: 1,
    columns: columns.map(([field, sample], index) => ({ index, heading: '', field, samples: [sample] })),
    missing: [],
    twice: [],
  }
  const staged = { bytes: 1, fingerprint: '0123456789ab', contentHash: Buffer.alloc(32), path: '' }
  return inspectionOf({ sheetId: '', role, fileName: 'a.csv', staged, layout }).columns.flatMap(
    (column) => column.samples,
  )
}

const ID = '500119201503146103'

test('[RUN-6] samples are masked by the field they were recognised as', () => {
  expect(
    samplesOf([
      ['name', '欧阳小明'],
      ['citizenId', ID],
      ['guardian1CitizenId', ID],
      ['phone', '13988776500'],
      ['birthDay', '2015-03-14'],
      ['address', '重庆市南川区东城街道翠竹巷17号'],
      ['headName', '欧阳大明'],
    ]),
  ).toEqual([
    '欧***',
    '500***********6103',
    '500***********6103',
    '139****6500',
    '2015******',
    '重庆市南川区东城街道***',
    '欧***',
  ])
})

test('[RUN-6] an unrecognised column may hold anything and is masked like a number', () => {
  expect(
    samplesOf([
      [null, ID],
      [null, '13988776500'],
      [null, '张三'],
    ]),
  ).toEqual(['500***********6103', '139****6500', '**'])
})

test('[RUN-6] of every field of both sheets, none but those that tell nothing of one person shows a number in full', () => {
  const inClear = (['population', 'roll'] as const).flatMap((role) =>
    FIELDS_OF[role].filter(({ id }) => samplesOf([[id, ID]], role)[0]?.includes('20150314')).map(({ id }) => id),
  )
  expect(inClear).toEqual([])
})

test('[RUN-6] what tells nothing of one person stays as it is', () => {
  expect(
    samplesOf(
      [
        ['sex', '女'],
        ['township', '东城街道'],
        ['status', '在读'],
        ['className', '3班'],
        ['schoolCode', '2150000001'],
      ],
      'roll',
    ),
  ).toEqual(['女', '东城街道', '在读', '3班', '2150000001'])
})
