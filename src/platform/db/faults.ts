import pg from 'pg'
import { Problem } from '../../kernel/problem.ts'

/**
 * [DB-13] A statement the database refused because of a fault of ours. Message, detail and context of the driver's error can
 * quote row values ("Failing row contains ..."), so only what names the place is kept.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  readonly sqlState: string
  readonly place: Readonly<Record<string, string>>

  constructor(error: pg.DatabaseError) {
    const sqlState = error.code ?? 'unknown'
    const place = placeOf(error)
    super([`database refused the statement (${sqlState})`, ...Object.values(place), safeMessage(error)].join(' · '))
    this.sqlState = sqlState
    this.place = place
    this.stack = `${this.message}\n${framesOf(error.stack ?? '')}`
  }
}

/**
 * [DB-5] [ROW-11] Somebody else's row, a row that exists elsewhere and a reference to a row that is not there
 * answer alike, or the difference tells what other units hold.
 */
const NOT_SAVED = new Set(['23505', '23503', '23P01'])
/** [DB-12] Shutdown and start-up of the server; classes 08 (connection) and 57P0x. */
const AWAY = new Set(['57P01', '57P02', '57P03', '57P05', '25P03'])
const AWAY_SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'])
/** [DB-15] Too many connections, out of memory, lock and statement timeouts, deadlock, serialization: all pass by themselves. */
const BUSY = new Set(['53200', '53300', '55P03', '57014', '40P01', '40001'])
const BUSY_SECONDS = 5

/** What leaves a transaction: a Problem where trouble was expected, a DatabaseFault without values, or the caller's own error. */
export function faultOf(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) return faultOfServer(error)
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (
    AWAY_SOCKET.has(code) ||
    /^Connection terminated|^Client has encountered a connection error/.test(error.message)
  ) {
    return new Problem('SYSTEM.DATABASE_AWAY', {}, { cause: code || error.message })
  }
  if (error.message === 'timeout exceeded when trying to connect') {
    return new Problem('SYSTEM.BUSY', { seconds: BUSY_SECONDS }, { cause: 'no free connection' })
  }
  return error
}

/** The constraint that stopped a write, so that a command can name the trouble where its caller may know it. */
export function violatedConstraint(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.constraint
  if (error instanceof DatabaseFault) return error.place.constraint
  if (!(error instanceof Problem)) return undefined
  const constraint = error.detail.constraint
  return typeof constraint === 'string' ? constraint : undefined
}

function faultOfServer(error: pg.DatabaseError): Error {
  const code = error.code ?? ''
  const detail = { sqlState: code, ...placeOf(error) }
  if (NOT_SAVED.has(code) || isRowSecurityViolation(error)) return new Problem('REQUEST.NOT_SAVED', {}, detail)
  if (AWAY.has(code) || code.startsWith('08')) return new Problem('SYSTEM.DATABASE_AWAY', {}, detail)
  if (code === '53100') return new Problem('SYSTEM.DISK_FULL', {}, detail)
  if (BUSY.has(code)) return new Problem('SYSTEM.BUSY', { seconds: BUSY_SECONDS }, detail)
  return new DatabaseFault(error)
}

/** 42501 is also a missing grant, which is a fault of ours; the C function tells them apart in every language of the server. */
function isRowSecurityViolation(error: pg.DatabaseError): boolean {
  return error.code === '42501' && error.routine === 'ExecWithCheckOptions'
}

function placeOf(error: pg.DatabaseError): Readonly<Record<string, string>> {
  const { table, column, constraint } = error
  return Object.fromEntries(
    Object.entries({ table, column, constraint }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Classes 42 (syntax, unknown names) and 0A name identifiers, not values, and P0001 is raised by our own functions. */
function safeMessage(error: pg.DatabaseError): string {
  const code = error.code ?? ''
  return code.startsWith('42') || code.startsWith('0A') || code === 'P0001' ? error.message : ''
}

function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
}
