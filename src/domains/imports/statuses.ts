/** What a roll entry says about the child today. */
export const STATUS_GROUPS = ['in-school', 'paused', 'finished', 'left'] as const
export type StatusGroup = (typeof STATUS_GROUPS)[number]

interface Status {
  readonly group: StatusGroup
  /** XSDQZT of JY/T 1001, where the code list has it. */
  readonly code?: string
  readonly words: readonly string[]
}

/**
 * 学生当前状态 (XSDQZT, JY/T 1001) and the words of 学籍异动 that exports use in
 * its place. 退学 and 开除 are not allowed in the compulsory stage (义务教育法
 * art. 27), and stand in sheets all the same.
 */
const STATUSES: readonly Status[] = [
  { group: 'in-school', code: '01', words: ['在读', '在校', '在籍', '在校生', '在籍在读', '正常', '就读'] },
  { group: 'in-school', code: '05', words: ['复学', '辍学复学', '回国复学', '恢复学籍'] },
  {
    group: 'in-school',
    words: ['转入', '新生注册', '升级', '调班', '信息变更', '留级', '跳级', '送教上门', '试读', '延长年限'],
  },
  { group: 'paused', code: '02', words: ['休学', '休学中'] },
  { group: 'paused', code: '04', words: ['停学'] },
  { group: 'paused', code: '12', words: ['保留入学资格', '保留学籍'] },
  { group: 'paused', words: ['转学中', '转学在途', '缓学', '延缓入学'] },
  { group: 'finished', code: '07', words: ['毕业', '已毕业'] },
  { group: 'finished', code: '08', words: ['结业'] },
  { group: 'left', code: '03', words: ['退学'] },
  { group: 'left', code: '06', words: ['流失', '辍学', '失学', '疑似辍学'] },
  { group: 'left', code: '09', words: ['肄业'] },
  { group: 'left', code: '10', words: ['转学', '转出', '转学转出', '已转出'] },
  { group: 'left', code: '11', words: ['死亡'] },
  { group: 'left', code: '13', words: ['公派出国', '公派留学', '出国', '出境', '出国境', '出国出境'] },
  { group: 'left', code: '14', words: ['开除', '开除学籍', '取消学籍', '取消入学资格', '注销', '注销学籍'] },
  // 其他 tells nothing, and what tells nothing proves no schooling.
  { group: 'left', code: '99', words: ['其他'] },
  { group: 'left', code: '15', words: ['下落不明', '失踪', '其他离校', '离校'] },
]

const GROUPS: ReadonlyMap<string, StatusGroup> = new Map(
  STATUSES.flatMap(({ group, code, words }) => {
    const keys =
      code === undefined ? words : [...words, code, String(Number(code)), ...words.map((word) => code + word)]
    return keys.map((key) => [key, group] as const)
  }),
)

/**
 * [RECON-4] The group of a status cell. An empty status is an entry in school:
 * many exports list pupils at school only and have no such column. A word that is
 * not known is in school too, and the reason column says that it was not known.
 */
export function statusGroupOf(cell: string | null): { readonly group: StatusGroup; readonly isKnown: boolean } {
  const key = (cell ?? '').normalize('NFKC').replace(/[\s()（）[\]\-—_.、/·:：]/gu, '')
  if (key === '') return { group: 'in-school', isKnown: true }
  const group = GROUPS.get(key)
  return { group: group ?? 'in-school', isKnown: group !== undefined }
}
