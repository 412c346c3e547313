import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { type ChildId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { violatedConstraint } from '../../platform/db/faults.ts'
import { drawPosting, type Entry, makeEvidence } from '../whereabouts/server.ts'
import { OPENING, seenFiles, testBooks } from './books.test.server.ts'

const books = await testBooks()
const { places } = books
const district = { registered: unitId(places.township) }

beforeEach(() => books.setToday('2026-11-20'))

describe('one posting, its files', () => {
  test('[CASE-5] unexplained entries open a file each, with owner and day; the others open none', async () => {
    const at = { registered: places.village }
    const children = await books.children(4, at)
    const posted = await books.post(
      children.map((childId, index) => ({
        childId,
        account: (['to-verify', 'suspected', 'here', 'over-age'] as const)[index] ?? 'here',
        registered: unitId(places.village),
        ...(index === 2 ? { school: unitId(places.school) } : {}),
      })),
    )
    expect(posted).toMatchObject({ posted: 4, opened: 3, closed: 0 })
    const officer = await books.staffOf('town-officer')
    const files = await books.files(...children)
    expect(
      files.map((file) => [file.stage, file.due_day, file.owner_unit_id, file.owner_id, file.is_stand_in]),
    ).toEqual([
      ['task', '2026-11-27', places.township, officer, false],
      ['case', '2026-11-23', places.township, officer, false],
      ['task', '2026-11-27', places.township, officer, false],
    ])
    expect(files[0]?.units).toEqual(
      [places.city, places.district, places.township, places.village].sort((a, b) => a - b),
    )
  })

  test('[CASE-5] one posting of many places asks for one owner a place', async () => {
    const here = await books.children(2, { registered: places.village })
    const there = await books.children(1, { registered: places.other })
    const pupil = await books.children(1, { registered: places.village, school: places.school })
    await books.post([
      ...here.map((childId) => ({ childId, registered: unitId(places.village) })),
      ...there.map((childId) => ({ childId, registered: unitId(places.other) })),
      ...pupil.map((childId) => ({ childId, registered: unitId(places.village), school: unitId(places.school) })),
    ])
    const files = await books.files(...here, ...there, ...pupil)
    expect(files.map((file) => [file.owner_unit_id, file.is_stand_in])).toEqual([
      [places.township, false],
      [places.township, false],
      // Only an administrator there.
      [places.other, true],
      [places.school, false],
    ])
    expect(files[3]?.owner_id).toBe(await books.staffOf('head'))
  })

  test('[CASE-5] the same posted again opens nothing and posts nothing', async () => {
    const childId = await books.child(district)
    await books.post([{ childId, registered: unitId(places.township) }])
    const again = await books.post([{ childId, registered: unitId(places.township) }])
    expect(again).toEqual({ postingId: null, posted: 0, opened: 0, closed: 0 })
    expect(await books.files(childId)).toHaveLength(1)
  })

  test('[CASE-6] a file is kept with its holder; found out of school, its task becomes a case with a new term', async () => {
    const childId = await books.child(district)
    await books.post([{ childId, registered: unitId(places.township) }])
    const [before] = await books.files(childId)
    books.setToday('2026-11-24')
    const onRoll = { registered: unitId(places.township), school: unitId(places.school) }
    await books.post([{ childId, from: plainDate('2026-11-10'), account: 'not-located', ...onRoll }])
    expect(await books.files(childId)).toMatchObject([
      { case_id: before?.case_id, stage: 'task', due_day: before?.due_day },
    ])
    await books.post([{ childId, from: plainDate('2026-11-24'), account: 'dropped-out', ...onRoll }])
    const raised = { case_id: before?.case_id, stage: 'case', due_day: '2026-11-27', owner_unit_id: places.township }
    expect(await books.files(childId)).toMatchObject([raised])
    await books.post([{ childId, from: plainDate('2026-11-24'), account: 'to-verify', ...onRoll }])
    expect(await books.files(childId)).toMatchObject([raised])
  })

  test('[CASE-7] explained, the file closes with the posting; unexplained again, another opens', async () => {
    const childId = await books.child(district)
    await books.post([{ childId, registered: unitId(places.township) }])
    const done = await books.post([
      { childId, from: plainDate('2026-11-15'), account: 'here', registered: unitId(places.township) },
    ])
    expect(done).toMatchObject({ posted: 1, opened: 0, closed: 1 })
    expect(await books.files(childId)).toMatchObject([
      { open: null, outcome: 'explained', closed_day: '2026-11-20', closed_by: done.postingId },
    ])
    await books.post([
      { childId, from: plainDate('2026-11-18'), account: 'suspected', registered: unitId(places.township) },
    ])
    expect(await books.files(childId)).toMatchObject([{ open: null }, { open: true, stage: 'case' }])
  })

  test('[CASE-7] a correction of past days leaves the open file alone', async () => {
    const childId = await books.child(district)
    await books.post([{ childId, registered: unitId(places.township) }])
    const past = { from: OPENING, until: plainDate('2026-11-05'), account: 'here' } as const
    await books.post([{ childId, ...past, registered: unitId(places.township) }])
    expect(await books.files(childId)).toMatchObject([{ open: true }])
  })

  test('[CASE-8] the holder sees the file and the child while it is open, and no longer', async () => {
    const childId = await books.child({ registered: places.other })
    const scope = await books.scopeOf('head', places.school)
    const elsewhere = { childId, registered: unitId(places.other), school: unitId(places.school) }
    await books.post([elsewhere])
    const [file] = await books.files(childId)
    expect(await seenFiles(books.db, scope)).toContain(file?.case_id)
    books.setToday('2026-11-23')
    await books.post([{ ...elsewhere, from: plainDate('2026-11-22'), account: 'elsewhere-in-city', school: null }])
    expect(await seenFiles(books.db, scope)).not.toContain(file?.case_id)
    const ties = await books.admin<{ valid: string }>(
      `select valid::text from tie where child_id = $1 and kind = 'answers'`,
      [childId],
    )
    expect(ties).toEqual([{ valid: '[2026-11-20,2026-11-23)' }])
    const [seen] = await books.admin<{ units: number[] }>('select units from child where child_id = $1', [childId])
    expect(seen?.units).not.toContain(places.school)
  })

  test('[CASE-5] 3,000 children in one posting', async () => {
    const children = await books.children(3000, district)
    const posted = await books.post(children.map((childId) => ({ childId, registered: unitId(places.township) })))
    expect(posted).toMatchObject({ posted: 3000, opened: 3000 })
  })
})

test('[CASE-3] nobody answers: the posting is refused and nothing of it stands', async () => {
  const childId = await books.child({ registered: places.other })
  const ended = `update post set until_day = '2026-11-02' where role_id = any ($1) returning post_id`
  const posts = await books.admin<{ post_id: number }>(ended, [['city-admin', 'district-admin']])
  const elsewhere: Partial<Entry> = { childId: childId, registered: unitId(places.other) }
  await expect(books.post([elsewhere])).rejects.toThrowError(
    expect.objectContaining({ code: 'CASE.NOBODY_ANSWERS', words: { unit: '渝中区' } }),
  )
  expect(await books.files(childId)).toEqual([])
  expect(await books.admin('select 1 from whereabouts_span where child_id = $1', [childId])).toEqual([])
  await books.admin('update post set until_day = null where post_id = any ($1)', [posts.map((row) => row.post_id)])
})

describe('the database keeps it', () => {
  test('[CASE-5] a file that is needed cannot be closed alone', async () => {
    const childId = await books.child(district)
    const { postingId } = await books.post([{ childId, registered: unitId(places.township) }])
    await expect(
      books.admin(
        `update case_file set open = null, closed_day = '2026-11-20', closed_by = $2, outcome = 'explained' where child_id = $1`,
        [childId, postingId],
      ),
    ).rejects.toThrowError(/whereabouts_span_case_id/)
  })

  test('[CASE-5] an unexplained child cannot be posted without a file, nor with another child’s', async () => {
    const [mine, other] = (await books.children(2, district)) as [ChildId, ChildId]
    await books.post([{ childId: other, registered: unitId(places.township) }])
    const [file] = await books.files(other)
    const insert = (caseId: number | null) =>
      books.system(async (tx) => {
        const evidence = await makeEvidence(tx, 'none')
        const posting = await drawPosting(tx, { source: 'run', sourceKey: 'attack', authorId: null })
        await sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, evidence_id, posted_by, case_id)
          values (${mine}, '[2026-11-01,)', 401, true, ${evidence}, ${posting}, ${caseId})`.execute(tx)
      })
    await expect(insert(null)).rejects.toThrowError('whereabouts_span_check')
    const fault = await insert(file?.case_id ?? 0).catch((error: unknown) => error)
    expect(violatedConstraint(fault)).toMatch(/^whereabouts_span_case_id/)
    expect(await books.files(mine)).toEqual([])
  })

  test('[CASE-5] a child has one open file, with a person and a day', async () => {
    const childId = await books.child(district)
    await books.post([{ childId, registered: unitId(places.township) }])
    const [file] = await books.files(childId)
    const second = `insert into case_file (child_id, stage, owner_unit_id, owner_id, due_day, opened_day, opened_by, units)
      select child_id, stage, owner_unit_id, $2, due_day, opened_day, opened_by, units from case_file where case_id = $1`
    await expect(books.admin(second, [file?.case_id, file?.owner_id])).rejects.toThrowError(/one_open_file/)
    await expect(
      books.admin('update case_file set owner_id = null where case_id = $1', [file?.case_id]),
    ).rejects.toThrowError(/check constraint/)
  })
})
