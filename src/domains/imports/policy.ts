import { defineParameter } from '../../engines/policy/index.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { importWords } from './words.ts'

const words = importWords.policy

/** Days after the upload for which the sealed raw sheet and the list of its faults are kept. */
export const rawSheetDays = defineParameter({
  id: 'imports.raw-sheet-days',
  label: words.rawExtractDays,
  area: words.area,
  unit: 'days',
  note: words.rawExtractNote,
  least: 1,
  most: 365,
  values: [
    {
      from: plainDate('2021-11-01'),
      value: 90,
      source: { title: '中华人民共和国个人信息保护法', article: '第十九条' },
      confidence: 'to-verify',
    },
  ],
})

/** Days without a change after which a sheet that never became a batch is dropped. */
export const idleSheetDays = defineParameter({
  id: 'imports.idle-sheet-days',
  label: words.idleSheetDays,
  area: words.area,
  unit: 'days',
  note: words.idleSheetNote,
  least: 1,
  most: 90,
  values: [
    {
      from: plainDate('2021-11-01'),
      value: 14,
      source: { title: '系统默认口径，未见文件规定；本地有规定的，以本地参数包为准' },
      confidence: 'to-verify',
    },
  ],
})

/** Everything the page shows of this slice. */
export const importParameters = [rawSheetDays, idleSheetDays] as const
