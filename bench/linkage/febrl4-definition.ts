import { birthday, code, latinName } from '../../src/engines/linkage/comparators.ts'
import type { LinkageDefinition } from '../../src/engines/linkage/definition.ts'
import type { Field, FieldKind } from '../../src/engines/linkage/field.ts'

export const FEBRL_COLUMNS = [
  'given_name',
  'surname',
  'street_number',
  'address_1',
  'suburb',
  'postcode',
  'state',
  'date_of_birth',
  'soc_sec_id',
] as const

const both = (kind: FieldKind, column: (typeof FEBRL_COLUMNS)[number]): Field => ({ kind, left: column, right: column })

/** The engine on foreign data: Australian names, invented; the same columns that Splink's own example of these files takes. */
export const febrlPeople: LinkageDefinition = {
  id: 'febrl4',
  version: '1',
  fields: {
    given: both('latin-name', 'given_name'),
    family: both('latin-name', 'surname'),
    born: both('day', 'date_of_birth'),
    ssid: both('code', 'soc_sec_id'),
    house: both('code', 'street_number'),
    street: both('latin-name', 'address_1'),
    suburb: both('latin-name', 'suburb'),
    zip: both('code', 'postcode'),
  },
  certain: ['ssid', 'given', 'family', 'born'],
  comparisons: [
    latinName('given'),
    latinName('family'),
    birthday('born'),
    code('ssid', 1e-6),
    code('house', 1e-2),
    latinName('street'),
    code('zip', 1e-3),
  ],
  blocks: [
    { id: 'names', parts: ['given_sound', 'family_sound'] },
    { id: 'changed-over', parts: [{ any: ['given', 'family'] }, 'born'] },
    { id: 'born', parts: ['born'] },
    { id: 'ssid', parts: ['ssid'] },
    { id: 'street', parts: ['street'] },
    { id: 'zip', parts: ['zip', 'family_sound'] },
    { id: 'zip-given', parts: ['zip', 'given_sound'] },
  ],
  blockCap: 2000,
  crowds: { most: 40, keys: [] },
  shares: { match: 0.9, household: 0 },
  askAlways: [],
  yields: [],
  thresholds: { link: 0.5, review: 0.3 },
}
