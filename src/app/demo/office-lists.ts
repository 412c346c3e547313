import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { writeXlsxStream } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { POPULATION_HEADINGS, ROLL_HEADINGS, TRUTH_HEADINGS } from './headings.ts'
import type { Whereabouts } from './model.ts'
import { hashOf } from './random.ts'

/** Rows of the district's two sheets, as they were written. */
interface Rows {
  readonly population: readonly string[]
  readonly roll: readonly string[]
  /** Row of the register, row of the roll as it was before the drift, and what is really so. */
  readonly truth: readonly string[]
}

type Line = readonly string[]

const rollAt = (heading: (typeof ROLL_HEADINGS)[number]) => ROLL_HEADINGS.indexOf(heading)
const registerAt = (heading: (typeof POPULATION_HEADINGS)[number]) => POPULATION_HEADINGS.indexOf(heading)
const CLASS_HEADINGS = [
  ...['学校标识码', '学校名称', '年级', '班级', '学生姓名', '性别', '身份证号', '学籍主号'],
  ...['是否在校', '连续缺勤天数', '休学中', '备注'],
]
const POVERTY_HEADINGS = [
  ...['区县', '镇街', '村社区', '户编号', '人编号', '姓名', '性别', '证件号码', '与户主关系', '户主姓名', '户类型'],
  ...['在校生状况', '失学或辍学原因', '健康状况', '联系电话', '风险是否消除'],
]
const DISABILITY_HEADINGS = [
  ...['年度', '区县', '镇街', '姓名', '身份证号', '残疾人证号', '残疾类别', '残疾等级', '性别', '就读学校类型'],
]

/** One school in so many has not handed in its list of this month. */
const SCHOOLS_A_LATE_ONE = 9
/** Of a thousand pupils: what their class list says, and at least `least` of each in a small city. */
const PRESENCES = [
  { perThousand: 1, least: 2, cells: ['名在人不在', '', '', '全家外出'] },
  { perThousand: 1, least: 2, cells: ['不在校', '12', '', ''] },
  { perThousand: 3, least: 3, cells: ['不在校', '1', '', ''] },
  { perThousand: 6, least: 3, cells: ['请假', '2', '', '病假'] },
  { perThousand: 2, least: 2, cells: null },
] as const
const UNROLLED_IN_CLASS = 2
/** One household in so many is on the list, and those whose child is on no roll first. */
const HOUSEHOLDS_A_POOR_ONE = 14
const POOR_WITHOUT_ROLL = 5
const KINDS = ['脱贫户', '脱贫户', '脱贫户', '脱贫不稳定户', '边缘易致贫户', '突发严重困难户']

/** [DEMO-18] What other offices give of the same district: who sits in class, which households are poor, who is disabled. */
export async function writeOfficeLists(dir: string, district: string, rows: Rows): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const roll = rows.roll.map((line) => line.split(','))
  const register = rows.population.map((line) => line.split(','))
  const stray = strayIn(register, rows.truth)
  writeFileSync(join(dir, 'attendance.csv'), iconv.encode(csv(CLASS_HEADINGS, classLines(roll, stray)), 'gb18030'))
  const poor = povertyLines(register, stray, district)
  const disabled = disabledLines(register, roll, { stray, district })
  // A very small city may have none: an office that has nobody to tell sends no list.
  if (poor.length > 0)
    await writeWorkbook(join(dir, 'poverty.xlsx'), [
      [`${district}脱贫户和防返贫监测对象名单`],
      POVERTY_HEADINGS,
      ...poor,
    ])
  if (disabled.length > 0) await writeWorkbook(join(dir, 'disability.xlsx'), [DISABILITY_HEADINGS, ...disabled])
}

const ROLL_ROW = TRUTH_HEADINGS.indexOf('roll_row')
const POPULATION_ROW = TRUTH_HEADINGS.indexOf('population_row')
const WHEREABOUTS_AT = TRUTH_HEADINGS.indexOf('whereabouts')
/** Of an age to be at school, and on no roll of the city. */
const STRAY: readonly string[] = ['unrolled', 'never-enrolled', 'dropped-out', 'elsewhere'] satisfies Whereabouts[]

