import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Services } from '../../platform/services.ts'

const PERSON = 'person_outside.sealed'
const HOME = 'outside_home.sealed'

/** Who the child is, for a side that has no tie to it: no family, no telephone, no reason. */
export interface OutsidePerson {
  readonly name: string
  readonly citizenId: string | null
  readonly birth: PlainDate | null
  /** As it was named; schools outside the city stand in no list of ours. */
  readonly school: string
}

export function sealPerson(
  keys: Pick<Services['keys'], 'seal'>,
  { name, citizenId, birth, school }: OutsidePerson,
): Buffer {
  return keys.seal(JSON.stringify([name, citizenId, birth, school]), PERSON)
}

export function openPerson(keys: Pick<Services['keys'], 'open'>, sealed: Buffer): OutsidePerson {
  const [name, citizenId, birth, school] = JSON.parse(keys.open(sealed, PERSON)) as [
    string,
    string | null,
    PlainDate | null,
    string,
  ]
  return { name, citizenId, birth, school }
}

export function sealHome(keys: Pick<Services['keys'], 'seal'>, contact: string | null): Buffer | null {
  return contact === null ? null : keys.seal(contact, HOME)
}

export function openHome(keys: Pick<Services['keys'], 'open'>, sealed: Buffer | null): string | null {
  return sealed === null ? null : keys.open(sealed, HOME)
}
