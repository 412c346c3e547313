import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-test-'))
  await mkdir(join(folder, 'tmp'))
  await writeFile(join(folder, 'pop.csv'), POPULATION)
  await writeFile(join(folder, 'roll.csv'), ROLL)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const POPULATION = `某区户籍人口
公民身份号码,姓名,性别,出生日期,街道(乡镇),联系电话
500103201508310012,张三,男,2015-08-31,解放碑街道,13800000001
500103201909010029,李四,女,2019-09-01,解放碑街道,13800000002
５００１０３２０１５０８３１００１２,张三 ,男,2015-08-31,解放碑街道,13800000001
5.0010320150831E+17,王五,男,2015-08-31,解放碑街道,13800000003
"没有配对的引号,赵六,男

,钱七,女,2016-03-04,南泉街道,13800000005
`
const ROLL = `学校名称,姓名,身份证件号,年级,学籍状态
民权小学,张三,500103201508310012,五年级,在读
民权小学,孙八,500103201403070010,六年级,在读
`

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, TMPDIR: join(folder, 'tmp'), ...env } }
    const child = execFile(process.execPath, [CLI, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

const SHEETS = ['--population', 'pop.csv', '--roll', 'roll.csv', '--school-year', '2026', '--today', '2026-11-24']
const reconcile = (...more: string[]) => run(['reconcile', ...SHEETS, ...more])

async function leftovers(): Promise<readonly string[]> {
  return readdir(join(folder, 'tmp'))
}

test('[CLI-1] two sheets in, a workbook out: bridge, balance and place are printed, nothing is left behind', async () => {
  const { code, stdout, stderr } = await reconcile()
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('账平')
  expect(stdout).toMatch(/6 {2}户籍表收到的行/)
  expect(stdout).toContain(join(folder, 'baoxue-result.xlsx'))
  expect(stderr).toContain('户籍表：pop.csv（CSV，UTF-8，表头在第 2 行，6 列认出 6 列）')
  expect(await leftovers()).toEqual([])
  expect((await readdir(folder)).sort()).toEqual(['baoxue-result.xlsx', 'pop.csv', 'roll.csv', 'tmp'])
})

test('[CLI-4] workbook and folder hold the same rows, and each row leads back to the rows of the two sheets', async () => {
  expect((await reconcile('--out', 'r.xlsx')).code).toBe(0)
  expect((await reconcile('--out', 'r/')).code).toBe(0)
  const { sheets } = await readXlsx(await readFile(join(folder, 'r.xlsx')))
  const population = POPULATION.split('\n').slice(2)
  const roll = ROLL.split('\n').slice(1)
  const seen = { population: [] as number[], roll: [] as number[] }
  for (const { name, rows } of sheets.slice(1)) {
    const csv = parseCsv((await readFile(join(folder, 'r', `${name}.csv`))).toString('utf8'))
    expect(
      csv.map((row) => [row[0], row[1]].map((cell) => String(cell ?? ''))),
      name,
    ).toEqual(rows.map((row) => [row[0], row[1]].map((cell) => String(cell ?? ''))))
    const [heading = [], ...lines] = rows
    for (const line of lines) {
      const cell = (name: string) => line[heading.indexOf(name)]
      const [populationRow, rollRow] = [cell('population_row'), cell('roll_row')]
      if (typeof populationRow === 'number') {
        seen.population.push(populationRow)
        if (cell('姓名')) expect(population[populationRow - 1]).toContain(cell('姓名'))
      }
      if (typeof rollRow === 'number') {
        seen.roll.push(rollRow)
        expect(roll[rollRow - 1]).toContain(cell('学籍姓名'))
      }
    }
  }
  // The sixth data row of the population sheet is blank: it is counted and stands nowhere.
  expect(seen.population.sort()).toEqual([1, 2, 3, 4, 5, 7])
  expect(seen.roll.sort()).toEqual([1, 2])
  const rowsOf = (name: string) =>
    sheets
      .find((sheet) => sheet.name === name)
      ?.rows.slice(1)
      .map((row) => row.slice(0, 2))
  expect(rowsOf('linked')).toEqual([[1, 1]])
  expect(rowsOf('duplicates')).toEqual([[3, null]])
  expect(rowsOf('not-found')?.map((row) => row[0])).toEqual([2, 4, 7])
  expect(rowsOf('errors')?.map((row) => row[0])).toEqual([5])
  expect(rowsOf('roll-only')).toEqual([[null, 2]])
})

test('[CLI-1] help on stdout, wrong use on stderr with 2, trouble with 1', async () => {
  const help = await run(['--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--population')
  expect((await run(['reconcile', '-h'])).code).toBe(0)
  for (const [args, words] of [
    [[], '没有写命令'],
    [['rekoncile'], '没有这个命令：rekoncile'],
    [['reconcile', '--population', 'pop.csv'], '缺少选项 --roll'],
    [['reconcile', ...SHEETS, '--colour', 'x'], '不认识的选项：--colour'],
    [['reconcile', '--out'], '选项 --out'],
    [['reconcile', ...SHEETS, 'more'], '多出来的参数：more'],
    [['reconcile', ...SHEETS, '--today', '2026-02-30'], '2026-02-30 不是日期'],
    [['reconcile', ...SHEETS, '--memory-mb', '12'], '--memory-mb'],
    [['reconcile', ...SHEETS, '--out', 'r.csv'], '--out r.csv'],
    [['reconcile', ...SHEETS, '--out', 'roll.csv'], '--out roll.csv'],
  ] as const) {
    const ended = await run(args)
    expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(words)
    expect(ended.stderr).toContain('--help')
  }
  expect(await run(['reconcile', ...SHEETS.slice(0, 5), '26'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('学年要写成四位年份'),
  })
}, 60_000)

test('[CLI-1] trouble with a sheet is one Chinese line and leaves no result and no copy', async () => {
  await writeFile(join(folder, 'empty.csv'), '')
  await writeFile(join(folder, 'other.csv'), '甲,乙\n1,2\n')
  await writeFile(join(folder, 'old.xls'), Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]))
  for (const [roll, words] of [
    ['empty.csv', 'empty.csv 是空文件'],
    ['other.csv', 'other.csv 认不出必需的列：姓名、身份证件号'],
    ['old.xls', 'old.xls 打不开'],
    ['nobody.csv', '找不到文件 nobody.csv'],
    ['pop.csv', '两张表是同一个文件'],
  ] as const) {
    const ended = await run(['reconcile', '--population', 'pop.csv', '--roll', roll, '--school-year', '2026'])
    expect(ended, roll).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr.trim().split('\n').at(-1)).toContain(words)
  }
  expect(await leftovers()).toEqual([])
  expect((await readdir(folder)).filter((name) => name.startsWith('baoxue'))).toEqual([])
}, 60_000)

test('[CLI-2] the result never lands on an input', async () => {
  await mkdir(join(folder, 'r'))
  await writeFile(join(folder, 'r', 'linked.csv'), ROLL)
  const ended = await run([
    'reconcile',
    '--population',
    'pop.csv',
    '--roll',
    'r/linked.csv',
    '--school-year',
    '2026',
    '--out',
    'r',
  ])
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('不能写到输入的表 linked.csv 上') })
  expect(await readFile(join(folder, 'r', 'linked.csv'), 'utf8')).toBe(ROLL)
})

