import { describe, expect, test } from 'vitest'
import { parseCitizenId } from '../../kernel/citizen-id.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { bandOf, nominalGrade, schoolYear } from '../../kernel/school-year.ts'
import { dayText } from './calendar.ts'
import { generateCity } from './city.ts'
import type { Person } from './model.ts'

const YEAR = schoolYear(2026)
const TODAY = plainDate('2026-11-24')
const city = [...generateCity({ scale: 0.02 })]
const registered = city.filter((person) => person.isRegistered)
const obliged = registered.filter(
  ({ nominalGrade: grade, cancelReason }) => grade >= 1 && grade <= 9 && cancelReason === null,
)

function share(people: readonly Person[], isOne: (person: Person) => boolean): number {
  return people.filter(isOne).length / people.length
}

describe('[DEMO-1] people', () => {
  test('the same options give the same people, another seed others', () => {
    const facts = (seed: number) =>
      [...generateCity({ scale: 0.001, seed })].map(({ household, schooling, siblingIds, ...person }) =>
        JSON.stringify([person, siblingIds, household.home.address, household.father, schooling?.school.name]),
      )
    const once = facts(1)
    expect(facts(1)).toEqual(once)
    expect(facts(2)).not.toEqual(once)
  })

  test('are 3 to 18 years old on 31 August, and stand in the nominal grade of the kernel', () => {
    const days = city.map((person) => dayText(person.birthDay))
    expect(days.every((day) => day >= '2007-09-01' && day <= '2023-08-31')).toBe(true)
    for (const person of city.slice(0, 3000))
      expect(person.nominalGrade).toBe(nominalGrade(YEAR, dayText(person.birthDay)))
    const band = bandOf(YEAR)
    for (const person of obliged) {
      expect(dayText(person.birthDay) >= band.from && dayText(person.birthDay) <= band.until).toBe(true)
    }
  })

  test('another school year moves the ages with it', () => {
    const days = [...generateCity({ scale: 0.001, schoolYear: schoolYear(2020) })].map((person) =>
      dayText(person.birthDay),
    )
    expect(days.every((day) => day >= '2001-09-01' && day <= '2017-08-31')).toBe(true)
  })

  test('the city has the size it is asked for, and about as many pupils as registered children', () => {
    expect(registered.length).toBeGreaterThan(65_700)
    expect(registered.length).toBeLessThan(66_400)
    const pupils = city.filter((person) => person.schooling !== null).length
    expect(pupils / 0.02).toBeGreaterThan(3_050_000)
    expect(pupils / 0.02).toBeLessThan(3_230_000)
  })

  test('there are twins, siblings, left-behind, boarders, disabled and home-taught, names with a dot and rare characters, repeaters of fifteen', () => {
    const rates = {
      twin: share(city, (person) => person.isTwin),
      sibling: share(city, (person) => person.siblingIds.length > 1),
      leftBehind: share(city, (person) => person.household.isLeftBehind),
      boarder: share(city, (person) => person.schooling?.isBoarding ?? false),
      disabled: share(city, (person) => person.disability !== null),
      repeaterOfFifteen: share(registered, (person) => person.nominalGrade === 10 && person.schooling?.grade === 9),
    }
    expect(rates.twin).toBeGreaterThan(0.008)
    expect(rates.twin).toBeLessThan(0.03)
    expect(rates.sibling).toBeGreaterThan(0.4)
    expect(rates.leftBehind).toBeGreaterThan(0.08)
    expect(rates.boarder).toBeGreaterThan(0.1)
    expect(rates.disabled).toBeGreaterThan(0.006)
    expect(rates.repeaterOfFifteen).toBeGreaterThan(0.001)
    expect(city.some((person) => person.schooling?.isHomeTaught)).toBe(true)
    expect(city.some((person) => person.name.includes('·'))).toBe(true)
    expect(city.some((person) => /[\u{20000}-\u{2ffff}]/u.test(person.name))).toBe(true)
    expect(city.some((person) => /[䶮㑇]/u.test(person.name))).toBe(true)
  })
})

