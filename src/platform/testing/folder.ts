import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished, TestRunner } from 'vitest'

/** A folder that goes with the test it is made in, or with the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baoxue-test-'))
  await openToServer(folder)
  const remove = () => rm(folder, { recursive: true, force: true })
  // `afterAll` does nothing once tests run, and `onTestFinished` throws before they do.
  if (TestRunner.getCurrentTest() === undefined) afterAll(remove)
  else onTestFinished(remove)
  return folder
}

/** The server of a root user runs as `nobody` and must be able to enter. */
export async function openToServer(folder: string): Promise<void> {
  await chmod(folder, 0o755)
}
