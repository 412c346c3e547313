import { maskAddress, maskCitizenId, maskName, maskPhone, maskStudentNumber } from '../../kernel/mask.ts'
import type { Contact, Identity } from './record.ts'

/** [PERS-12] Numbers masked; the name stands in full, because whoever has a tie works with the child by name. */
export function maskedIdentity(identity: Identity): Identity {
  return {
    ...identity,
    citizenId: identity.citizenId === null ? null : maskCitizenId(identity.citizenId),
    otherId: identity.otherId === null ? null : maskCitizenId(identity.otherId),
    studentNo: identity.studentNo === null ? null : maskStudentNumber(identity.studentNo),
  }
}

/** [PERS-12] Guardians by first character, numbers masked, the address to its township. */
export function maskedContact(contact: Contact): Contact {
  return {
    phones: contact.phones.map(maskPhone),
    address: contact.address === null ? null : maskAddress(contact.address),
    householdNo: contact.householdNo === null ? null : maskCitizenId(contact.householdNo),
    guardians: contact.guardians.map(({ name, citizenId, phone, relation }) => ({
      name: name === null ? null : maskName(name),
      citizenId: citizenId === null ? null : maskCitizenId(citizenId),
      phone: phone === null ? null : maskPhone(phone),
      relation,
    })),
  }
}
