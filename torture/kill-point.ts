/**
 * Loaded before everything else into a worker and the processes it starts (`node --import`): counts the statements that they
 * send to the database together, and kills them all at the one that was chosen. A moment of the clock falls on the same few
 * long statements again and again; a statement does not, and the same number is the same place next time.
 */
import { appendFileSync, statSync } from 'node:fs'
import pg from 'pg'

const send = pg.Client.prototype.query

function counted(this: pg.Client, ...given: unknown[]): unknown {
  const { TORTURE_COUNTER: counter, TORTURE_AT: at, TORTURE_HOW: how, TORTURE_GROUP: group } = process.env
  if (counter === undefined) return Reflect.apply(send, this, given)
  // One letter a statement: the file counts over all processes of the group, and tells where their transactions end.
  appendFileSync(counter, isCommit(given[0]) ? COMMIT : '.')
  if (statSync(counter).size !== Number(at)) return Reflect.apply(send, this, given)
  const killAll = () => process.kill(-Number(group), 'SIGKILL')
  if (how === 'before') killAll()
  const answer = Reflect.apply(send, this, given)
  // Long enough for the server to do it: nobody hears the answer.
  if (how === 'unheard') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, UNHEARD_MS)
  killAll()
  return answer
}

const UNHEARD_MS = 60
const COMMIT = 'c'

function isCommit(statement: unknown): boolean {
  const text = typeof statement === 'object' && statement !== null && 'text' in statement ? statement.text : statement
  return text === 'commit'
}

pg.Client.prototype.query = counted as typeof send
