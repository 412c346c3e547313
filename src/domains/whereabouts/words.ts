import { defineWords } from '../../kernel/words.ts'
import type { AccountCode } from './accounts.ts'
import type { EvidenceKind, PostingSource } from './contract.ts'

const account: Readonly<Record<AccountCode, string>> = {
  here: '本区县就读',
  'elsewhere-in-city': '市内他区县就读',
  'other-province': '外省就读',
  'home-teaching': '送教上门',
  'teaching-point': '康复、福利机构教学点',
  'special-school': '专门学校',
  'custody-schooled': '羁押期间受教育',
  'art-or-sport': '批准的文艺、体育单位',
  vocational: '职业教育安置',
  'without-roll': '在读无学籍',
  deferred: '缓学',
  suspended: '休学',
  'sick-leave': '长期病假',
  'awaiting-report': '待报到',
  'in-transfer': '转学在途',
  finished: '九年级结业',
  'moved-out': '户口迁出',
  'settled-abroad': '出国定居',
  died: '死亡',
  'to-verify': '待核',
  'not-located': '未找到（人户分离等）',
  missing: '失踪',
  'disabled-unplaced': '残疾未安置',
  'late-or-private': '滞留幼儿园、私塾、在家',
  conflict: '主张冲突',
  suspected: '疑似辍学',
  'never-enrolled': '失学',
  'dropped-out': '辍学',
  'over-age': '超龄未完成',
  'roll-other-district': '户籍在市内他区县',
  'roll-other-province': '户籍在外省',
  'roll-no-registration': '无户籍',
  'roll-foreign': '港澳台或外籍',
  'roll-id-to-repair': '证件待修',
  'roll-outside-ages': '不在学龄',
  'roll-ghost': '空挂学籍',
}

const evidence: Readonly<Record<EvidenceKind, string>> = {
  population: '户籍数据',
  floating: '流动人口数据',
  roll: '学籍数据',
  'registry-reply': '学籍平台回复',
  certificate: '证明材料',
  visit: '走访',
  attendance: '到课记录',
  officer: '经办人认定',
  none: '无凭证',
}

const source: Readonly<Record<PostingSource, string>> = {
  run: '比对入账',
  close: '日结',
  case: '核查个案',
  undo: '撤销',
  merge: '合并',
  correction: '更正',
  ledger: '上期台账结转',
}

/** Names of what stands in the books. */
export const whereaboutsWords = defineWords({
  'zh-CN': {
    account,
    group: { 1: '在学', 2: '依法暂缓', 3: '凭证终结', 4: '未说明', 5: '在册不在户籍' },
    base: { R: '户籍', P: '在地', S: '学籍' },
    evidence,
    source,
    close: {
      notOpen: '总账还没有开账',
      future: '这一天还没有过完',
      skipped: '要从上次日结的次日起逐日办理',
      setBack: '系统日期早于最近的日结，请核对系统时间',
    },
    policy: {
      area: '总账',
      label: {
        recentDays: '凭证“近期”的天数',
        freshDays: '挂图上凭证新鲜的天数',
        autumnTerm: '秋季学期起始日',
        springTerm: '春季学期起始日',
        termGraceDays: '学期凭证的宽限天数',
        seenDays: '走访、到课、认定的有效天数',
        reportingDays: '新生报到期',
        overAge: '转入超龄未完成的年龄',
      },
      note: {
        springTerm: '每年以校历为准，各地可以不同；当地的值写在地方参数包里',
        termGraceDays:
          '户籍、学籍数据、学籍平台回复和就读证明管一个学期，下学期开学后再宽限这些天；过期无新证，日结时转回待核',
        reportingDays: '8月31日义务新起的先列待报到，过了报到期仍无学籍的转为待核',
        overAge: '满这一周岁仍未说明去向的转入“超龄未完成”，不算终止',
      },
      source: {
        house: '系统默认口径，未见文件规定；本地有规定的，以本地参数包为准',
        educationLaw: '中华人民共和国义务教育法',
        educationLawArticle: '第十四条',
      },
    },
  },
})
