import { describe, expect, test } from 'vitest'
import { maskCitizenId } from '../../kernel/mask.ts'
import {
  agreementOf,
  foldAnswers,
  markDifferences,
  maskedApart,
  mayAnswer,
  paceOf,
  type Verdict,
} from './review-rules.ts'

const said = (...verdicts: Verdict[]) => verdicts.map((verdict, at) => ({ accountId: at + 1, turn: at + 1, verdict }))

describe('[REVIEW-1] the state of a pair', () => {
  test.each<[string, Verdict[], boolean, string]>([
    ['is open before anybody looked', [], false, 'open'],
    ['is decided by one where one is enough', ['same'], false, 'same'],
    ['goes on where one cannot tell', ['unsure'], false, 'second'],
    ['goes on where the policy asks for two', ['different'], true, 'second'],
    ['is decided by two who agree', ['different', 'different'], true, 'different'],
    ['goes to a third where two differ', ['same', 'different'], true, 'dispute'],
    ['is decided by the second where the first could not tell', ['unsure', 'same'], false, 'same'],
    ['goes to a third where two are needed and one could not tell', ['unsure', 'same'], true, 'dispute'],
    ['goes to a third where the second cannot tell', ['same', 'unsure'], true, 'dispute'],
    ['stays undecided where neither can tell', ['unsure', 'unsure'], true, 'unsure'],
    ['is what the third says', ['same', 'different', 'different'], true, 'different'],
  ])('%s', (_, verdicts, needsSecond, state) => {
    expect(foldAnswers(said(...verdicts), needsSecond)).toBe(state)
  })
})

test('[REVIEW-2] nobody looks at a pair twice, and only who may settle settles', () => {
  const reviewer = { accountId: 1, mayReview: true, maySettle: false }
  expect(mayAnswer(reviewer, 'open', [])).toBe(true)
  expect(mayAnswer(reviewer, 'second', said('same'))).toBe(false)
  expect(mayAnswer({ ...reviewer, accountId: 2 }, 'second', said('same'))).toBe(true)
  expect(mayAnswer({ ...reviewer, accountId: 3 }, 'dispute', said('same', 'different'))).toBe(false)
  const third = { accountId: 3, mayReview: false, maySettle: true }
  expect(mayAnswer(third, 'dispute', said('same', 'different'))).toBe(true)
  expect(mayAnswer(third, 'open', [])).toBe(false)
  expect(mayAnswer(third, 'same', said('same'))).toBe(false)
})

describe('[REVIEW-3] agreement', () => {
  test('is the share of the same word, and kappa what is beyond chance', () => {
    const pairs = [
      ...Array.from({ length: 20 }, () => ['same', 'same'] as const),
      ...Array.from({ length: 5 }, () => ['same', 'different'] as const),
      ...Array.from({ length: 10 }, () => ['different', 'same'] as const),
      ...Array.from({ length: 15 }, () => ['different', 'different'] as const),
    ]
    // The worked example of the literature: 0.70 observed, 0.50 by chance.
    expect(agreementOf(pairs)).toEqual({ pairs: 50, agreed: 35, kappa: 0.4 })
  })

  test('says no kappa where everybody says one word, or nobody looked twice', () => {
    expect(agreementOf([['same', 'same']])).toEqual({ pairs: 1, agreed: 1, kappa: null })
    expect(agreementOf([])).toEqual({ pairs: 0, agreed: 0, kappa: null })
  })
})

test('the pace is that of the sitting, not of the day', () => {
  const second = 1000
  const morning = [0, 10, 20].map((at) => at * second)
  const now = [9000, 9012, 9024, 9036].map((at) => at * second)
  expect(paceOf([...morning, ...now])).toBe(300)
  expect(paceOf([0, 12 * second])).toBeNull()
  expect(paceOf([0, 1, 2, 3])).toBeNull()
})

describe('[REVIEW-4] differences are marked', () => {
  test('character by character, and a missing one does not mark all that follow', () => {
    const [one, other] = markDifferences('欧阳娜娜', '欧阳娜')
    expect(one.filter(({ differs }) => differs).map(({ text }) => text)).toEqual(['娜'])
    expect(other.every(({ differs }) => !differs)).toBe(true)
  })

  test('a changed character on both sides', () => {
    expect(markDifferences('张晓明', '张小明')).toEqual([
      [
        { text: '张', differs: false },
        { text: '晓', differs: true },
        { text: '明', differs: false },
      ],
      [
        { text: '张', differs: false },
        { text: '小', differs: true },
        { text: '明', differs: false },
      ],
    ])
  })
})

describe('[REVIEW-5] of two ID numbers', () => {
  const shown = (one: string, other: string) =>
    maskedApart(one, other, maskCitizenId)[0].map(({ text, differs }) => (differs ? `[${text}]` : text))

  test('a differing digit stands in clear, and nothing beside it', () => {
    expect(shown('500119201503140013', '500119201508140013').join('')).toBe('500********[3]**0013')
  })

  test('two that are not alike show no hidden digit', () => {
    const text = shown('500119201503140013', '500119201407252619').join('')
    expect(text.replaceAll(/[[\]]/g, '')).toBe(maskCitizenId('500119201503140013'))
  })
})
