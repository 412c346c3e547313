import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { recordRepairs } from '../domains/repairs/server.ts'
import { plainDate } from '../kernel/plain-date.ts'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { testHouse } from './testing/house.ts'
import {
  checkSheet,
  FIRST_DAY,
  gb18030,
  giveSheet,
  got,
  importSheet,
  PEOPLE,
  runBooks,
  soundPopulation,
  soundRoll,
  spoiltPopulation,
  spoiltRoll,
  undoBatch,
  villagesOf,
  zoneSheets,
} from './testing/morning.ts'
import { csv, memoryFolder, openedFolders, secretsOf, xlsx } from './testing/sheets.ts'
import { steal } from './testing/stolen.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const zone = await house.signIn('zone-officer')
const city = await house.signIn('city-admin')
const folder = await temporaryFolder()

const persons = Object.values(PEOPLE)
const HOUSEHOLD = '0119-翠竹-377'
const NOTE = '其姑阚峤岄说孩子随母去了酉阳，电话 13988776599'
/** All that only sealed values may hold: of each person name, ID number, telephone, guardian and street, then the student number. */
const secrets = [
  ...persons.flatMap((person) => [...secretsOf(person), `G${person.id}`]),
  HOUSEHOLD,
  '阚峤岄',
  '13988776599',
  NOTE.slice(7, 15),
]

/** A morning with everything that writes somewhere: faults, refusals, reasons, notes, a merge, an undo. */
beforeAll(async () => {
  const villages = await villagesOf(house)
  const [lodging, zoneRoll] = zoneSheets()
  const name = PEOPLE.atSchool.name
  await importSheet(zone, { kind: 'floating', content: csv(lodging), name: `${PEOPLE.far.name}.csv`, asOf: FIRST_DAY })
  await importSheet(zone, { kind: 'roll', content: csv(zoneRoll), name: '学籍.csv', asOf: FIRST_DAY })
  const spoilt = await giveSheet(officer, {
    kind: 'population',
    content: await xlsx(spoiltPopulation(villages), folder),
    name: `${name}等人的户籍.xlsx`,
    asOf: FIRST_DAY,
  })
  const { sheetId } = await checkSheet(officer, spoilt)
  await got(officer, 'GET', `/imports/${sheetId}/findings?severity=all`)
  const marked = await officer.ask('POST', `/imports/${sheetId}/marked`, { body: { reason: '发派出所更正' } })
  expect(marked.status).toBe(200)
  const [heads = [], ...rows] = soundPopulation(villages)
  const withHouseholds = [[...heads, '户号'], ...rows.map((row) => [...row, HOUSEHOLD])]
  await importSheet(officer, { kind: 'population', content: csv(withHouseholds), name: '户籍.csv', asOf: FIRST_DAY })
  const brokenOff = `${csv(soundRoll())}\r\n"${name},${PEOPLE.atSchool.id}`
  await checkSheet(
    officer,
    await giveSheet(officer, { kind: 'roll', content: brokenOff, name: '断.csv', asOf: FIRST_DAY }),
  )
  const broken = { name: `${name}.xlsx`, content: Buffer.from(`PK${name}${PEOPLE.atSchool.id}`) }
  expect((await officer.ask('POST', '/imports?kind=roll', { file: broken })).status).toBe(422)
  await importSheet(
    officer,
    { kind: 'roll', content: gb18030(spoiltRoll()), name: '学籍.csv', asOf: FIRST_DAY },
    'good-rows',
  )
  await runBooks(officer)
  await mendTwo()
  const find = async (text: string) => (await got(officer, 'POST', '/children/find', { text })).rows[0].childId
  const [absent, other] = [await find(PEOPLE.absent.id), await find(PEOPLE.inVillage.name)]
  const reason = `核对 ${PEOPLE.absent.id} ${PEOPLE.absent.phone}`
  for (const action of ['open', 'reveal']) {
    const refused = await officer.ask('POST', `/children/${absent}/${action}`, { body: { reason, fields: ['id'] } })
    expect([refused.status, refused.body.code]).toEqual([422, 'REQUEST.REASON_NUMBER'])
  }
  const plain = `核对 ${PEOPLE.absent.phone.slice(1)}`
  await got(officer, 'POST', `/children/${absent}/open`, { reason: plain })
  await got(officer, 'POST', `/children/${absent}/reveal`, { reason: plain, fields: ['id', 'phone', 'address'] })
  await got(officer, 'POST', `/children/${absent}/entries`, {
    account: 'not-located',
    from: '2026-11-18',
    evidence: 'visit',
    note: NOTE,
  })
  const { mergeId } = await got(officer, 'POST', `/children/${absent}/merge`, { intoChildId: other, reason: NOTE })
  await got(officer, 'POST', `/merges/${mergeId}/undo`, { reason: NOTE })
  await got(city, 'POST', '/book/close', { day: '2026-11-17' })
  await officer.ask('POST', '/session', { body: { login: name, password: PEOPLE.absent.id } })
  const { batchId } = await importSheet(officer, {
    kind: 'roll',
    content: csv(soundRoll({ isLeft: true })),
    name: '学籍.csv',
    asOf: '2026-11-18',
  })
  await runBooks(officer)
  await undoBatch(officer, batchId, '孩子还在校')
  const { name: outside, id, guardian, phone } = PEOPLE.inVillage
  const ledger = csv([
    ['姓名', '身份证号', '监护人', '联系电话', '就读省', '就读学校', '凭据日期'],
    [outside, id, guardian, phone, '贵州省', '遵义市第二小学', '2026-11-19'],
  ])
  const { sheetId: ledgerId } = (
    await officer.ask('POST', '/ledgers?kind=outside&asOf=2026-11-19', {
      file: { name: `${outside}.csv`, content: ledger },
    })
  ).body
  const { counts } = await got(officer, 'POST', `/ledgers/${ledgerId}/commit`, { mode: 'whole' })
  expect(counts).toMatchObject({ refused: 0, held: 0 })
}, 240_000)

