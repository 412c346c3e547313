import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskAddress, maskCitizenId, maskName, maskPhone, maskStudentNumber } from './mask.ts'

test.each([
  ['张三', '张*'],
  ['欧阳小明', '欧***'],
  ['阿依古丽·买买提', '阿***·***'],
  ['\u{20087}明', '\u{20087}*'],
  ['', ''],
])('[MASK-1] %s is shown as %s', (name, shown) => {
  expect(maskName(name)).toBe(shown)
})

test('[MASK-2] an ID number shows its first three and last four, a student number a letter more', () => {
  expect(maskCitizenId('500103201508310012')).toBe('500***********0012')
  expect(maskCitizenId('110105491231002')).toBe('110********1002')
  expect(maskStudentNumber('G500103201508310012')).toBe('G500***********0012')
  expect(maskCitizenId('1234567')).toBe('*******')
})

test('[MASK-2] the day of birth is never readable', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{17}[\dX]$/), (id) => {
      expect(maskCitizenId(id).slice(6, 14)).toBe('********')
    }),
  )
})

test.each([
  ['13812341234', '138****1234'],
  ['02368123456', '023****3456'],
  ['68123456', '****3456'],
  ['12345', '*****'],
  ['', ''],
])('[MASK-3] %s is shown as %s', (phone, shown) => {
  expect(maskPhone(phone)).toBe(shown)
})

test.each([
  ['重庆市江北区观音桥街道洋河一村12号3单元', '重庆市江北区观音桥街道***'],
  ['重庆市酉阳土家族苗族自治县钟多街道桃花源大道5号', '重庆市酉阳土家族苗族自治县钟多街道***'],
  ['酉阳县车田乡黄坝村3组', '酉阳县车田乡***'],
  ['陕西省安康市镇坪县城关镇文彩街12号', '陕西省安康市镇坪县城关镇***'],
  ['河南省新乡市红旗区西街街道平原路1号', '河南省新乡市红旗区西街街道***'],
  ['北京市海淀区中关村街道科学院南路2号', '北京市海淀区中关村街道***'],
  ['重庆市江北区幸福路12号古镇小区3幢', '重庆市江北区***'],
  ['重庆市幸福小区3幢', '重庆市***'],
  ['幸福路12号', '***'],
  ['', ''],
])('[MASK-4] %s is shown as %s', (address, shown) => {
  expect(maskAddress(address)).toBe(shown)
})

test('[MASK-4] no house number is ever shown', () => {
  const parts = fc.array(
    fc.constantFrom(
      '重庆市',
      '江北区',
      '观音桥街道',
      '古镇',
      '幸福路',
      '12号',
      '3单元',
      '5-1',
      '洋河村',
      '新乡',
      '1号楼镇',
    ),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(parts, (words) => {
      expect(maskAddress(words.join(''))).not.toMatch(/\d/)
    }),
  )
})
