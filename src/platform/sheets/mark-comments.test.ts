import { expect, test } from 'vitest'
import { canMerge, mergeComments } from './mark-comments.ts'

const OTHERS = {
  comments:
    '<comments xmlns="m" xmlns:xr="r"><authors><author>王老师</author><author>控辍保学</author></authors><commentList><comment ref="A2" authorId="0" xr:uid="1"><text><t>已核对</t></text></comment><comment ref="B3" authorId="1"><text><t>旧</t></text></comment></commentList></comments>',
  drawing:
    '<xml xmlns:a="urn:schemas-microsoft-com:vml" xmlns:b="urn:schemas-microsoft-com:office:office" xmlns:c="urn:schemas-microsoft-com:office:excel"><a:shapetype id="_x0000_t202"/><a:shape id="_x0000_s1025"><c:ClientData ObjectType="Note"><c:Row>1</c:Row><c:Column>0</c:Column></c:ClientData></a:shape><a:shape id="_x0000_s1026"><c:ClientData ObjectType="Note"><c:Row>2</c:Row><c:Column>1</c:Column></c:ClientData></a:shape><a:shape id="_x0000_s1027"><c:ClientData ObjectType="Button"><c:Row>2</c:Row><c:Column>1</c:Column></c:ClientData></a:shape></xml>',
}

test('[SHEET-28] boxes are drawn in the prefixes of the drawing, those of dropped comments go, buttons stay', () => {
  const { comments, drawing } = mergeComments(OTHERS, [{ row: 4, column: 2, text: '新<' }], '控辍保学')
  expect(comments).toContain('<comments xmlns="m" xmlns:xr="r">')
  expect([...comments.matchAll(/ref="(\w+)"/g)].map(([, ref]) => ref)).toEqual(['A2', 'C4'])
  expect(comments).toContain('新&lt;')
  expect([...drawing.matchAll(/<(\w+):shape id="_x0000_s(\d+)"/g)].map(([, prefix, id]) => prefix! + id)).toEqual([
    'a1025',
    'a1027',
    'a500001',
  ])
  expect(drawing).not.toMatch(/[</\s][vox]:/)
  expect(drawing).toContain('<c:Row>3</c:Row><c:Column>2</c:Column>')
})

test('[SHEET-28] parts in a form that is not known are left alone', () => {
  expect(canMerge(OTHERS)).toBe(true)
  expect(canMerge({})).toBe(true)
  expect(canMerge({ ...OTHERS, comments: OTHERS.comments.replace('<comments', '<x:comments') })).toBe(false)
  expect(canMerge({ ...OTHERS, drawing: OTHERS.drawing.replace('office:excel', 'other') })).toBe(false)
})
