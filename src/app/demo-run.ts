import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { createRun, listRuns, type Run, type SheetInspection, uploadSheet } from '../domains/reconcile/contract.ts'
import { type Me, signIn, signOut } from '../domains/registry/contract.ts'
import type { Log } from '../platform/log.ts'
import { DEMO_DISTRICT } from './demo/index.ts'
import type { Demo } from './first-load.ts'

/** The officer of the demo district, who gives the two sheets. */
const OFFICER = 'nanchuan'
const SCHOOL_YEAR = 2026

/**
 * The first run of the demo city, made as an officer makes it: signed in over HTTP, two sheets given, a run started.
 * What a visitor finds was made by the product itself. Does nothing where the officer already has runs.
 */
export async function makeDemoRun(address: string, demo: Demo, log: Log): Promise<void> {
  const folder = Object.values(demo.sheets).find((path) => path.endsWith(DEMO_DISTRICT.name))
  if (folder === undefined) return
  const visitor = await enter(address, OFFICER, demo.password)
  const runs: z.infer<typeof listRuns.answer> = await visitor.ask('GET', listRuns.path)
  if (runs.total === 0) {
    const population = await visitor.give(join(folder, 'population.xlsx'), 'population')
    const roll = await visitor.give(join(folder, 'roll.csv'), 'roll')
    const body = { populationSheetId: population.sheetId, rollSheetId: roll.sheetId, schoolYear: SCHOOL_YEAR }
    const run: Run = await visitor.ask('POST', createRun.path, JSON.stringify(body))
    log.info('demo.run-started', { runId: run.runId })
  }
  await visitor.ask('DELETE', signOut.path)
}

export interface Visitor {
  ask<Answer>(method: string, path: string, body?: string | FormData): Promise<Answer>
  give(path: string, role: string): Promise<SheetInspection>
}

/** Signed in over HTTP, as a browser is. */
export async function enter(address: string, login: string, password: string): Promise<Visitor> {
  const origin = new URL(address).origin
  let cookie = ''
  let csrf = ''
  const ask = async <Answer>(method: string, path: string, body?: string | FormData): Promise<Answer> => {
    const headers = {
      cookie,
      origin,
      'x-baoxue-csrf': csrf,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    }
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    const set = answer.headers.getSetCookie()[0]
    if (set !== undefined) cookie = set.split(';')[0] ?? ''
    const json = (await answer.json()) as Answer & { readonly code?: string }
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${json.code}`)
    return json
  }
  const me: Me = await ask('POST', signIn.path, JSON.stringify({ login, password }))
  csrf = me.csrf
  return {
    ask,
    async give(path, role) {
      const form = new FormData()
      form.append('file', await openAsBlob(path), path.split(/[/\\]/).at(-1))
      return ask('POST', `${uploadSheet.path}?role=${role}`, form)
    },
  }
}