describe('[DEMO-3] citizen IDs', () => {
  test('hold every rule of GB 11643 and agree with birthday and sex', () => {
    const adults = city
      .flatMap(({ household }) => [household.head, household.father, household.mother])
      .filter((adult) => adult !== null)
    for (const { citizenId, birthDay, sex } of [
      ...city.filter((person) => person.citizenId !== ''),
      ...adults.slice(0, 20_000),
    ]) {
      const reading = parseCitizenId(citizenId, TODAY)
      if (!reading.ok) throw new Error(`an unsound ID was issued: ${reading.fault}`)
      expect([reading.birth, reading.sex]).toEqual([dayText(birthDay), sex])
    }
  })

  test('no two people share one', () => {
    const adults = new Set(city.flatMap(({ household }) => [household.father, household.mother, household.grandparent]))
    const ids = [...city, ...adults].flatMap((person) =>
      person === null || person.citizenId === '' ? [] : [person.citizenId],
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('begin with the place and day of first registration: abolished codes and other provinces occur', () => {
    const codes = registered.map((person) => person.citizenId.slice(0, 6))
    expect(codes.some((code) => code === '500112')).toBe(true)
    expect(codes.some((code) => code === '500234')).toBe(true)
    expect(share(registered, (person) => !person.citizenId.startsWith('50'))).toBeGreaterThan(0.005)
    const young = registered.filter((person) => dayText(person.birthDay) >= '2018-01-01')
    expect(young.some((person) => person.citizenId.startsWith('500234'))).toBe(false)
  })
})

describe('[DEMO-5] at school outside the city', () => {
  test('five in a hundred by default, on no roll here', () => {
    const elsewhere = obliged.filter((person) => person.whereabouts === 'elsewhere')
    expect(elsewhere.length / obliged.length).toBeGreaterThan(0.046)
    expect(elsewhere.length / obliged.length).toBeLessThan(0.054)
    expect(elsewhere.every((person) => person.schooling === null)).toBe(true)
  })

  test('none when the share is 0, and the rest of the city stays as it was', () => {
    const without = [...generateCity({ scale: 0.02, elsewhereShare: 0 })]
    expect(without.filter((person) => person.whereabouts === 'elsewhere' && person.cancelReason === null)).toEqual([])
    const before = city.filter((person) => person.whereabouts === 'here').map((person) => person.personId)
    const after = new Set(without.filter((person) => person.whereabouts === 'here').map((person) => person.personId))
    expect(before.every((id) => after.has(id))).toBe(true)
    expect(without.map((person) => person.citizenId)).toEqual(city.map((person) => person.citizenId))
  })
})

describe('[DEMO-6] out of school', () => {
  const isOut = (person: Person) => ['never-enrolled', 'dropped-out'].includes(person.whereabouts)

  test('three in a thousand by default, most in junior years, on no roll as pupils', () => {
    const out = obliged.filter(isOut)
    expect(out.length / obliged.length).toBeGreaterThan(0.0023)
    expect(out.length / obliged.length).toBeLessThan(0.0037)
    expect(share(out, (person) => person.nominalGrade >= 7)).toBeGreaterThan(0.4)
    expect(out.every((person) => person.schooling === null && person.obligation === 'open')).toBe(true)
  })

  test('as many as asked', () => {
    const people = [...generateCity({ scale: 0.005, outOfSchoolShare: 0.05 })].filter(
      (person) =>
        person.isRegistered && person.cancelReason === null && person.nominalGrade >= 1 && person.nominalGrade <= 9,
    )
    expect(share(people, isOut)).toBeGreaterThan(0.042)
    expect(share(people, isOut)).toBeLessThan(0.058)
  })
})

test('[DEMO-7] about eight in a thousand registrations are cancelled, each with its reason; a third of the moved are still taught here', () => {
  const cancelled = registered.filter((person) => person.cancelReason !== null)
  expect(cancelled.length / registered.length).toBeGreaterThan(0.006)
  expect(cancelled.length / registered.length).toBeLessThan(0.01)
  expect(new Set(cancelled.map((person) => person.cancelReason))).toContain('迁出')
  expect(new Set(cancelled.map((person) => person.cancelReason))).toContain('死亡')
  const moved = cancelled.filter(
    (person) => person.cancelReason === '迁出' && person.nominalGrade >= 1 && person.nominalGrade <= 9,
  )
  expect(share(moved, (person) => person.schooling !== null)).toBeGreaterThan(0.2)
})
