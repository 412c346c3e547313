import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { readContact, shownChildren } from '../persons/server.ts'
import { formWords } from './form-words.ts'
import { listTasksOf } from './list.store.server.ts'
import type { PrintRow } from './sheet-contract.ts'
import { listPlaceNames } from './store.ts'
import { taskFacts } from './task.server.ts'
import { checksWords } from './words.ts'

/**
 * [CHECK-9] The open tasks that lie with one unit, by village and household, as the door-to-door check walks. Names in full, the ID
 * number masked; telephone and address in full for who may read them of a child on its own list, else masked; nothing where the
 * unit has no duty. Nobody missing.
 */
export async function formRows(
  tx: Tx,
  { keys }: Pick<Services, 'keys'>,
  actor: Actor,
  { unitId, today }: { readonly unitId: number; readonly today: PlainDate },
): Promise<readonly PrintRow[]> {
  const tasks = (await listTasksOf(tx, unitId)).filter((task) => taskFacts(task, today).isVisited)
  const children = tasks.map(({ childId }) => childId)
  const shown = await shownChildren(tx, keys, children)
  const contacts = await readContact(tx, keys, children, actor.permissions.has('child.reveal') ? 'plain' : 'masked')
  const places = await listPlaceNames(
    tx,
    tasks.flatMap((task) => [task.livingId, task.registeredId, task.schoolId]),
  )
  const nameOf = (id: number | null) => (id === null ? '' : (places.get(id)?.name ?? ''))
  const rows = tasks.map((task): PrintRow => {
    const child = shown.get(task.childId)
    const contact = contacts.get(task.childId)
    const { why } = taskFacts(task, today)
    return {
      caseId: task.caseId,
      village: nameOf(task.livingId ?? task.registeredId),
      household: contact?.householdNo ?? '',
      name: child?.name ?? '',
      sex: child?.sex == null ? '' : formWords.sexes[child.sex],
      birth: child?.birth ?? '',
      citizenId: child?.citizenId ?? '',
      guardian: contact?.guardians.flatMap(({ name }) => name ?? []).join('、') ?? '',
      phone: phonesOf(contact),
      address: contact?.address ?? '',
      rollSchool: nameOf(task.schoolId),
      why: checksWords.why[why],
      due: task.dueDay,
    }
  })
  return rows.toSorted(byDoor)
}

/** Households without a number stand by their address. */
function byDoor(a: PrintRow, b: PrintRow): number {
  return (
    a.village.localeCompare(b.village, 'zh-CN') ||
    (a.household || a.address).localeCompare(b.household || b.address, 'zh-CN') ||
    a.name.localeCompare(b.name, 'zh-CN') ||
    a.caseId - b.caseId
  )
}

function phonesOf(
  contact:
    | { readonly phones: readonly string[]; readonly guardians: readonly { readonly phone: string | null }[] }
    | undefined,
): string {
  if (contact === undefined) return ''
  return [...new Set([...contact.phones, ...contact.guardians.flatMap(({ phone }) => phone ?? [])])].join('、')
}
