import { LINKAGE_FIELDS } from '../../src/domains/imports/index.ts'
import { keysOf } from '../../src/engines/linkage/field.ts'
import { answerParent, taskOfChild } from '../child.ts'
import { openBenchDuck, text } from '../reconcile/duck.ts'

/**
 * Key files made from key files. `together`: several cities as one country: each in a province of its own, with its own
 * guardians, telephones and addresses, so that there are more districts and no denser ones. `changed`: a share of the rows
 * has moved and has another telephone; these rows alone are written to `list`.
 */
export type AlterTask =
  | { readonly kind: 'together'; readonly files: readonly string[]; readonly out: string }
  | {
      readonly kind: 'changed'
      readonly file: string
      readonly share: number
      readonly out: string
      readonly list: string
    }

const task = taskOfChild<AlterTask>()
const duck = await openBenchDuck()
await duck.run("SET memory_limit = '4GB'")
const fields = Object.entries(LINKAGE_FIELDS)
answerParent(task.kind === 'together' ? await together(task) : await changed(task))

/** Keys of one kind of field, of all fields of that kind. */
function keysOfKind(kind: string): readonly string[] {
  return fields
    .filter(([, field]) => field.kind === kind)
    .flatMap(([id, field]) => keysOf(id, field.kind).map((key) => key.id))
}

async function together({ files, out }: Extract<AlterTask, { kind: 'together' }>): Promise<number> {
  const parts: string[] = []
  let before = 0
  for (const [city, file] of files.entries()) {
    const salt = `${(BigInt(city) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn}::UBIGINT`
    const words = [...keysOfKind('citizen-id-word'), ...keysOfKind('address')].map(
      (key) => `xor(${key}, ${salt}) AS ${key}`,
    )
    const phones = keysOfKind('phone').map((key) => `${key} + ${city} * 1000000000000 AS ${key}`)
    const replaced = [
      `(row + ${before})::INTEGER AS row`,
      // The province are the first two of seventeen digits; broken numbers stay as text.
      `id_n + ${city} * 1000000000000000 AS id_n`,
      `CASE WHEN starts_with(id_code, '50') THEN '${50 + city}' || substr(id_code, 3) ELSE id_code END AS id_code`,
      ...words,
      ...phones,
    ]
    parts.push(`SELECT * REPLACE (${replaced.join(', ')}) FROM read_parquet(${text(file)})`)
    before += await rowsOf(file)
  }
  await duck.run(
    `COPY (${parts.join(' UNION ALL ')}) TO ${text(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  )
  return before
}

async function changed({ file, share, out, list }: Extract<AlterTask, { kind: 'changed' }>): Promise<number> {
  const every = Math.round(1 / share)
  const isChanged = `(row::BIGINT * 7919) % ${every} = 0`
  const words = keysOfKind('address').map(
    (key) => `CASE WHEN ${isChanged} THEN xor(${key}, 1::UBIGINT) ELSE ${key} END AS ${key}`,
  )
  const phones = keysOfKind('phone').map((key) => `CASE WHEN ${isChanged} THEN ${key} + 1 ELSE ${key} END AS ${key}`)
  await duck.run(`COPY (SELECT * REPLACE (${[...words, ...phones].join(', ')}) FROM read_parquet(${text(file)}) ORDER BY row)
    TO ${text(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`)
  await duck.run(`COPY (FROM read_parquet(${text(out)}) WHERE ${isChanged}) TO ${text(list)} (FORMAT parquet)`)
  const reader = await duck.runAndReadAll(`SELECT count(*) FROM read_parquet(${text(list)})`)
  return Number(reader.getRowsJson()[0]![0])
}

async function rowsOf(file: string): Promise<number> {
  const reader = await duck.runAndReadAll(`SELECT max(row) FROM read_parquet(${text(file)})`)
  return Number(reader.getRowsJson()[0]![0])
}
