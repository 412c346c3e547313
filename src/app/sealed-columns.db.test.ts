import { expect, test } from 'vitest'
import { testDatabase } from '../platform/testing/database.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

const { admin } = await testDatabase()

test('[SEC-18] every sealed column of the database is sealed anew when keys rotate', async () => {
  const found = await admin<{ name: string }>(`
    select attrelid::regclass::text || '.' || attname as name from pg_attribute join pg_class on pg_class.oid = attrelid
    where relkind = 'r' and relnamespace = 'public'::regnamespace and atttypid = 'bytea'::regtype and attname like '%sealed'
      and attrelid <> 'sealed_file'::regclass order by 1`)
  expect(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(
    found.map(({ name }) => name),
  )
})
