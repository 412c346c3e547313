import { citizenIdWithBirth, hanName, household, place } from '../../engines/linkage/comparators.ts'
import type { LinkageDefinition } from '../../engines/linkage/definition.ts'
import { LINKAGE_FIELDS, STATUS_GROUPS } from '../imports/index.ts'

const MEMBERS = ['member1', 'member2', 'member3']
const MEMBER_IDS = ['memberId1', 'memberId2', 'memberId3']
const PHONES = ['phone1', 'phone2']

const member = { any: MEMBERS }
const memberId = { any: MEMBER_IDS }
const phone = { any: PHONES }

/**
 * How a population extract and a school-roll export are linked. What is believed beforehand is what an officer would say; the
 * engine corrects all of it from the two sheets. Raise `version` with every change.
 */
export const registerToRoll: LinkageDefinition = {
  id: 'register-to-roll',
  version: '4',
  fields: LINKAGE_FIELDS,
  // An ID alone may be a brother's, or a typing error that hits another child.
  certain: ['id_n', 'name_fold'],
  comparisons: [
    citizenIdWithBirth({ id: 'id', birth: 'birth', sex: 'sex' }),
    hanName('name', 'former'),
    household({ names: MEMBERS, ids: MEMBER_IDS, phones: PHONES }),
    place('address'),
  ],
  blocks: [
    { id: 'id', parts: ['id_n'] },
    { id: 'code', parts: ['id_code'] },
    { id: 'name-birth', parts: ['name_fold', 'birth'] },
    { id: 'order-birth', parts: ['name_order', 'birth'] },
    { id: 'former-birth', parts: [{ any: ['former', 'name_fold'] }, 'birth'] },
    { id: 'given-birth', parts: ['name_given', 'birth', 'sex'] },
    { id: 'member-id-birth', parts: [memberId, 'birth'] },
    { id: 'phone-birth', parts: [phone, 'birth'] },
    { id: 'name-told', parts: ['name_sound', { any: ['birth_told', 'birth'] }] },
    { id: 'member-told', parts: [member, { any: ['birth_told', 'birth'] }, 'sex'] },
    { id: 'address-told', parts: ['address', { any: ['birth_told', 'birth'] }] },
    { id: 'member-id-name', parts: [memberId, 'name_sound'] },
    { id: 'phone-name', parts: [phone, 'name_sound'] },
    { id: 'member-name-name', parts: [member, 'name_sound'] },
    { id: 'address-name', parts: ['address', 'name_sound'] },
    { id: 'id-tail', parts: [{ of: 'id_code', take: 'tail10' }] },
    { id: 'id-head-name', parts: [{ of: 'id_code', take: 'head14' }, 'name_c1'] },
    { id: 'name-month', parts: ['name_fold', { of: 'birth', take: 'month' }] },
    { id: 'name-year-day', parts: ['name_fold', { of: 'birth', take: 'yearDay' }] },
    { id: 'name-day', parts: ['name_fold', { of: 'birth', take: 'monthDay' }] },
  ],
  blockCap: 1000,
  crowds: { most: 40, keys: [MEMBER_IDS, PHONES] },
  shares: { match: 0.7, household: 0.15 },
  household: { together: 'memberId1', apart: ['name_fold', 'name_given'], learns: ['identity', 'name'] },
  repeats: {
    blocks: [
      { id: 'id', parts: ['id_n'] },
      { id: 'sound-birth', parts: ['name_sound', { any: ['birth', 'birth_told'] }] },
      { id: 'member-id', parts: ['memberId1'] },
      { id: 'phone', parts: ['phone1'] },
      { id: 'members', parts: ['member1', 'member2'] },
      { id: 'member-birth', parts: ['member1', 'birth'] },
      { id: 'member-name', parts: ['member1', 'name_fold'] },
      { id: 'other-birth', parts: ['member2', 'birth'] },
      { id: 'other-name', parts: ['member2', 'name_fold'] },
    ],
    blockRows: 30,
    share: 0.003,
    threshold: 0.9,
    learns: ['identity', 'name'],
  },
  askAlways: [
    // One number under two names that have nothing in common, and nothing of the household beside it.
    {
      identity: ['same', 'sameClash', 'sameBroken'],
      name: ['apart', 'unknown'],
      household: ['unknown', 'apart'],
      place: ['village', 'town', 'unknown', 'apart'],
    },
    // A number that contradicts the birthday or sex of its own row, under another name: a brother's or sister's.
    { identity: ['sameClash'], name: ['surname', 'apart'] },
  ],
  yields: [{ identity: ['same', 'sameClash', 'sameBroken'], name: ['surname', 'givenOne', 'unknown', 'apart'] }],
  // An entry that has ended shows no schooling: the child may sit in class under a damaged entry.
  weakRank: STATUS_GROUPS.indexOf('left'),
  thresholds: { link: 0.9, review: 0.3 },
}