/** Those in class without a roll last, those out of school first. */
function strayIn(register: readonly Line[], truth: readonly string[]): readonly Line[] {
  const found = truth
    .map((line) => line.split(','))
    .filter((cells) => cells[ROLL_ROW] === '' && STRAY.includes(cells[WHEREABOUTS_AT] ?? ''))
    .toSorted((a, b) => rank(a) - rank(b))
  return found.flatMap((cells) => {
    const line = register[Number(cells[POPULATION_ROW]) - 1]
    return line === undefined || line[registerAt('注销标识')] !== '0' || line[registerAt('公民身份号码')] === ''
      ? []
      : [line]
  })
}

function rank(cells: readonly string[]): number {
  const whereabouts = cells[WHEREABOUTS_AT]
  return whereabouts === 'unrolled' ? 2 : whereabouts === 'elsewhere' ? 1 : 0
}

const COMPULSORY = /^(?:[一二三四五六七八九1-9]|小学|初)/u

function classLines(roll: readonly Line[], stray: readonly Line[]): readonly Line[] {
  const pupils = roll.filter(
    (line) =>
      COMPULSORY.test(line[rollAt('年级')] ?? '') &&
      ['在读', '', '休学'].includes(line[rollAt('学生当前状态')] ?? '') &&
      line[rollAt('就读方式')] !== '送教上门' &&
      hashOf(line[rollAt('学校标识码')] ?? '') % SCHOOLS_A_LATE_ONE !== 0,
  )
  const said = presencesOf(pupils.length)
  const lines = pupils.flatMap((pupil, index) => {
    const isPaused = pupil[rollAt('学生当前状态')] === '休学'
    const cells = said.get(index)
    if (cells === null && !isPaused) return []
    return [classLine(pupil, isPaused ? ['', '', '是', ''] : (cells ?? ['在校', '', '', '']))]
  })
  const classes = pupils.slice(0, UNROLLED_IN_CLASS)
  return [
    ...lines,
    ...classes.flatMap((beside, index) => {
      const child = stray.at(-1 - index)
      return child === undefined ? [] : [seatedLine(child, beside)]
    }),
  ]
}

/** Spread over the district, each kind by its own step. */
function presencesOf(pupils: number): ReadonlyMap<number, readonly string[] | null> {
  const said = new Map<number, readonly string[] | null>()
  for (const [kind, { perThousand, least, cells }] of PRESENCES.entries()) {
    const count = Math.max(least, Math.round((pupils * perThousand) / 1000))
    for (let n = 0; n < count; n += 1) said.set(Math.floor(((n + 0.5) * pupils) / count) + kind, cells)
  }
  return said
}

function classLine(pupil: Line, said: readonly string[]): Line {
  const cell = (heading: (typeof ROLL_HEADINGS)[number]) => pupil[rollAt(heading)] ?? ''
  return [
    ...[cell('学校标识码'), cell('学校名称'), cell('年级'), cell('班级'), cell('姓名'), cell('性别')],
    ...[cell('身份证件号'), cell('全国学籍号'), ...said],
  ]
}

function seatedLine(child: Line, beside: Line): Line {
  const cell = (heading: (typeof POPULATION_HEADINGS)[number]) => child[registerAt(heading)] ?? ''
  return [
    ...classLine(beside, []).slice(0, 4),
    ...[cell('姓名'), cell('性别'), cell('公民身份号码'), '', '在校', '', '', '借读，学籍未办'],
  ]
}

