import type { FormColumn } from '../../platform/sheets/index.ts'
import { FIELDS_OF } from '../imports/index.ts'
import { COLUMNS_OF, DAY_COLUMNS, type LedgerColumn, type LedgerKind, NEEDED_OF } from './ledger-kinds.ts'
import { ledgerWords as words } from './ledger-words.ts'

/** Headings by which a column is met in ledgers of bureaus, beside those of the register (`imports`). */
const ALIASES: Readonly<Partial<Record<LedgerColumn, readonly string[]>>> = {
  guardian: ['监护人', '家长姓名', '家长(监护人)姓名', '父亲姓名', '母亲姓名', '户主姓名'],
  phone: ['联系方式', '电话', '监护人电话', '家长电话', '手机号'],
  township: ['所在镇乡', '镇街', '乡镇街道', '户籍街镇', '户籍乡镇'],
  village: ['户籍社区/村', '村社区', '村（社区）', '村社', '社区'],
  province: ['就读省份', '就读省市', '就读地省', '学籍所在省'],
  city: ['就读市州', '就读地市'],
  county: ['就读地', '就读地区', '就读县区', '就读区（县）', '学校所在区县', '学籍所在地'],
  school: ['学校', '学校名称', '就读学校名称', '所在学校', '就读学校及年级', '学籍学校', '送教学校'],
  grade: ['就读年级', '年级班级', '学段年级'],
  what: ['辍学类型', '核减类别', '核减原因', '类型', '就学状态', '排除原因', '情况'],
  proof: ['证明材料', '佐证材料', '凭据名称', '证明', '核实方式'],
  proofDay: [
    '凭据时间',
    '证明日期',
    '批准日期',
    '批准时间',
    '核查日期',
    '核实日期',
    '发现日期',
    '发现时间',
    '辍学年月',
    '最近送教日期',
    '最近送教时间',
    '开具日期',
  ],
  until: ['到期日期', '截止日期', '有效期', '有效期止', '缓学至', '休学至', '结束日期'],
  since: ['就读起始时间', '转出日期', '外出就读时间', '入学时间'],
  aid: ['资助地', '资助享受情况', '享受资助地'],
  reason: ['外出就读原因', '辍学原因', '缓学原因', '休学原因', '失能原因', '未就学原因'],
  measures: ['采取措施', '已采取的帮扶措施', '帮扶措施'],
}

const REGISTER: Readonly<Partial<Record<LedgerColumn, string>>> = {
  name: 'name',
  citizenId: 'citizenId',
  birthDay: 'birthDay',
  sex: 'sex',
  guardian: 'guardian1Name',
  phone: 'phone',
  township: 'township',
  village: 'village',
}

export function headingOf(kind: LedgerKind, column: LedgerColumn): string {
  const own = words.own as Readonly<Partial<Record<LedgerKind, Readonly<Partial<Record<LedgerColumn, string>>>>>>
  return own[kind]?.[column] ?? words.columns[column]
}

/** [OUT-20] Columns of a ledger as it comes: recognised by their headings, in whatever order. */
export function ledgerColumns(kind: LedgerKind): readonly FormColumn<LedgerColumn>[] {
  return COLUMNS_OF[kind].map((id) => ({
    id,
    heading: headingOf(kind, id),
    width: 16,
    ...(DAY_COLUMNS.has(id) ? { kind: 'day' as const } : {}),
    isRequired: NEEDED_OF[kind].includes(id),
    aliases: [words.columns[id], ...(ALIASES[id] ?? []), ...registerAliases(id)],
  }))
}

function registerAliases(id: LedgerColumn): readonly string[] {
  const field = FIELDS_OF.population.find((one) => one.id === REGISTER[id])
  return field === undefined ? [] : [field.label, ...field.aliases]
}

const WIDTHS: Readonly<Partial<Record<LedgerColumn, number>>> = {
  citizenId: 22,
  school: 28,
  village: 18,
  reason: 20,
  measures: 30,
}

/** The empty sheet: the same columns with drop-downs. */
export function templateColumns(kind: LedgerKind): readonly FormColumn<LedgerColumn>[] {
  return ledgerColumns(kind).map((column) => {
    const choices = choicesOf(kind, column.id)
    return {
      ...column,
      width: WIDTHS[column.id] ?? 14,
      ...(choices === undefined
        ? {}
        : { kind: 'choice' as const, choices: choices.map((label) => ({ code: label, label })) }),
    }
  })
}

function choicesOf(kind: LedgerKind, id: LedgerColumn): readonly string[] | undefined {
  const { proof, aid, reason, closed, open } = words.choices
  const isOutside = kind === 'outside'
  const said = {
    proof: isOutside ? proof : '',
    aid,
    reason: isOutside ? reason : '',
    what: kind === 'closed' ? closed : open,
  }
  const choices = id in said ? said[id as keyof typeof said] : ''
  return choices === '' ? undefined : choices.split('、')
}
