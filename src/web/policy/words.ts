import { defineWords } from '../../kernel/words.ts'

export const words = defineWords({
  'zh-CN': {
    nav: '标准',
    title: '标准与依据',
    note: '每个数、哪天起施行、凭哪个文件；这里只能看，改在参数包里',
    day: '看哪一天的',
    search: '搜标准、文件、条款',
    label: '标准',
    value: '这一天的数',
    from: '施行',
    source: '依据',
    confidence: '把握',
    none: '这一天尚无规定',
    confidences: { certain: '有原文', likely: '多处一致', 'to-verify': '待核实' },
    toVerify: (n: number) => `待核实 ${n} 项`,
    origins: { national: '国家' },
    history: '历次规定',
    origin: '范围',
    id: '编号',
    unit: '单位',
    open: (label: string) => `${label}：历次规定`,
    count: (n: number) => `${n} 项`,
    empty: '没有对得上的标准',
    emptyAll: '还没有登记任何标准。标准写在代码的参数定义和地方参数包里，启动时读入。',
  },
})
