import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { readListPage } from './lists.store.server.ts'
import { LIST_COLUMNS } from './pipeline-lists.server.ts'

const folder = await temporaryFolder()

async function listOf(cells: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, `${Object.keys(cells).join('-')}.parquet`)
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const columns = LIST_COLUMNS.map((column) => `${column === 'seq' ? '0' : `'${cells[column] ?? ''}'`} AS ${column}`)
  await connection.run(`COPY (SELECT ${columns.join(', ')}) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  return path
}

test('[RUN-6] a number that stands under another heading is masked in the lists as well', async () => {
  const path = await listOf({
    name: '500103201508310012',
    roll_name: 'G500103201909010029',
    school: '某小学13812345678',
    reason: '证件号 50010320150831001X',
    citizen_id: '500103201508310012',
  })
  const everything = { page: 1, size: 10, class: undefined, township: undefined, text: undefined }
  const { rows } = await readListPage(path, everything)
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toMatch(/\d{12}/)
  expect(JSON.stringify(rows)).not.toContain('13812345678')
  expect(rows[0]?.name).toBe('500***********0012')
})
