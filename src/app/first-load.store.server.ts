import type { Tx } from '../platform/db/index.ts'

type LookedAt = { unit: { unit_id: number } }

/** True before the first start has loaded a pack. */
export async function isRegistryEmpty(tx: Tx): Promise<boolean> {
  return (
    (await tx.withTables<LookedAt>().selectFrom('unit').select('unit_id').limit(1).executeTakeFirst()) === undefined
  )
}