test('[CLI-1] Ctrl-C stops the run: 130, a Chinese line, no result, no copy of the sheets', async () => {
  const lines = Array.from(
    { length: 400_000 },
    (_, at) => `500103${2010 + (at % 9)}0831${String(at).padStart(4, '0')},张${at},女,,街,1`,
  )
  await writeFile(join(folder, 'pop.csv'), `公民身份号码,姓名,性别,出生日期,街道(乡镇),联系电话\n${lines.join('\n')}\n`)
  const env = { ...process.env, TMPDIR: join(folder, 'tmp') }
  const child = spawn(process.execPath, [CLI, 'reconcile', ...SHEETS, '--out', 'r.xlsx'], { cwd: folder, env })
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  for await (const piece of child.stderr) {
    const isStart = !said.includes('学籍表：') && `${said}${piece}`.includes('学籍表：')
    said += piece
    if (isStart) child.kill('SIGINT')
  }
  expect(await ended).toBe(130)
  expect(said).toContain('比对已被取消')
  expect(await leftovers()).toEqual([])
  expect((await readdir(folder)).sort()).toEqual(['pop.csv', 'roll.csv', 'tmp'])
}, 60_000)

test('[CLI-2] a place that cannot be written to is told before the work', async () => {
  await writeFile(join(folder, 'file'), '')
  const ended = await reconcile('--out', 'file/result.xlsx')
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('不能写到 file/result.xlsx') })
  expect(await run(['reconcile', ...SHEETS], { TMPDIR: join(folder, 'nowhere') })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('不能写到'),
  })
})
