import { expect, test } from 'vitest'
import { createVoice } from './command-voice.ts'

const PROGRESS = { percent: 42.7, stage: '读入学籍表', rowsPerSecond: 312_000, remainingSeconds: 75 }

function voiceOn(terminal: { isTTY: boolean; columns: number }) {
  const written: string[] = []
  let clock = 0
  const stream = { ...terminal, write: (text: string) => written.push(text) > 0 }
  return { written, voice: createVoice(stream, () => clock), pass: (milliseconds: number) => (clock += milliseconds) }
}

test('[CLI-3] on a terminal one line is rewritten and gone at the end', () => {
  const { written, voice, pass } = voiceOn({ isTTY: true, columns: 80 })
  voice.progress(PROGRESS)
  voice.progress({ ...PROGRESS, percent: 43 })
  pass(200)
  voice.progress({ ...PROGRESS, percent: 44 })
  voice.clear()
  expect(written).toEqual([
    '\r\u001b[K 42% 读入学籍表 · 312,000 行/秒 · 约剩 1 分 15 秒',
    '\r\u001b[K 44% 读入学籍表 · 312,000 行/秒 · 约剩 1 分 15 秒',
    '\r\u001b[K',
  ])
})

test('[CLI-3] a line longer than the terminal is cut, or it could not be rewritten', () => {
  const { written, voice } = voiceOn({ isTTY: true, columns: 12 })
  voice.progress(PROGRESS)
  expect(written).toEqual(['\r\u001b[K 42% 读入学'])
})

test('[CLI-3] in a log a line every few seconds, none for short work', () => {
  const { written, voice, pass } = voiceOn({ isTTY: false, columns: 0 })
  voice.progress(PROGRESS)
  pass(2_900)
  voice.progress(PROGRESS)
  expect(written).toEqual([])
  pass(200)
  voice.progress({ ...PROGRESS, rowsPerSecond: null, remainingSeconds: null })
  voice.progress(PROGRESS)
  expect(written).toEqual([' 42% 读入学籍表\n'])
})
