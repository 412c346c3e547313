import { expect, test } from 'vitest'
import { unreadablePlace } from './name-reading.ts'

test.each([
  ['冉□宸', 2],
  ['冉宸?', 3],
  ['冉*', 2],
  ['冉\ufffd宸', 2],
  ['冉宸1', 3],
  ['冉\ue000宸', 2],
])('[IMP-10] %j cannot be read at %i', (name, place) => {
  expect(unreadablePlace(name)).toBe(place)
})

test.each(['冉宸', '阿依古丽·买买提', '阿卜杜拉•艾山', '㛃𠅤', '𬭎〇', 'Anna Müller', '冉\ue863', '冉（小）宸'])(
  '[IMP-10] %j can be read',
  (name) => {
    expect(unreadablePlace(name)).toBeNull()
  },
)
