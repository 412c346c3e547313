import { foldName } from '../../kernel/chinese-name.ts'
import { pinyinKey } from '../../kernel/pinyin.ts'

/** The shape the table of accounts holds logins to. */
export const LOGIN_SHAPE = /^[a-z0-9][a-z0-9._-]{2,31}$/
const LEAST = 3
/** Leaves room for a number behind it. */
const LONGEST = 26
/** For a name of signs without any reading. */
const NO_READING = 'user'

/** [REG-22] What a login made of a name begins with: its pinyin, 单雨涵 is `shanyuhan`. */
export function loginStem(person: string): string {
  const letters = pinyinKey(foldName(person))
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .slice(0, LONGEST)
  return letters.length === 0 ? NO_READING : letters
}

/** [REG-22] The stem, or the stem with the first number from 2 on that nobody has. */
export function freeLogin(person: string, isTaken: (login: string) => boolean): string {
  const stem = loginStem(person)
  const first = stem.length < LEAST ? stem.padEnd(LEAST, '0') : stem
  if (!isTaken(first)) return first
  for (let number = 2; ; number += 1) {
    const login = `${first}${number}`
    if (!isTaken(login)) return login
  }
}
