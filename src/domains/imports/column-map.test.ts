import { expect, test } from 'vitest'
import { doubledColumns, letterOf, missingFields, recognisedColumns } from './column-map.ts'

const name = { field: 'name', label: '姓名', isRequired: true }
const citizenId = { field: 'citizenId', label: '公民身份号码', isRequired: true }
const village = { field: 'village', label: '村社', isRequired: false }

function column(index: number, heading: string, field: string | null) {
  return { index, heading, samples: [], field }
}

test('[WEB-3] headings that were recognised become the mapping, the others wait', () => {
  const columns = [column(0, '号码', null), column(1, '姓名', 'name')]
  expect(recognisedColumns({ columns })).toEqual({ name: 1 })
})

test('[WEB-3] a required field without a column is missing, an optional one is not', () => {
  const fields = [name, citizenId, village]
  expect(missingFields({ fields }, { name: 1 })).toEqual([{ field: 'citizenId', label: '公民身份号码' }])
  expect(missingFields({ fields }, { name: 1, citizenId: 0 })).toEqual([])
})

test('[WEB-3] the first column of the sheet counts as given', () => {
  expect(missingFields({ fields: [name] }, { name: 0 })).toEqual([])
})

test('[WEB-3] a column that two fields claim is told, once', () => {
  expect([...doubledColumns({ name: 1, formerName: 1, headName: 1, citizenId: 0 })]).toEqual([1])
  expect(doubledColumns({ name: 1, citizenId: 0 }).size).toBe(0)
})

test('columns are named as a spreadsheet names them', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})
