import { expect, test } from 'vitest'
import { bufferMegabytes } from './buffers.ts'

const GIB = 2 ** 30

test.each([
  [1 * GIB, 256],
  [2 * GIB, 256],
  [4 * GIB, 512],
  [64 * GIB, 1024],
])('%d bytes of memory give the server %d MB of buffers', (machine, buffers) => {
  expect(bufferMegabytes(machine)).toBe(buffers)
})
