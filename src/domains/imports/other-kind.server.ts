import { fieldsOfHeadings } from '../../platform/sheets/index.ts'
import { FIELDS_OF } from './fields.ts'
import { IMPORT_KINDS, type ImportKind, shapeOf } from './kinds.ts'

export interface OtherKind {
  readonly kind: ImportKind
  /** The headings that tell it, in the order of the sheet. */
  readonly headings: readonly string[]
}

/** A village's sweep of the registered asks for much that one of the floating asks for too. */
const LEAST_AMONG_RESIDENTS = 3
const LEAST = 2
/** More would not be read. */
const TOLD = 6

/**
 * [IMP-22] The kind that the headings fit clearly better than the one the sheet was given as: several of them are fields
 * that only the other kind has, and more of them than there are fields that only the given kind has.
 */
export function otherKindOf(kind: ImportKind, headings: readonly string[]): OtherKind | null {
  const found = IMPORT_KINDS.filter((other) => other !== kind).map((other) => {
    const told = headingsOnlyIn(other, kind, headings)
    const least = shapeOf(kind) === 'place' && shapeOf(other) === 'place' ? LEAST_AMONG_RESIDENTS : LEAST
    const lead = told.length - headingsOnlyIn(kind, other, headings).length
    return { kind: other, headings: told.slice(0, TOLD), lead: told.length < least ? 0 : lead }
  })
  const [best] = found.sort((a, b) => b.lead - a.lead)
  return best === undefined || best.lead <= 0 ? null : { kind: best.kind, headings: best.headings }
}

/** 户籍 is asked for in every kind, under many names. */
const TELLS_NOTHING = 'registeredDivision'

/** One heading a field, of fields that the one kind has and the other has not; what the other reads as something else tells nothing. */
function headingsOnlyIn(kind: ImportKind, other: ImportKind, headings: readonly string[]): readonly string[] {
  const shared = new Set([TELLS_NOTHING, ...FIELDS_OF[other].map(({ id }) => id)])
  const elsewhere = fieldsOfHeadings(headings, FIELDS_OF[other])
  const told = new Map<string, string>()
  for (const [index, field] of fieldsOfHeadings(headings, FIELDS_OF[kind]).entries()) {
    if (field === undefined || shared.has(field) || elsewhere[index] !== undefined || told.has(field)) continue
    told.set(field, headings[index]!)
  }
  return [...told.values()]
}
