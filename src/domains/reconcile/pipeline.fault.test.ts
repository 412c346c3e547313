import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { idOf, writeSheet } from './pipeline-testing.server.ts'

/** Blocks of 512 or 1024 bytes a file may take, by the shell that counts: enough to begin, too little to end. */
const FILE_BLOCKS = 600

const RUN = `
const { reconcile } = await import(process.env.PIPELINE)
try {
  await reconcile({ ...JSON.parse(process.env.SHEETS), schoolYear: 2026, today: '2026-11-24', threads: 1, memoryLimitMb: 200 })
  console.log('done')
} catch (error) {
  console.log(error.code ?? String(error))
}`

test('[LINK-9] a disk that takes no more is told as a full disk, and the run’s own database leaves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'disk-full-'))
  try {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({
      name: `王${String.fromCharCode(0x4e00 + (index % 5000))}`,
      citizenId: idOf(
        `2016${String(1 + (index % 12)).padStart(2, '0')}15`,
        index % 999,
        String(500_101 + (index % 30)),
      ),
    }))
    const sheets = {
      populationParquet: await writeSheet(folder, 'population', rows),
      rollParquet: await writeSheet(folder, 'roll', rows),
      workDir: folder,
    }
    // A limit on the size of a file stops writing as a full disk does, and needs neither a mount nor root.
    const child = spawn(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f ${FILE_BLOCKS}; exec "$NODE" --input-type=module -e "$RUN"`],
      {
        env: {
          ...process.env,
          NODE: process.execPath,
          RUN,
          SHEETS: JSON.stringify(sheets),
          PIPELINE: new URL('./pipeline.server.ts', import.meta.url).href,
        },
      },
    )
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(said.trim()).toBe('SYSTEM.DISK_FULL')
    expect((await readdir(folder)).filter((name) => name.includes('duckdb') || name === 'spill')).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
