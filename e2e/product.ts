import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestProject } from 'vitest/node'
import { enter } from '../src/app/demo-visitor.ts'
import { type RunningProduct, runProduct } from '../src/app/testing/product.ts'
import { readDays } from '../src/domains/whereabouts/contract.ts'
import { demoAccounts } from './people.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the running product, without a slash at the end. */
    address: string
    dataDir: string
  }
}

/** The day before the product's today: the demo closes its days up to it. */
const LAST_CLOSED = '2026-11-23'
const LOOK_AGAIN_MS = 1_000
/** Alone it takes half a minute. */
const LOOKS = 600

/** Starts the product as `npm start` does, on an empty folder and a small demo city, once for all journeys. */
export default async function startProduct(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baoxue-e2e-'))
  const product = await runProduct({ dataDir })
  const stop = async () => {
    await product.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await booksMade(product, dataDir)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('address', product.address)
  project.provide('dataDir', dataDir)
  return stop
}

/** The demo makes its books behind the start. */
async function booksMade({ address, said }: RunningProduct, dataDir: string): Promise<void> {
  const city = await enter(address, 'city', demoAccounts(dataDir).password)
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const { lastClosed } = await city.call(readDays)
    if (lastClosed === LAST_CLOSED) return
    await sleep(LOOK_AGAIN_MS)
  }
  throw new Error(`the demo's books are not made:\n${said()}`)
}
