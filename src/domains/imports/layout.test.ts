import { expect, test } from 'vitest'
import { FIELDS_OF } from './fields.ts'
import { changesOf, foldedHeadings, proposeColumns } from './layout.ts'

const before = {
  headings: foldedHeadings(['序号', '学生 姓名', '证号', '班']),
  columns: { name: 1, citizenId: 2, className: 3 },
}

test('[IMP-2] a heading mapped last time keeps its field wherever it stands now, and takes it from what looks like it', () => {
  const headings = ['证号', '学生姓名', '身份证号', '性别']
  expect(proposeColumns(headings, { name: 1, citizenId: 2, sex: 3 }, before)).toEqual({ name: 1, citizenId: 0, sex: 3 })
  expect(proposeColumns(headings, { name: 1 }, undefined)).toEqual({ name: 1 })
})

test('[IMP-2] what is new, gone and moved since last time', () => {
  expect(changesOf(['证号', '学生姓名', '性别'], before, FIELDS_OF.roll)).toEqual({
    added: [{ column: 2, heading: '性别' }],
    gone: [
      { heading: '序号', field: null, label: null },
      { heading: '班', field: 'className', label: '班级' },
    ],
    moved: [{ heading: '证号', from: 2, to: 0 }],
  })
  expect(changesOf(['序号', '学生姓名', '证号', '班'], before, FIELDS_OF.roll)).toBeUndefined()
})
