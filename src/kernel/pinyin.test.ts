import { expect, test } from 'vitest'
import { pinyinKey, readingOf } from './pinyin.ts'

test.each([
  ['王小明', 'wangxiaoming'],
  ['单雨涵', 'shanyuhan'],
  ['仇英', 'qiuying'],
  ['区大海', 'oudahai'],
  ['解晓东', 'xiexiaodong'],
  ['曾毅', 'zengyi'],
  ['查良', 'zhaliang'],
  ['华罗庚', 'hualuogeng'],
  ['尉迟恭', 'yuchigong'],
  ['万俟雪', 'moqixue'],
  ['欧阳修', 'ouyangxiu'],
  ['吕布', 'lvbu'],
  ['阿依古丽·买买提', 'ayigulimaimaiti'],
  ['', ''],
])('[NAME-6] %s is %s', (name, key) => {
  expect(pinyinKey(name)).toBe(key)
})

test('[NAME-6] a homophone has the same key, so that 张伟 and 章玮 can be compared', () => {
  expect(pinyinKey('章玮')).toBe(pinyinKey('张伟'))
})

test('[NAME-6] a character behind the surname is read as usual', () => {
  expect([pinyinKey('李单'), readingOf('单')]).toEqual(['lidan', 'dan'])
})

test('[NAME-6] what has no reading stays', () => {
  expect(pinyinKey('王A')).toBe('wanga')
  expect(pinyinKey('王\ue000')).toBe('wang\ue000')
})
