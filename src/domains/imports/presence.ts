import type { PresenceMark } from '../persons/index.ts'

/** The narrower word first: 未到校 has 到校 in it. */
const MARKS: readonly (readonly [RegExp, PresenceMark])[] = [
  [/流失|辍学|失学|名在人不在|人籍分离|空挂|长期(?:不在|未到|未返|缺|旷|外出)/u, 'lost'],
  [/退学|离校|转走|转出|转学|已走|不读/u, 'gone'],
  [/请假|病假|事假|休学|住院|因病/u, 'leave'],
  [/不在|未在|未到|未返|没来|旷课|缺勤|缺课|缺席|外出|失联/u, 'absent'],
  [/^(?:否|无|不|n|no|0|×|x)$/iu, 'absent'],
  [/^(?:是|有|在|到|y|yes|1|√|✓)$/iu, 'present'],
  [/在校|在读|在籍|在班|到校|返校|报到|正常|出勤|全勤|就读|走读|住校|寄宿|复学/u, 'present'],
]

/** [ROST-2] What the cell of a class list says of a child; who is named without a word sits there. */
export function presenceOf(cell: string | null): PresenceMark {
  const said = (cell ?? '').normalize('NFKC').trim()
  if (said === '') return 'present'
  return MARKS.find(([words]) => words.test(said))?.[1] ?? 'unclear'
}

/** 休学中, 是否休学: yes and no. */
export function isSaidYes(cell: string | null): boolean {
  return /^(?:是|有|y|yes|1|√|✓|休学)/iu.test((cell ?? '').normalize('NFKC').trim())
}

/** [ROST-3] School days in a row; what is no number of days tells none. */
export function absentDaysOf(cell: string | null): number | null {
  const found = /^(\d{1,3})\s*(?:天|日|个)?/u.exec((cell ?? '').normalize('NFKC').trim())
  return found === null ? null : Number(found[1])
}
