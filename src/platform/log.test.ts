import pg from 'pg'
import { expect, test } from 'vitest'
import { Problem } from '../kernel/problem.ts'
import { DatabaseFault } from './db/index.ts'
import { createLog, errorFields } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog({ write: (line) => lines.push(line) }, () => new Date('2026-11-24T02:00:00Z')))
  return lines.join('')
}

test('[LOG-1] an event is one line of JSON, whatever its fields hold', () => {
  const line = logged((log) => log.warn('run.slow', { runId: 'a\nb', rows: 3, lost: undefined }))
  expect(line.endsWith('}\n')).toBe(true)
  expect(line.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(line)).toEqual({
    at: '2026-11-24T02:00:00.000Z',
    level: 'warn',
    event: 'run.slow',
    runId: 'a\nb',
    rows: 3,
  })
})

test('[LOG-2] an ID number or a mobile phone that slips into an error text is struck out; ids and times are not', () => {
  const id = '019ac5d2-7f3e-7000-8000-123456789012345'
  const line = logged((log) =>
    log.error('bug', {
      error: 'no row for 50010320150803011X, 500103150803011 or 13800138000',
      run: id,
      at: 1_764_000_000_000,
    }),
  )
  expect(JSON.parse(line)).toMatchObject({
    error: 'no row for [number], [number] or [number]',
    run: id,
    at: 1_764_000_000_000,
  })
})

test('[LOG-3] of an error the log has code, place and stack, never the values of a row', () => {
  const raw = Object.assign(new pg.DatabaseError('null value in column "units"', 10, 'error'), {
    code: '23502',
    detail: 'Failing row contains (zhang-san)',
    table: 'staff',
    column: 'units',
  })
  const fields = errorFields(new DatabaseFault(raw))
  expect(JSON.stringify(fields)).not.toContain('zhang-san')
  expect(fields).toMatchObject({ sqlState: '23502', error: expect.stringContaining('staff · units') })
  expect(errorFields(new Problem('SYSTEM.DATABASE_AWAY', {}, { cause: 'ECONNRESET' }))).toEqual({
    code: 'SYSTEM.DATABASE_AWAY',
    detail: '{"cause":"ECONNRESET"}',
  })
  expect(errorFields('text that somebody threw')).toEqual({ error: 'string' })
})
