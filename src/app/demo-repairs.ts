import {
  decideRepair,
  dismissRepair,
  listChangeLists,
  listRepairs,
  makeChangeList,
} from '../domains/repairs/contract.ts'
import type { Visitor } from './demo-visitor.ts'

/** A morning's work: more stay to be decided by whoever tries the demo. */
const MOST = 50

/**
 * [DEMO-17] The first repairs of the demo district as its officer leaves them: a third went out in a list, one former name was
 * let stand, one name is the register's fault, the others wait. Does nothing where a list stands already.
 */
export async function workOnRepairs(officer: Visitor): Promise<void> {
  if ((await officer.call(listChangeLists)).total > 0) return
  const { rows } = await officer.call(listRepairs, { query: { work: 'to-decide', size: MOST } })
  const decided = rows.filter((row, place) => row.suggested !== null && row.hint !== 'former-name' && place % 3 === 0)
  for (const { repairId, suggested } of decided) {
    await officer.call(decideRepair, { params: { repairId }, body: { right: suggested } })
  }
  if (decided.length > 0) await officer.call(makeChangeList, { body: { mends: 'roll' } })
  const left = rows.filter((row) => !decided.includes(row))
  const former = left.find(({ hint }) => hint === 'former-name')
  if (former !== undefined) {
    await officer.call(dismissRepair, { params: { repairId: former.repairId }, body: { cause: 'former-name' } })
  }
  const police = left.find(({ field, hint }) => field === 'name' && hint === null)
  if (police !== undefined) {
    await officer.call(decideRepair, { params: { repairId: police.repairId }, body: { right: 'roll' } })
  }
}
