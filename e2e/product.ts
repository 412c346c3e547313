import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { runProduct } from '../src/app/testing/product.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the running product, without a slash at the end. */
    address: string
    dataDir: string
  }
}

/** Starts the product as `npm start` does, on an empty folder and a small demo city, once for all journeys. */
export default async function startProduct(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baoxue-e2e-'))
  const product = await runProduct({ dataDir })
  project.provide('address', product.address)
  project.provide('dataDir', dataDir)
  return async () => {
    await product.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
