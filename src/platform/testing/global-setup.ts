import type { TestProject } from 'vitest/node'
import { startTestServer, type TestServer } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly testServer: TestServer
  }
}

/** `globalSetup` of the vitest projects that need PostgreSQL. `BAOXUE_TEST_DATABASE_URL` runs them on another server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.BAOXUE_TEST_DATABASE_URL
  const { server, stop } = await startTestServer(url === '' ? undefined : url)
  project.provide('testServer', server)
  return stop
}
