import { expect, test } from 'vitest'
import { Problem } from './problem.ts'
import { decideLoggedReason, decideReason } from './reason.ts'

function codeOf(decide: () => string): string {
  try {
    decide()
    return 'taken'
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}

test('[REASON-1] a reason has enough characters, two of them letters; blanks around it do not count', () => {
  expect(decideReason('  家长来电核对 ', 'RUN.REASON_NEEDED')).toBe('家长来电核对')
  for (const text of ['', '   ', '核对', '12345', '。。。。', '  核对  ', '12核']) {
    expect([text, codeOf(() => decideReason(text, 'CASE.REASON_NEEDED'))]).toEqual([text, 'CASE.REASON_NEEDED'])
  }
  expect(codeOf(() => decideReason('核对', 'CASE.REASON_NEEDED', 2))).toBe('taken')
  expect(codeOf(() => decideReason('𬶭𬶭𬶭𬶭', 'CASE.REASON_NEEDED'))).toBe('taken')
  expect(codeOf(() => decideReason('𬶭𬶭𬶭', 'CASE.REASON_NEEDED'))).toBe('CASE.REASON_NEEDED')
})

test('[REASON-2] an ID number or a mobile phone in a reason for the log is refused, however it is written', () => {
  for (const text of [
    '给500101201211204996核对',
    '给50010120121120499X核对',
    '核对５００１０１２０１２１１２０４９９６',
    '核对 500101 20121120 4996',
    '老证500101121120499核对',
    '给500101201211204996 13812345678核对',
    '电话13812345678核实',
    '电话138-1234-5678核实',
    '电话 138 1234 5678 核实',
  ]) {
    expect([text, codeOf(() => decideLoggedReason(text, 'RUN.REASON_NEEDED'))]).toEqual([text, 'REQUEST.REASON_NUMBER'])
  }
  for (const text of [
    '按渝教基〔2024〕15号核对',
    '2026年11月24日家访核对',
    '核对第1234567890123号批次',
    '六年级3班20261124名单',
  ]) {
    expect([text, codeOf(() => decideLoggedReason(text, 'RUN.REASON_NEEDED'))]).toEqual([text, 'taken'])
  }
  expect(decideReason('证件号500101201211204996录错一位', 'CASE.REASON_NEEDED')).toContain('500101')
})
