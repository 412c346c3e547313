import { join } from 'node:path'
import { writeCitySheets } from '../../src/app/demo/index.ts'
import { answerParent, taskOfChild } from '../child.ts'
import type { CityKey } from './city.ts'
import { openBenchDuck, text } from './duck.ts'

const { dir, key } = taskOfChild<{ readonly dir: string; readonly key: CityKey }>()
const written = writeCitySheets(dir, key)
const duck = await openBenchDuck()
for (const sheet of ['population', 'roll'] as const) {
  const csv = `read_csv(${text(written[sheet])}, header = true, all_varchar = true, delim = ',', quote = '', escape = '')`
  await duck.run(`COPY (FROM ${csv}) TO ${text(join(dir, `${sheet}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`)
}
answerParent({ populationRows: written.populationRows, rollRows: written.rollRows })