function povertyLines(register: readonly Line[], stray: readonly Line[], district: string): readonly Line[] {
  const chosen = new Set(stray.slice(0, POOR_WITHOUT_ROLL).map((line) => line[registerAt('户号')]))
  const households = Map.groupBy(
    register.filter((line) => line[registerAt('注销标识')] === '0'),
    (line) => line[registerAt('户号')] ?? '',
  )
  const poor = [...households].filter(
    ([number]) => chosen.has(number) || hashOf(`poor ${number}`) % HOUSEHOLDS_A_POOR_ONE === 0,
  )
  return [
    ...poor.flatMap(([number, children], index) => membersOf(children, { district, index, number })),
    strangerLine(district, poor[0]?.[1][0]),
  ]
}

interface PoorHousehold {
  readonly district: string
  readonly index: number
  readonly number: string
}

function membersOf(children: readonly Line[], { district, index, number }: PoorHousehold): Line[] {
  const [first] = children
  const cell = (line: Line | undefined, heading: (typeof POPULATION_HEADINGS)[number]) =>
    line?.[registerAt(heading)] ?? ''
  const home = [district, cell(first, '街道(乡镇)'), cell(first, '社区(村)'), householdNumber(index)]
  const kind = KINDS[hashOf(number) % KINDS.length]!
  const head = cell(first, '户主姓名')
  const end = [cell(first, '联系电话'), index % 3 === 0 ? '是' : '否']
  const headId = cell(first, '户主身份证号')
  const headSex = Number(headId.at(-2)) % 2 === 1 ? '男' : '女'
  return [
    [...home, '1', head, headSex, headId, '户主', head, kind, '', '', '健康', ...end],
    ...children.map((child, place) => [
      ...[...home, String(place + 2), cell(child, '姓名'), cell(child, '性别'), cell(child, '公民身份号码')],
      ...[cell(child, '与户主关系'), head, kind, '', '', '健康', ...end],
    ]),
  ]
}

function householdNumber(index: number): string {
  return `T${String(10_001 + index)}`
}

/** In no register and on no roll: the child whom a list of households alone knows. */
function strangerLine(district: string, beside: Line | undefined): Line {
  const first17 = '50011920170612991'
  const [township, village] = [beside?.[registerAt('街道(乡镇)')] ?? '', beside?.[registerAt('社区(村)')] ?? '']
  return [
    ...[district, township, village, 'T99001', '2', '令狐小禾', '男', first17 + checkDigit(first17)],
    ...['孙子', '令狐长庚', '脱贫户', '未上学', '随父母外出回乡', '健康', '', '否'],
  ]
}

const LEVELS = ['一级', '二级', '三级', '四级']

function disabledLines(
  register: readonly Line[],
  roll: readonly Line[],
  { stray, district }: { readonly stray: readonly Line[]; readonly district: string },
): readonly Line[] {
  const kindOf = new Map(
    roll.flatMap((line) => {
      const kind = line[rollAt('残疾人类型')] ?? ''
      return kind === '' ? [] : [[line[rollAt('身份证件号')] ?? '', kind] as const]
    }),
  )
  const extra = stray.slice(1, 2)
  return register.flatMap((line) => {
    const id = line[registerAt('公民身份号码')] ?? ''
    const kind = kindOf.get(id) ?? (extra.includes(line) ? '肢体残疾' : undefined)
    if (kind === undefined || id === '' || line[registerAt('注销标识')] !== '0') return []
    const level = hashOf(id) % LEVELS.length
    const cell = (heading: (typeof POPULATION_HEADINGS)[number]) => line[registerAt(heading)] ?? ''
    return [
      [
        ...['2026', district, cell('街道(乡镇)'), cell('姓名'), id, `${id}${41 + level}`, kind, LEVELS[level]!],
        ...[cell('性别'), kindOf.has(id) ? '普通教育机构' : ''],
      ],
    ]
  })
}

function csv(headings: readonly string[], lines: readonly Line[]): string {
  return `${[headings, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`
}

async function writeWorkbook(path: string, lines: readonly Line[]): Promise<void> {
  const workbook = writeXlsxStream(
    lines.map((line) => [...line]),
    { name: '名单' },
  )
  await pipeline(Readable.fromWeb(workbook), createWriteStream(path))
}
