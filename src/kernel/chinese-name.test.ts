import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanName, foldName } from './chinese-name.ts'
import { HAN_VARIANT_GROUPS } from './han-variants.ts'

const groups = HAN_VARIANT_GROUPS.flatMap((line) => line.split(' ')).map((group) => [...group])

describe('folding a name', () => {
  test.each([
    '王小明 ',
    '王 小 明',
    '王\u3000小明',
    '\u200b王小\u200d明',
    '王小明\u00a0',
    '\ufeff王小明',
    '王小\u00ad明',
    '王小明\ufe00',
  ])('[NAME-1] %j is 王小明', (name) => {
    expect(foldName(name)).toBe('王小明')
  })

  test('[NAME-1] full-width and small Latin letters, and compatibility characters, are one form', () => {
    expect(foldName('Ａｎｎａ李')).toBe('ANNA李')
    expect(foldName('\uf9e1芳')).toBe('李芳')
    expect(foldName('\u2f9c小明')).toBe('足小明')
  })

  test.each([
    ['\ue863', '䶮'],
    ['\ue815', '厂'],
    ['\ue864', '\u9fbb'],
    ['\ue831', '\u{215d7}'],
    ['⻢', '马'],
    ['⻰', '龙'],
    ['⻩', '黄'],
  ])('[NAME-2] %s is the character %s', (written, character) => {
    expect(foldName(`王${written}`)).toBe(`王${character}`)
  })

  test('[NAME-2] a private-use character that nobody has mapped stays, so it equals itself only', () => {
    expect(foldName('王\ue000')).toBe('王\ue000')
  })

  test('[NAME-3] every dot between the parts of a name is U+00B7', () => {
    for (const dot of '·•‧・．·･⋅∙●。.') expect(foldName(`阿依古丽${dot}买买提`)).toBe('阿依古丽\u00b7买买提')
    expect(foldName('阿依古丽 · 买买提')).toBe('阿依古丽·买买提')
  })

  test.each([
    ['張偉', '张伟'],
    ['陳麗娟', '陈丽娟'],
    ['劉國慶', '刘国庆'],
    ['王昇', '王升'],
    ['李喆', '李哲'],
    ['趙堃', '赵坤'],
    ['孫峯', '孙峰'],
    ['黃淸', '黄清'],
    ['吳', '吴'],
    ['呂珮', '吕佩'],
    ['鍾錕', '钟锟'],
    ['於佳', '于佳'],
  ])('[NAME-4] %s and %s are one name', (written, standard) => {
    expect(foldName(written)).toBe(foldName(standard))
    expect(foldName(standard)).toBe(standard)
  })

  test.each([
    ['王坏', '王坯'],
    ['李淼', '李渺'],
    ['沈阳', '沉阳'],
    ['何像', '何象'],
    ['俱杰', '具杰'],
  ])('[NAME-4] %s and %s stay two names', (one, other) => {
    expect(foldName(one)).not.toBe(foldName(other))
  })

  test('[NAME-4] every form of a group folds to its first, and no first folds further', () => {
    expect(groups.length).toBeGreaterThan(3000)
    for (const [standard, ...forms] of groups) {
      expect(foldName(standard!)).toBe(standard)
      for (const form of forms) expect(foldName(form)).toBe(standard)
    }
  })

  test('[NAME-1] folding twice is folding once, for any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'王 張ß·．。\u200b\ue863⻢Ａａ\u3000ŉΐ\u0301ﬁ¨') }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text))
      }),
      { numRuns: 1000 },
    )
  })

  test('[NAME-5] what is shown keeps the traditional and variant characters', () => {
    expect(cleanName(' 張\u200b 喆 ')).toBe('張喆')
    expect(cleanName('王\ue863')).toBe('王䶮')
    expect(cleanName('買買提 • 艾力')).toBe('買買提·艾力')
    expect(cleanName('Anna  Maria')).toBe('Anna Maria')
  })
})
