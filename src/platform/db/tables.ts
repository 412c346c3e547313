import type { ColumnType } from 'kysely'

/** Tables that the database part itself keeps. A slice adds its own: `tx.withTables<RegistryTables>()`. */
export interface PlatformTables {
  applied_migration: AppliedMigrationTable
}

export interface AppliedMigrationTable {
  name: string
  checksum: string
  applied_at: ColumnType<Date, never, never>
}
