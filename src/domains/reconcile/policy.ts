import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { SchoolingRule } from '../../kernel/school-year.ts'

const AREA = '户籍×学籍比对'
const EDUCATION_LAW_1986 = { title: '中华人民共和国义务教育法（1986年）' }
const EDUCATION_LAW = { title: '中华人民共和国义务教育法' }
/** Of the product, not of a document: the page shows it as to be verified, and a pack may set its own. */
const HOUSE_DEFAULT = { title: '系统默认口径，未见文件规定；本地有规定的，以本地参数包为准' }

/** [RECON-1] Full years on the cut-off day of the year of entry. */
export const entryAge = defineParameter({
  id: 'reconcile.entry-age',
  label: '入学年龄',
  area: AREA,
  unit: 'age',
  note: '入学当年截止日已满的周岁',
  least: 5,
  most: 8,
  values: [
    {
      from: plainDate('1986-07-01'),
      value: 6,
      source: { ...EDUCATION_LAW_1986, article: '第五条' },
      confidence: 'likely',
    },
    {
      from: plainDate('2006-09-01'),
      value: 6,
      source: { ...EDUCATION_LAW, article: '第十一条' },
      confidence: 'certain',
    },
  ],
})

/** [RECON-1] Who reaches the entry age on this day still enters this year. */
export const entryCutOff = defineParameter({
  id: 'reconcile.entry-cut-off',
  label: '入学年龄截止日',
  area: AREA,
  unit: 'month-day',
  note: '由每年的招生入学通知规定，各地可以不同；当地的值写在地方参数包里',
  values: [
    {
      from: plainDate('1986-07-01'),
      value: '08-31',
      source: { title: '教育部每年的义务教育招生入学工作通知（依义务教育法第十一条）' },
      confidence: 'likely',
    },
  ],
})

/** [RECON-1] Years of compulsory schooling. */
export const schoolingYears = defineParameter({
  id: 'reconcile.schooling-years',
  label: '义务教育年限',
  area: AREA,
  unit: 'years',
  note: '六三学制和五四学制都是九年',
  least: 9,
  most: 12,
  values: [
    {
      from: plainDate('1986-07-01'),
      value: 9,
      source: { ...EDUCATION_LAW_1986, article: '第二条' },
      confidence: 'likely',
    },
    { from: plainDate('2006-09-01'), value: 9, source: { ...EDUCATION_LAW, article: '第二条' }, confidence: 'certain' },
  ],
})

