import { expect, test } from 'vitest'
import { firstLoad } from './first-load.ts'
import { testHouse } from './testing/house.ts'

const house = await testHouse()

test('[START-4] permissions that a new version brings reach an installation that exists', async () => {
  const roles = () => house.admin('select role_id, permissions from role order by role_id')
  const before = await roles()
  await house.admin("update role set permissions = '{unit.read}' where role_id = 'district-officer'")
  expect(await roles()).not.toEqual(before)
  expect(await firstLoad(house.services)).toBeUndefined()
  expect(await roles()).toEqual(before)
})