/** A row of the roll and one of the register that differ in everything, as if a run had taken them for one person. */
async function mendTwo(): Promise<void> {
  const [pair] = await house.admin<{ roll: string; register: string }>(
    `select max(record_id) filter (where kind = 'roll') as roll, max(record_id) filter (where kind = 'population') as register
     from source_record join source_batch using (batch_id)`,
  )
  const pairs = [{ rollRecord: Number(pair!.roll), registerRecord: Number(pair!.register) }]
  const found = await house.services.db.asSystem('test.repairs', (tx) =>
    recordRepairs(tx, house.services.keys, { source: 'run', sourceKey: 'test', day: plainDate(FIRST_DAY) }, pairs),
  )
  expect(found).toBeGreaterThan(0)
  const { rows } = await got(officer, 'GET', '/repairs')
  for (const { repairId, field } of rows) {
    const typed = field === 'name' ? { right: 'other', value: '阚峤岄' } : { right: 'register' }
    await got(officer, 'POST', `/repairs/${repairId}/right`, { ...typed, page: HOUSEHOLD })
  }
  await got(officer, 'POST', '/repairs/lists', { mends: 'roll' })
}

describe('[APP-2] after such a morning a thief of the disk', () => {
  test('finds no name, number, telephone, address or guardian in any table, file, file name, log line or in memory', async () => {
    expect(await steal(house, secrets)).toEqual([])
  }, 60_000)

  test('finds no opened sheet anywhere', async () => {
    expect(await openedFolders(house.dataDir)).toEqual([])
  })

  test('would find what does stand in clear: the names of staff', async () => {
    const staff = '人nanchuan-officer'
    expect(await placesOf(staff)).toContain('table staff')
  })
})

describe('[APP-2] the search finds a plain value wherever it slips in', () => {
  /** Each plant has a secret of its own. */
  const own = (person: keyof typeof PEOPLE) => secretsOf(PEOPLE[person])
  const [jobName = ''] = own('atSchool')
  const [, outboxId = ''] = own('leaving')
  const [, , , sealedGuardian = ''] = own('small')
  const [, keyId = ''] = own('far')
  const [, , numberPhone = ''] = own('inVillage')
  const [fileName = ''] = own('unregistered')
  const [, contentId = ''] = own('unnamed')
  const [memoryName = ''] = own('mistyped')
  const [, , logPhone = ''] = own('stranger')

  test.each([
    [
      'in a job’s payload',
      `update boss.job set data = jsonb_build_object('of', $1::text) where id = (select id from boss.job limit 1)`,
      jobName,
      /^table boss\./,
    ],
    [
      'in an outbox payload',
      `insert into outbox (topic, key, payload) values ('x', 'x', jsonb_build_object('id', $1::text))`,
      outboxId,
      /^table outbox$/,
    ],
    [
      'in a column that should be sealed',
      `update case_note set sealed = convert_to($1, 'UTF8') where note_id = (select min(note_id) from case_note)`,
      sealedGuardian,
      /^table case_note$/,
    ],
    [
      'behind a hash without a key',
      `update source_batch set content_key = sha256(convert_to($1, 'UTF8')) where batch_id = (select min(batch_id) from source_batch)`,
      keyId,
      /^table source_batch$/,
    ],
    [
      'as a number',
      'update person_identity set name_key = $1::bigint where record_id = (select min(record_id) from person_identity)',
      numberPhone,
      /^table person_identity$/,
    ],
  ] as const)('%s', async (_, write, secret, place) => {
    await house.admin(write, [secret])
    const places = await placesOf(secret)
    expect(places).toHaveLength(1)
    expect(places[0]).toMatch(place)
  })

  test('in a file, in the name of one, in memory and in the log', async () => {
    await writeFile(join(house.dataDir, `${fileName}.csv`), 'x')
    await writeFile(join(house.dataDir, 'x.csv'), gb18030([[contentId]]))
    await mkdir(memoryFolder(house.dataDir), { recursive: true })
    await writeFile(join(memoryFolder(house.dataDir), 'opened'), Buffer.from(memoryName, 'utf16le'))
    house.log.info('x', { phones: [`+86${logPhone}`] })
    expect(await placesOf(fileName)).toEqual([`name ${fileName}.csv`])
    expect(await placesOf(contentId)).toEqual(['file x.csv'])
    expect(await placesOf(memoryName)).toEqual(['file opened'])
    expect(await placesOf(logPhone)).toEqual(['log'])
  })
})

async function placesOf(secret: string): Promise<readonly string[]> {
  return (await steal(house, [secret])).map(({ place }) => place)
}