/** Youngest age the sheets are asked for: wider than the obligation, so that nobody is lost at its edge. Rows outside are kept and told apart. */
export const youngestRead = defineParameter({
  id: 'reconcile.youngest-read',
  label: '调取数据的最小年龄',
  area: AREA,
  unit: 'age',
  note: '宽于义务年龄，读进来再按义务起止判断；更小的行也不丢，列为“义务未起”',
  least: 0,
  most: 6,
  values: [{ from: plainDate('1986-07-01'), value: 3, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** Oldest age the sheets are asked for: repeaters and late starters are fifteen and more in grade nine. */
export const oldestRead = defineParameter({
  id: 'reconcile.oldest-read',
  label: '调取数据的最大年龄',
  area: AREA,
  unit: 'age',
  note: '复读、晚入学的，九年级时常已十五六岁；生日不终止义务，更大的行也不丢',
  least: 15,
  most: 20,
  values: [{ from: plainDate('1986-07-01'), value: 18, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** Who has not finished grade nine stays on the list until this birthday, and may not be employed before it. */
export const watchedUntilAge = defineParameter({
  id: 'reconcile.watched-until-age',
  label: '未完成九年的关注到',
  area: AREA,
  unit: 'age',
  note: '未满十六周岁不得招用；满十六周岁仍未完成的转入“超龄未完成”，不算终止',
  least: 15,
  most: 18,
  values: [
    {
      from: plainDate('2006-09-01'),
      value: 16,
      source: { ...EDUCATION_LAW, article: '第十四条' },
      confidence: 'likely',
    },
    {
      from: plainDate('2021-06-01'),
      value: 16,
      source: { title: '中华人民共和国未成年人保护法', article: '第六十一条' },
      confidence: 'likely',
    },
  ],
})

/** Days after a run for which the sealed raw extract of the police is kept. */
export const rawExtractDays = defineParameter({
  id: 'reconcile.raw-extract-days',
  label: '户籍原表保留',
  area: AREA,
  unit: 'days',
  note: '比对后到期即删原表，只留结果；法律要求实现目的所必要的最短时间，九十天是系统默认',
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

/** [POST-20] Days for which a pause told by a roll stands, unless the school tells its end. */
export const pauseDays = defineParameter({
  id: 'reconcile.pause-days',
  label: '学籍上休学的默认期限',
  area: AREA,
  unit: 'days',
  note: '名册只写休学、停学而没有到期日的，从数据日期起算；到期由日结转入待核',
  least: 30,
  most: 730,
  values: [{ from: plainDate('1986-07-01'), value: 365, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** [REVIEW-7] Minutes for which a pair stays with who took it up. */
export const claimMinutes = defineParameter({
  id: 'reconcile.review-claim-minutes',
  label: '核对的一对留给领取人',
  area: AREA,
  unit: 'minutes',
  note: '过了还没判，就给别人；不会两个人同时判一对',
  least: 1,
  most: 120,
  values: [{ from: plainDate('1986-07-01'), value: 10, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** [REVIEW-1] Pairs whose probability lies within are looked at by two. */
export const secondLookFrom = defineParameter({
  id: 'reconcile.second-look-from',
  label: '须两人核对：分数从',
  area: AREA,
  unit: 'score',
  note: '机器最拿不准的一段，两人独立核对，互不看对方的意见',
  least: 0,
  most: 1,
  values: [{ from: plainDate('1986-07-01'), value: 0.45, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

export const secondLookUntil = defineParameter({
  id: 'reconcile.second-look-until',
  label: '须两人核对：分数到',
  area: AREA,
  unit: 'score',
  least: 0,
  most: 1,
  values: [{ from: plainDate('1986-07-01'), value: 0.65, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** [REVIEW-1] Of all other pairs this share is looked at by two, so that agreement is known of the easy ones too. */
export const secondLookShare = defineParameter({
  id: 'reconcile.second-look-share',
  label: '其余的对抽两人核对',
  area: AREA,
  unit: 'share',
  note: '抽中与否由记录本身定，不能挑',
  least: 0,
  most: 1,
  values: [{ from: plainDate('1986-07-01'), value: 0.1, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** [REVIEW-6] Pairs that the machine linked by more than ID and name, given to people all the same. */
export const reviewSamples = defineParameter({
  id: 'reconcile.review-samples',
  label: '机器判定的抽看',
  area: AREA,
  unit: 'rows',
  note: '每次比对从机器自己判定的对里抽这么多，由两人核对，看机器判得准不准',
  least: 0,
  most: 1000,
  values: [{ from: plainDate('1986-07-01'), value: 20, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** [ESTIMATE-2] Fewer decided pairs than this say nothing about the rates. */
export const leastLabels = defineParameter({
  id: 'reconcile.least-labels',
  label: '重新估计至少要已核对的对',
  area: AREA,
  unit: 'rows',
  note: '四分之一留作检验，不参与估计',
  least: 8,
  most: 100_000,
  values: [{ from: plainDate('1986-07-01'), value: 40, source: HOUSE_DEFAULT, confidence: 'to-verify' }],
})

/** Everything the page shows of this slice. */
export const reconcileParameters = [
  entryAge,
  entryCutOff,
  schoolingYears,
  youngestRead,
  oldestRead,
  watchedUntilAge,
  rawExtractDays,
  pauseDays,
  claimMinutes,
  secondLookFrom,
  secondLookUntil,
  secondLookShare,
  reviewSamples,
  leastLabels,
] as const

/** [RECON-1] The rule of schooling in force on a day in a place, for the arithmetic of cohorts. */
export function schoolingRuleOn(day: PlainDate, place?: PolicyPlace): SchoolingRule {
  return {
    entryAge: valueOn(entryAge, day, place),
    cutOff: valueOn(entryCutOff, day, place),
    years: valueOn(schoolingYears, day, place),
  }
}
